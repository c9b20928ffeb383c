"""Scores of an exam as the office reads them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Avg, Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from common.chinese import mask_phone
from exams.domain.watching import TOWNSHIP_DIGITS
from exams.enums import AttemptState, Band, CountingAttempt, HandIn
from exams.models import Attempt, Candidate, Exam
from exams.rules import phone_scope, score_scope
from members.enums import PostingRole, StaffCategory
from members.models import Division, User

CHUNK = 2000


class _Person(NamedTuple):
    """What a row shows of a candidate: tuples, since 25,000 model instances would cost more than the file."""

    counted_id: int | None
    division_code: str
    role: str
    staff_category: str
    score: Decimal | None
    attempts_used: int
    name: str
    code: str
    phone: str | None
    team: str | None
    sending_unit: str | None
    village: str | None


_OF_PERSON = (
    *("counted_id", "division_code", "role", "staff_category", "score", "attempts_used"),
    *("person__name", "person__code", "person__phone"),
    *("team__name", "team__sending_unit__name", "team__division__name"),
)


class _Sitting(NamedTuple):
    """What a row shows of the attempt that counts; of somebody absent, nothing."""

    id: int | None = None
    state: str = ""
    opened_at: datetime | None = None
    submitted_at: datetime | None = None
    hand_in: str = ""
    page_leaves: int | None = None
    objective_score: Decimal | None = None
    subjective_score: Decimal | None = None

    @property
    def is_on_paper(self) -> bool:
        """Then nobody knows when it was begun."""
        return self.hand_in == HandIn.PAPER

    @property
    def minutes(self) -> int | None:
        """Begun minutes."""
        if self.opened_at is None or self.submitted_at is None or self.is_on_paper:
            return None
        return -(-int((self.submitted_at - self.opened_at).total_seconds()) // 60)


_ABSENT = _Sitting()


class _Words:
    """Labels in the reader's language, looked up once a file: a translation costs as much as a row."""

    def __init__(self) -> None:
        self.roles, self.categories = _labels(PostingRole), _labels(StaffCategory)
        self.bands, self.hand_ins = _labels(Band), _labels(HandIn)
        self.absent, self.sitting, self.waiting = _("absent"), _("still sitting"), _("waiting for a marker")

    def remark(self, sitting: _Sitting, score: Decimal | None) -> str:
        if sitting is _ABSENT:
            return self.absent
        if sitting.state == AttemptState.OPEN:
            return self.sitting
        if score is None:
            return self.waiting
        return self.hand_ins[HandIn.PAPER] if sitting.is_on_paper else ""


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {"": "", **{value: str(label) for value, label in choices.choices}}


class ScoreRow(NamedTuple):
    """One candidate of one exam, as exported. ``score`` and what hangs on it is None until marked."""

    name: str
    code: str
    phone: str
    sending_unit: str
    township: str
    township_code: str
    village: str
    team: str
    role: str
    staff_category: str
    exam: str
    sitting: int
    total: Decimal
    score: Decimal | None
    objective: Decimal | None
    subjective: Decimal | None
    passed: bool | None
    band: str
    minutes_used: int | None
    started_at: datetime | None
    handed_in_at: datetime | None
    hand_in: str
    page_leaves: int | None
    is_retake: bool
    absent: bool
    remark: str


class TownshipScores(NamedTuple):
    """The scores of one township. Rates are between 0 and 1; None where nobody was present or marked."""

    code: str
    name: str
    expected: int
    present: int
    marked: int
    passed: int
    excellent: int
    mean: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None

    @property
    def absent(self) -> int:
        return self.expected - self.present

    @property
    def participation(self) -> float | None:
        return self.present / self.expected if self.expected else None

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.marked if self.marked else None

    @property
    def excellent_rate(self) -> float | None:
        return self.excellent / self.marked if self.marked else None


def scored_candidates(exam: Exam, *, by: User) -> QuerySet[Candidate]:
    """The candidates whose scores ``by`` may see, each with the attempt that counts.

    ``counted_id`` is the attempt shown beside the score: the best, first or last one; for a mean, the last.
    """
    order = {
        CountingAttempt.BEST: (F("score").desc(nulls_last=True), "opened_at"),
        CountingAttempt.FIRST: ("opened_at",),
    }.get(CountingAttempt(exam.counting_attempt), ("-opened_at",))
    counted = Attempt.objects.filter(candidate=OuterRef("pk")).order_by(*order).values("pk")[:1]
    return (
        Candidate.objects.filter(exam=exam)
        .within_any(score_scope(by))
        .annotate(counted_id=Subquery(counted))
        .select_related("person", "team__sending_unit", "team__division")
        .order_by("division_code", "person__code")
    )


def score_rows(
    exam: Exam, *, by: User, at: datetime, candidates: QuerySet[Candidate] | None = None, with_phones: bool = False
) -> Iterator[ScoreRow]:
    """Rows of ``candidates`` (all of them by default) in their order, streamed: memory does not grow with them."""
    chosen = scored_candidates(exam, by=by) if candidates is None else candidates
    townships = dict(Division.objects.townships().values_list("code", "name"))
    # A role reaches as far as its division: an inspector of the county may administer one township of it.
    full_phones = tuple(phone_scope(by)) if with_phones else ()
    words = _Words()
    people = chosen.values_list(*_OF_PERSON).iterator(chunk_size=CHUNK)
    while chunk := [_Person(*values) for values in islice(people, CHUNK)]:
        sittings = _sittings(person.counted_id for person in chunk)
        for person in chunk:
            sitting = sittings[person.counted_id] if person.counted_id else _ABSENT
            is_full = person.division_code.startswith(full_phones)
            phone = (person.phone or "") if is_full else mask_phone(person.phone or "")
            yield _row(exam, person, sitting, townships, words, phone=phone)


def _sittings(ids: Iterable[int | None]) -> dict[int | None, _Sitting]:
    counted = Attempt.objects.filter(pk__in=[id_ for id_ in ids if id_])
    return {values[0]: _Sitting(*values) for values in counted.values_list(*_Sitting._fields)}


def _row(
    exam: Exam, person: _Person, sitting: _Sitting, townships: dict[str, str], words: _Words, *, phone: str
) -> ScoreRow:
    score = person.score
    code = person.division_code[:TOWNSHIP_DIGITS].ljust(12, "0")
    return ScoreRow(
        name=person.name,
        code=person.code,
        phone=phone,
        sending_unit=person.sending_unit or "",
        township=townships.get(code, code),
        township_code=code,
        village=person.village or "",
        team=person.team or "",
        role=words.roles[person.role],
        staff_category=words.categories[person.staff_category],
        exam=exam.title,
        sitting=person.attempts_used,
        total=exam.total_points,
        score=score,
        objective=sitting.objective_score,
        subjective=sitting.subjective_score,
        passed=None if score is None else score >= exam.pass_points,
        band="" if score is None else words.bands[exam.band(score)],
        minutes_used=sitting.minutes,
        started_at=None if sitting.is_on_paper else sitting.opened_at,
        handed_in_at=sitting.submitted_at,
        hand_in=words.hand_ins[sitting.hand_in],
        page_leaves=sitting.page_leaves,
        is_retake=exam.retake_of_id is not None,
        absent=sitting is _ABSENT,
        remark=words.remark(sitting, score),
    )


def township_table(exam: Exam, *, by: User, at: datetime) -> list[TownshipScores]:
    """Scores by township in the order of codes, never ranked. Three queries, however many people."""
    rows = (
        Candidate.objects.filter(exam=exam)
        .within_any(score_scope(by))
        .annotate(township=Substr("division_code", 1, TOWNSHIP_DIGITS))
        .values("township")
        .annotate(
            expected=Count("pk"),
            present=Count("pk", filter=Q(attempts_used__gt=0)),
            marked=Count("score"),
            passed=Count("pk", filter=Q(score__gte=exam.pass_points)),
            excellent=Count("pk", filter=Q(score__gte=exam.points_at(exam.excellent_percent))),
            mean=Avg("score"),
            highest=Max("score"),
            lowest=Min("score"),
        )
        .order_by("township")
    )
    table = [_township({**row}) for row in rows]
    names = dict(Division.objects.filter(code__in=[row.code for row in table]).values_list("code", "name"))
    return [row._replace(name=names.get(row.code, row.code)) for row in table]


def _township(row: dict[str, Any]) -> TownshipScores:
    code = row.pop("township").ljust(12, "0")
    mean = row.pop("mean")
    return TownshipScores(code=code, name="", mean=None if mean is None else _cents(Decimal(mean)), **row)


def total_of(table: Iterable[TownshipScores], name: str) -> TownshipScores:
    """The last row of such a table: everybody together."""
    rows = list(table)
    marked = sum(row.marked for row in rows)
    points = sum((row.mean * row.marked for row in rows if row.mean is not None), Decimal(0))
    return TownshipScores(
        code="",
        name=name,
        expected=sum(row.expected for row in rows),
        present=sum(row.present for row in rows),
        marked=marked,
        passed=sum(row.passed for row in rows),
        excellent=sum(row.excellent for row in rows),
        mean=_cents(points / marked) if marked else None,
        highest=max((row.highest for row in rows if row.highest is not None), default=None),
        lowest=min((row.lowest for row in rows if row.lowest is not None), default=None),
    )


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
