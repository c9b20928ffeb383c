from datetime import datetime, timedelta
from typing import Any

import pytest

from exams.domain.standing import Standing, place_of, places_of, result_since
from exams.domain.steering import close_exam, release_results
from exams.enums import ReleaseRule
from exams.models import Exam
from members.models import User
from tests.factories.exams import (
    EVENING,
    MORNING,
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    candidate_of,
    opened_attempt,
    published_exam,
    sat_attempt,
)

pytestmark = pytest.mark.django_db

AFTER = EVENING + timedelta(hours=1)


@pytest.fixture
def exam(ana: User, cleo: User) -> Exam:
    return published_exam(ana, by=cleo)


def standing(exam: Exam, person: User, *, at: datetime) -> Standing:
    return place_of(candidate_of(exam, person), at=at).standing


def test_an_exam_goes_by_for_whoever_never_starts(exam: Exam, ana: User) -> None:
    seen = [standing(exam, ana, at=at) for at in (MORNING - timedelta(1), MORNING, NOON, EVENING, AFTER)]

    assert seen == [Standing.COMING, Standing.OPEN, Standing.OPEN, Standing.MISSED, Standing.MISSED]


def test_an_attempt_runs_until_its_time_is_up_whoever_has_closed_it(exam: Exam, ana: User) -> None:
    opened_attempt(exam, ana)

    seen = [standing(exam, ana, at=NOON + timedelta(minutes=minutes)) for minutes in (0, 29, 30, 40)]

    assert seen == [Standing.RUNNING, Standing.RUNNING, Standing.HANDED_IN, Standing.HANDED_IN]
    assert standing(exam, ana, at=AFTER) == Standing.RESULT


def test_an_attempt_left_is_offered(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=2)
    sat_attempt(exam, ana)

    place = place_of(candidate_of(exam, ana), at=NOON + timedelta(hours=1))

    assert (place.standing, place.attempts_left, place.running, len(place.ended)) == (Standing.OPEN, 1, None, 1)


def test_a_closed_exam_is_missed_at_once_by_whoever_did_not_come(exam: Exam, ana: User, cleo: User) -> None:
    close_exam(exam, by=cleo, at=NOON)

    assert standing(exam, ana, at=NOON) == Standing.MISSED


@pytest.mark.parametrize(
    ("rule", "since"),
    [
        (ReleaseRule.AT_ONCE, NOON + timedelta(minutes=10)),
        (ReleaseRule.AFTER_CLOSE, EVENING),
        (ReleaseRule.BY_HAND, AFTER),
    ],
)
def test_a_result_is_news_since_it_can_be_read(ana: User, cleo: User, rule: str, since: datetime) -> None:
    exam = published_exam(ana, by=cleo, release_rule=rule)
    sat_attempt(exam, ana)
    if rule == ReleaseRule.BY_HAND:
        release_results(exam, by=cleo, at=AFTER)

    place = place_of(candidate_of(exam, ana), at=AFTER)

    assert (place.standing, result_since(place)) == (Standing.RESULT, since)


def test_a_result_that_waits_for_a_marker_is_no_news(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    sat_attempt(exam, ana)

    assert result_since(place_of(candidate_of(exam, ana), at=AFTER)) is None


def test_my_places_are_the_settled_exams_i_am_in_newest_first(ana: User, dan: User, cleo: User) -> None:
    first, hidden = published_exam(ana, by=cleo), published_exam(ana, by=cleo)
    later = published_exam(ana, dan, by=cleo, opens_at=NOON)
    Exam.objects.filter(pk=hidden.pk).update(state="publishing")

    assert [place.exam for place in places_of(ana, at=NOON)] == [later, first]
    assert [place.exam for place in places_of(dan, at=NOON)] == [later]


def test_my_places_take_two_queries_however_many(ana: User, cleo: User, django_assert_num_queries: Any) -> None:
    for wanted in (1, 3):
        while Exam.objects.count() < wanted:
            opened_attempt(published_exam(ana, by=cleo, blueprint__plan=(("single", 1, 5),)), ana)
        with django_assert_num_queries(2):
            assert len(places_of(ana, at=NOON)) == wanted
