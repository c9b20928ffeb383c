"""What correcting a key, crediting everybody and dropping a question do to marks and scores."""

from datetime import timedelta
from decimal import Decimal

import pytest

from exams.domain.rulings import shares
from exams.enums import (
    MarkSource,
    MultipleRule,
    RepairKind,
)
from exams.models import Candidate, Exam, RepairOutcome
from members.models import User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.exams.domain.repairing.marks import ledger, scores
from tests.factories.exams import NOON, published_exam, sat_attempt
from tests.factories.repairs import (
    answered,
    asked_version,
    number_of,
    other_key,
    repaired,
)

pytestmark = pytest.mark.django_db


def test_a_corrected_key_gives_the_points_to_those_who_were_right(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    right = answered(exam, ana, {version.pk: other_key(version)})
    wrong = answered(exam, dan, {version.pk: version.key})

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    assert (scores(right), scores(wrong)) == ((10, 10, 10), (0, 0, 0))
    assert ledger(right, version) == [(1, MarkSource.AUTOMATIC, 0), (2, MarkSource.REPAIRED, 10)]
    assert ledger(wrong, version) == [(1, MarkSource.AUTOMATIC, 10), (2, MarkSource.REPAIRED, 0)]
    mark = right.marks.get(source=MarkSource.REPAIRED)
    assert (mark.actor, mark.reason) == (flo, "答案与文件不符")


def test_credit_goes_to_everybody_who_was_asked_even_without_an_answer(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    blank, right = answered(exam, ana, {}), answered(exam, dan, {version.pk: version.key})

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    assert (scores(blank), scores(right)) == ((10, 10, 10), (10, 10, 10))
    # Who loses and gains nothing gets no mark: the ledger holds what changed.
    assert ledger(right, version) == [(1, MarkSource.AUTOMATIC, 10)]


def test_a_dropped_question_raises_the_rest_to_the_total(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    seven, all_right = sat_attempt(exam, ana, right=7), sat_attempt(exam, dan)
    number = number_of(seven, version)
    earned = seven.marks.get(number=number).points
    rest = Decimal(70) - earned

    repaired(version, RepairKind.DROP_QUESTION, by=cleo, second=flo)

    expected = (rest * 100 / 90).quantize(Decimal("0.01"))
    assert scores(seven) == (expected, expected, expected)
    assert scores(all_right) == (100, 100, 100)


def test_whoever_was_asked_nothing_else_gets_everything(ana: User, dan: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, dan, by=cleo, blueprint__plan=((Kind.SINGLE, 1, 100),))
    version = asked_version(exam)
    attempts = [answered(exam, ana, {version.pk: version.key}), answered(exam, dan, {})]

    repaired(version, RepairKind.DROP_QUESTION, by=cleo, second=flo)

    assert [scores(attempt) for attempt in attempts] == [(100, 100, 100)] * 2


@pytest.mark.parametrize(
    ("earned", "worth", "dropped", "expected"),
    [
        ("60", "90", ["10"], ["6.67"]),
        ("0", "90", ["10"], ["0"]),
        ("90", "90", ["10"], ["10"]),
        ("1", "3", ["1", "1"], ["0.33", "0.34"]),
        ("0", "0", ["10"], ["10"]),
    ],
)
def test_shares_of_dropped_questions_add_up_to_the_rounded_share(
    earned: str, worth: str, dropped: list[str], expected: list[str]
) -> None:
    given = shares(Decimal(earned), Decimal(worth), [Decimal(points) for points in dropped])

    assert given == [Decimal(points) for points in expected]


@pytest.mark.parametrize(
    ("rule", "points"),
    [(MultipleRule.ALL_OR_NOTHING, "0"), (MultipleRule.FIXED_SHARE, "5"), (MultipleRule.PROPORTIONAL, "3.33")],
)
def test_a_corrected_multiple_choice_follows_the_rule_for_incomplete_answers(
    ana: User, cleo: User, flo: User, rule: str, points: str
) -> None:
    exam = published_exam(
        ana,
        by=cleo,
        blueprint__plan=((Kind.MULTIPLE, 1, 10),),
        blueprint__multiple_rule=rule,
        blueprint__multiple_share_percent=50,
    )
    version = asked_version(exam)
    names = [option["id"] for option in version.shown["options"]]
    attempt = answered(exam, ana, {version.pk: {"options": [names[3]]}})

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo, new_key={"options": names[1:]})

    assert scores(attempt)[0] == Decimal(points)


def test_a_fill_in_question_accepts_what_was_left_out(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.FILL, 1, 10),))
    version = asked_version(exam)
    attempt = answered(exam, ana, {version.pk: {"blanks": ["六十日", version.key["blanks"][1][0]]}})
    first, second = version.key["blanks"]
    key = {"blanks": [[*first, "60日", "六十日"], second], "any_order": False}

    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo, new_key=key)

    assert scores(attempt) == (10, 10, 10)
    question = version.question
    question.refresh_from_db()
    assert (repair.question_fate, question.current_version.number, question.current_version.key) == (
        "corrected",
        2,
        key,
    )


@pytest.mark.parametrize("counting", ["best", "last", "first", "mean"])
def test_what_counts_of_several_attempts_follows_the_exams_rule(
    ana: User, cleo: User, flo: User, counting: str
) -> None:
    exam = published_exam(
        ana, by=cleo, attempts_allowed=2, counting_attempt=counting, blueprint__plan=((Kind.SINGLE, 2, 50),),
        fresh_days=0,
    )  # fmt: skip
    versions = list(QuestionVersion.objects.filter(exposures__exam=exam).order_by("pk"))
    keys = {version.pk: version.key for version in versions}
    first = answered(exam, ana, {versions[0].pk: other_key(versions[0])})
    second = answered(exam, ana, keys, at=NOON + timedelta(hours=1))

    repaired(versions[0], RepairKind.CORRECT_KEY, by=cleo, second=flo)

    assert (scores(first)[0], scores(second)[0]) == (50, 50)
    assert Candidate.objects.get(exam=exam).score == 50
    outcomes = {outcome.attempt_id: outcome for outcome in RepairOutcome.objects.all()}
    before = {"best": 100, "last": 100, "first": 0, "mean": 50}[counting]
    assert {outcome.old_counted for outcome in outcomes.values()} == {Decimal(before)}
    assert {outcome.new_counted for outcome in outcomes.values()} == {Decimal(50)}
