"""What the database itself refuses, whoever asks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from exams.enums import Band, ExamState
from exams.models import Attempt, Blueprint, BlueprintRow, Candidate, Exam, Paper, PendingAnswer, Response
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import (
    EVENING,
    MORNING,
    NOON,
    BlueprintFactory,
    ExamFactory,
    opened_attempt,
    published_exam,
    sat_attempt,
)
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db


def refused(change: Any) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": MORNING},
        {"pass_percent": 81, "good_percent": 80},
        {"good_percent": 91, "excellent_percent": 90},
        {"excellent_percent": 101},
        {"minutes": 0},
        {"attempts_allowed": 0},
    ],
)
def test_an_exam_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    exam = ExamFactory.create(blueprint__bank=False)

    assert refused(lambda: Exam.objects.filter(pk=exam.pk).update(**wrong))


@pytest.mark.parametrize("wrong", [{"count": 0}, {"points_each": Decimal(0)}, {"points_each": Decimal(-1)}])
def test_a_row_that_asks_nothing_is_refused(wrong: dict[str, Any]) -> None:
    BlueprintFactory.create(bank=False)

    assert refused(lambda: BlueprintRow.objects.update(**wrong))


def test_a_share_above_the_whole_is_refused() -> None:
    BlueprintFactory.create(bank=False)

    assert refused(lambda: Blueprint.objects.update(multiple_share_percent=101))


@pytest.fixture
def attempt(ana: User, cleo: User) -> Attempt:
    return opened_attempt(published_exam(ana, by=cleo, attempts_allowed=2), ana)


def test_nobody_is_a_candidate_twice_nor_has_two_open_attempts(attempt: Attempt) -> None:
    candidate, second = attempt.candidate, Paper.objects.get(number=2)

    assert refused(lambda: Candidate.objects.create(exam=candidate.exam, person=candidate.person, division_code="1"))
    assert refused(lambda: Attempt.objects.create(candidate=candidate, paper=second, opened_at=NOON, closes_at=EVENING))
    assert refused(
        lambda: Paper.objects.create(candidate=candidate, number=2, publication=second.publication, items=[])
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": NOON},
        {"state": "marked"},
        {"state": "submitted", "submitted_at": NOON},
        {"submitted_at": NOON},
        {"receipt": "YZ-X"},
    ],
)
def test_an_attempt_is_either_open_or_has_a_receipt(attempt: Attempt, wrong: dict[str, Any]) -> None:
    assert refused(lambda: Attempt.objects.filter(pk=attempt.pk).update(**wrong))


def test_a_question_has_one_answer_and_waits_once(attempt: Attempt) -> None:
    Response.objects.create(attempt=attempt, number=1, sequence=1, saved_at=NOON, answer={})
    PendingAnswer.objects.create(attempt=attempt, number=1)

    assert refused(
        lambda: Response.objects.bulk_create(
            [Response(attempt=attempt, number=1, sequence=2, saved_at=NOON, answer={})]
        )
    )
    assert refused(lambda: PendingAnswer.objects.create(attempt=attempt, number=1))


def test_what_was_sat_cannot_be_deleted_from_above(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo)
    sat_attempt(exam, ana)

    for thing in (ana, exam, exam.blueprint, exam.division):
        with pytest.raises(ProtectedError):
            thing.delete()


# -- small questions a row answers ----------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "band"),
    [("59.99", Band.FAIL), ("60", Band.PASS), ("79.99", Band.PASS), ("80", Band.GOOD), ("89.99", Band.GOOD),
     ("90", Band.EXCELLENT), ("100", Band.EXCELLENT), ("0", Band.FAIL)],
)  # fmt: skip
def test_a_score_is_named_by_the_limits_of_the_exam(score: str, band: Band) -> None:
    exam = Exam(total_points=Decimal(100))

    assert exam.band(Decimal(score)) == band


def test_limits_are_shares_of_the_points_there_are() -> None:
    exam = Exam(total_points=Decimal("30.5"))

    assert (exam.pass_points, exam.points_at(80), exam.points_at(90)) == (
        Decimal("18.30"),
        Decimal("24.40"),
        Decimal("27.45"),
    )


def test_an_exam_runs_from_its_opening_to_just_before_its_end() -> None:
    exam = Exam(state=ExamState.PUBLISHED, opens_at=MORNING, closes_at=EVENING)
    moments = (MORNING - timedelta(microseconds=1), MORNING, EVENING - timedelta(microseconds=1), EVENING)

    assert [(exam.is_running(at=at), exam.is_over(at=at)) for at in moments] == [
        (False, False),
        (True, False),
        (True, False),
        (False, True),
    ]
    exam.state = ExamState.CLOSED
    assert (exam.is_running(at=NOON), exam.is_over(at=NOON)) == (False, True)


def test_the_office_sees_exams_of_its_division_and_those_above_it(
    cleo: User, township: Division, other_township: Division
) -> None:
    of_county, of_township, of_other = (
        ExamFactory.create(division=division, blueprint__bank=False)
        for division in (cleo.role_assignments.get().division, township, other_township)
    )
    here = give_role(UserFactory(), Role.ADMINISTRATOR, township)
    member = give_role(UserFactory(), Role.MEMBER, township)

    seen = [set(Exam.objects.visible_to(person)) for person in (cleo, here, member)]

    assert seen == [{of_county, of_township, of_other}, {of_county, of_township}, set()]
