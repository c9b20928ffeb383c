from datetime import timedelta
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from exams.domain.closing import close_overdue
from exams.domain.refusals import ExamNotPublished, NotAllowed, NothingToRetake, NotReleasable
from exams.domain.steering import close_exam, plan_retake, release_results
from exams.enums import AttemptState, Audience, ExamState, HandIn
from exams.models import Exam
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import EVENING, NOON, ExamFactory, opened_attempt, publish, published_exam, sat_attempt
from tests.factories.members import PostingFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db

AFTER = EVENING + timedelta(hours=1)


@pytest.fixture
def exam(ana: User, dan: User, cleo: User) -> Exam:
    return published_exam(ana, dan, by=cleo)


def logged(action: str) -> list[tuple]:
    return list(ModelLogEntry.objects.filter(action=action).values_list("user", "timestamp"))


# -- closing --------------------------------------------------------------------------------


def test_closing_hands_in_whoever_still_sits_and_ends_the_exam(exam: Exam, ana: User, dan: User, cleo: User) -> None:
    done = sat_attempt(exam, dan)
    sitting = opened_attempt(exam, ana)

    closed = close_exam(exam, by=cleo, at=NOON + timedelta(minutes=12))

    sitting.refresh_from_db()
    done.refresh_from_db()
    assert closed is exam
    assert (exam.state, exam.closed_at) == (ExamState.CLOSED, NOON + timedelta(minutes=12))
    assert (sitting.state, sitting.hand_in, sitting.submitted_at, sitting.score) == (
        AttemptState.MARKED,
        HandIn.OFFICE,
        NOON + timedelta(minutes=12),
        0,
    )
    assert (done.hand_in, done.score) == (HandIn.MEMBER, 100)
    assert logged("exams.close") == [(cleo.pk, NOON + timedelta(minutes=12))]


def test_closing_again_changes_nothing(exam: Exam, ana: User, cleo: User) -> None:
    close_exam(exam, by=cleo, at=NOON)

    close_exam(exam, by=cleo, at=AFTER)

    assert exam.closed_at == NOON
    assert len(logged("exams.close")) == 1


def test_whose_time_was_up_before_the_office_closed_ended_by_time(exam: Exam, ana: User, cleo: User) -> None:
    attempt = opened_attempt(exam, ana)

    close_exam(exam, by=cleo, at=NOON + timedelta(hours=1))

    attempt.refresh_from_db()
    assert (attempt.hand_in, attempt.submitted_at) == (HandIn.TIME, NOON + timedelta(minutes=30))


def test_an_exam_in_preparation_cannot_be_closed(cleo: User) -> None:
    with pytest.raises(ExamNotPublished):
        close_exam(ExamFactory.create(), by=cleo, at=NOON)


# -- releasing ------------------------------------------------------------------------------


def test_results_are_released_once_and_the_first_moment_stays(exam: Exam, cleo: User) -> None:
    release_results(exam, by=cleo, at=EVENING)

    release_results(exam, by=cleo, at=AFTER)

    assert exam.released_at == EVENING
    assert logged("exams.release") == [(cleo.pk, EVENING)]


def test_keys_are_not_released_while_somebody_may_still_sit(exam: Exam, cleo: User) -> None:
    with pytest.raises(NotReleasable):
        release_results(exam, by=cleo, at=EVENING - timedelta(microseconds=1))
    close_exam(exam, by=cleo, at=NOON)
    release_results(exam, by=cleo, at=NOON)

    assert exam.released_at == NOON


def test_an_exam_in_preparation_has_nothing_to_release(cleo: User) -> None:
    with pytest.raises(NotReleasable):
        release_results(ExamFactory.create(), by=cleo, at=AFTER)


# -- retakes --------------------------------------------------------------------------------

WINDOW = {"title": "补考", "opens_at": AFTER, "closes_at": AFTER + timedelta(days=2)}


@pytest.fixture
def emma(ana: User) -> User:
    return PostingFactory(team=ana.postings.get().team, person=UserFactory(code="LX0003", username="emma")).person


@pytest.fixture
def over(ana: User, dan: User, emma: User, cleo: User) -> Exam:
    """Ana passed, Dan failed, Emma was absent."""
    exam = published_exam(ana, dan, emma, by=cleo, minutes=45, pass_percent=60, release_rule="by_hand")
    sat_attempt(exam, ana, right=6)
    sat_attempt(exam, dan, right=5)
    return exam


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ({}, ["LX0002", "LX0003"]),
        ({"absent": False}, ["LX0002"]),
        ({"failed": False}, ["LX0003"]),
    ],
)
def test_a_retake_is_for_those_who_failed_or_were_absent(
    over: Exam, cleo: User, who: dict[str, bool], codes: list[str]
) -> None:
    retake = plan_retake(over, by=cleo, at=AFTER, **WINDOW, **who)

    assert sorted(retake.audience_people.values_list("code", flat=True)) == codes
    assert (retake.state, retake.audience, retake.retake_of, retake.created_by) == (
        ExamState.DRAFT,
        Audience.CHOSEN,
        over,
        cleo,
    )
    assert (retake.title, retake.opens_at, retake.closes_at) == ("补考", WINDOW["opens_at"], WINDOW["closes_at"])
    assert (retake.blueprint, retake.minutes, retake.release_rule) == (over.blueprint, 45, "by_hand")
    assert ModelLogEntry.objects.get(action="exams.plan_retake").data == {
        "retake": str(retake.uuid),
        "people": len(codes),
    }


def test_a_retake_can_be_published_and_sat(over: Exam, dan: User, cleo: User) -> None:
    retake = publish(plan_retake(over, by=cleo, at=AFTER, **WINDOW), by=cleo, at=AFTER)

    attempt = sat_attempt(retake, dan, at=AFTER)

    assert attempt.score == 100
    assert retake.candidates.count() == 2


def test_whoever_ran_out_of_time_and_was_not_closed_yet_is_not_forgotten(ana: User, dan: User, cleo: User) -> None:
    exam = published_exam(ana, dan, by=cleo)
    sat_attempt(exam, dan)
    opened_attempt(exam, ana)

    retake = plan_retake(exam, by=cleo, at=AFTER, **WINDOW)

    assert list(retake.audience_people.all()) == [ana]
    assert close_overdue(at=AFTER) == 0


@pytest.mark.parametrize("at", [NOON, EVENING - timedelta(seconds=1)])
def test_there_is_no_retake_of_an_exam_that_runs(over: Exam, cleo: User, at: Any) -> None:
    with pytest.raises(NothingToRetake):
        plan_retake(over, by=cleo, at=at, **WINDOW)


def test_there_is_no_retake_for_nobody(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo)
    sat_attempt(exam, ana)

    for who in ({}, {"failed": False, "absent": False}):
        with pytest.raises(NothingToRetake):
            plan_retake(exam, by=cleo, at=AFTER, **WINDOW, **who)
    assert Exam.objects.count() == 1


# -- who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR, None])
def test_only_an_administrator_of_the_division_steers(
    over: Exam, county: Division, township: Division, role: Role | None
) -> None:
    stranger = give_role(UserFactory(), role or Role.ADMINISTRATOR, county if role else township)

    for verb in (
        lambda: close_exam(over, by=stranger, at=AFTER),
        lambda: release_results(over, by=stranger, at=AFTER),
        lambda: plan_retake(over, by=stranger, at=AFTER, **WINDOW),
    ):
        with pytest.raises(NotAllowed):
            verb()
    over.refresh_from_db()
    assert (over.state, over.released_at, Exam.objects.count()) == (ExamState.PUBLISHED, None, 1)
