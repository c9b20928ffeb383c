"""What a candidate sees of an attempt that has ended."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exams.domain.rulings import key_by, rulings_carried_out
from exams.domain.wording import points as points_in_words
from exams.enums import AttemptState, Band, MarkSource, ReleaseRule, RepairKind
from exams.models import Attempt, Exam, Item, KeyRepair
from exams.rules import may_see_result
from question_bank.domain.asking import AskedFigure
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion

RIGHT, PARTIAL, WRONG, UNANSWERED, WAITING = "right", "partial", "wrong", "unanswered", "waiting"


@dataclass
class ReviewRow:
    """One question of a released result: what was given, what was expected, why, and on what it rests."""

    number: int
    kind: str
    kind_label: str
    stem: str
    points: Decimal
    earned: Decimal | None
    verdict: str
    flagged: bool
    given: list[str]
    expected: list[str]
    explanation: str
    basis: str
    document_number: str
    topic: str
    version_id: int
    entry_id: int | None
    repair: str = ""
    figures: Sequence[AskedFigure] = ()


class _Version(NamedTuple):
    """What a review needs of a question's version; whole models of fifty of them cost more than all the rest."""

    pk: int
    kind: str
    shown: dict[str, Any]
    key: dict[str, Any]
    explanation: str
    basis: str
    document_number: str
    topic__title: str
    question__entry: int | None


class _Response(NamedTuple):
    number: int
    answer: dict[str, Any]
    flagged: bool


class _Mark(NamedTuple):
    number: int
    points: Decimal
    source: str


@dataclass
class ScoreChange:
    """A repaired key that changed the score of this attempt; told until it was seen."""

    on: datetime
    number: int
    reason: str
    before: Decimal | None
    after: Decimal | None
    seen: bool


@dataclass
class Result:
    """An ended attempt. Until ``released`` nothing in it tells how any question was answered."""

    receipt: str
    minutes_used: int
    page_leaves: int
    total: Decimal
    released: bool = False
    released_when: str = ""
    waiting_for_marker: bool = False
    score: Decimal | None = None
    band: Band | None = None
    passed: bool | None = None
    right_count: int = 0
    rows: list[ReviewRow] = field(default_factory=list)
    changes: list[ScoreChange] = field(default_factory=list)

    @property
    def pass_margin(self) -> Decimal | None:
        return self._margin if self.score is not None else None

    _margin: Decimal | None = None


def result_of(attempt: Attempt, *, at: datetime) -> Result:
    """The result of an ended attempt as its own candidate may see it at ``at``. Seven queries at most."""
    exam = attempt.exam
    used = attempt.time_used()
    result = Result(
        receipt=attempt.receipt or "",
        minutes_used=-(-int(used.total_seconds()) // 60) if used else 0,
        page_leaves=attempt.page_leaves,
        total=exam.total_points,
    )
    if not may_see_result(attempt, at=at):
        result.released_when = released_when(exam)
        return result
    result.released = True
    result.waiting_for_marker = attempt.state == AttemptState.SUBMITTED
    if attempt.score is not None:
        result.score, result.band = attempt.score, exam.band(attempt.score)
        result.passed = attempt.score >= exam.pass_points
        result._margin = attempt.score - exam.pass_points
    result.rows = review(attempt)
    result.right_count = sum(row.verdict == RIGHT for row in result.rows)
    if any(row.repair for row in result.rows):
        result.changes = _changes(attempt)
    return result


def _changes(attempt: Attempt) -> list[ScoreChange]:
    outcomes = attempt.repair_outcomes.select_related("repair").order_by("repair__done_at")
    return [
        ScoreChange(
            outcome.repair.done_at or outcome.repair.proposed_at,
            outcome.number,
            outcome.repair.reason,
            outcome.old_score,
            outcome.new_score,
            outcome.seen_at is not None,
        )
        for outcome in outcomes
    ]


def released_when(exam: Exam) -> str:
    """When results come out, said to a member."""
    if exam.release_rule == ReleaseRule.AFTER_CLOSE:
        moment = date_format(timezone.localtime(exam.closes_at), "DATETIME_FORMAT")
        return _("Results are shown when the exam has closed, on %(moment)s.") % {"moment": moment}
    return _("Results are shown when the office releases them.")


def review(attempt: Attempt) -> list[ReviewRow]:
    """Every question of an attempt with key, marks and explanation. The caller has asked whether it may be seen."""
    items = attempt.paper.rows()
    asked = QuestionVersion.objects.filter(pk__in=[item.version_id for item in items])
    versions = {row[0]: _Version(*row) for row in asked.values_list(*_Version._fields)}
    responses = {row[0]: _Response(*row) for row in attempt.responses.values_list(*_Response._fields)}
    marks: dict[int, list[_Mark]] = defaultdict(list)
    for row in attempt.marks.order_by("revision").values_list(*_Mark._fields):
        marks[row[0]].append(_Mark(*row))
    repairs = rulings_carried_out(attempt.exam)
    kinds = {kind.value: str(kind.label) for kind in Kind}
    rows = []
    for item in items:
        response, repair = responses.get(item.number), repairs.get(item.version_id)
        row = _review_row(item, versions[item.version_id], response, marks[item.number], repair)
        row.kind_label = kinds[row.kind]
        rows.append(row)
    return rows


def _review_row(
    item: Item,
    version: _Version,
    response: _Response | None,
    marks: Sequence[_Mark],
    repair: KeyRepair | None,
) -> ReviewRow:
    answer = response.answer if response else {}
    earned = marks[-1].points if marks else None
    return ReviewRow(
        number=item.number,
        kind=version.kind,
        kind_label="",
        stem=version.shown["stem"],
        points=item.points,
        earned=earned,
        verdict=_verdict(answer, earned, item.points),
        flagged=bool(response and response.flagged),
        given=_given(version, answer, item.order),
        expected=_expected(version, key_by(repair, version.key), item.order),
        explanation=version.explanation,
        basis=version.basis,
        document_number=version.document_number,
        topic=version.topic__title,
        version_id=version.pk,
        entry_id=version.question__entry,
        repair=_repair_in_words(repair, marks) if repair else "",
        figures=[AskedFigure(**row) for row in version.shown.get("figures", ())],
    )


def _repair_in_words(repair: KeyRepair, marks: Sequence[_Mark]) -> str:
    """What was done about the question, when, and what it changed here."""
    said = {
        RepairKind.CORRECT_KEY: _("The key of this question was corrected on %(day)s."),
        RepairKind.CREDIT_EVERYBODY: _("Everybody was given the points of this question on %(day)s."),
        RepairKind.DROP_QUESTION: _(
            "This question does not count since %(day)s: it earns the share that was earned on the others, so that "
            "the score is raised to the exam's total."
        ),
    }[RepairKind(repair.kind)]
    text = said % {"day": date_format(timezone.localtime(repair.done_at), "DATE_FORMAT")}
    pairs = [(before.points, after.points) for before, after in pairwise(marks) if after.source == MarkSource.REPAIRED]
    if not pairs:
        return text
    change = _("Points: %(before)s → %(after)s.") % {
        "before": points_in_words(pairs[0][0]),
        "after": points_in_words(pairs[-1][1]),
    }
    return f"{text}\n{change}"


def _verdict(answer: Mapping[str, Any], earned: Decimal | None, points: Decimal) -> str:
    if earned is None:
        return WAITING
    if earned >= points:
        return RIGHT
    if not answer:
        return UNANSWERED
    return PARTIAL if earned > 0 else WRONG


def _named_options(version: _Version, picked: Sequence[str], order: Sequence[int]) -> list[str]:
    """``["A 身份证号码", ...]`` with the letters this candidate saw; true and false carry no letter."""
    shown = [version.shown["options"][place] for place in order]
    if version.kind == Kind.TRUE_FALSE:
        return [option["text"] for option in shown if option["id"] in picked]
    return [f"{chr(65 + place)} {option['text']}" for place, option in enumerate(shown) if option["id"] in picked]


def _given(version: _Version, answer: Mapping[str, Any], order: Sequence[int]) -> list[str]:
    if not answer:
        return []
    if version.kind in CHOICE_KINDS:
        return _named_options(version, answer["options"], order)
    return list(answer["blanks"]) if version.kind == Kind.FILL else [answer["text"]]


def _expected(version: _Version, key: Mapping[str, Any], order: Sequence[int]) -> list[str]:
    if version.kind in CHOICE_KINDS:
        return _named_options(version, key["options"], order)
    if version.kind == Kind.FILL:
        return [" / ".join(accepted) for accepted in key["blanks"]]
    return [key["guide"]]
