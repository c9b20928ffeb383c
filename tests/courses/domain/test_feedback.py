"""Feedback on a session: once, by whoever was there, and nobody can tell whose it is."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from courses.domain.feedback import FEWEST_SHOWN, Feedback, feedback_on, give_feedback
from courses.domain.refusals import FeedbackNotAsked, FeedbackRefused
from courses.enums import AttendanceState
from courses.models import Session, SessionFeedback
from members.models import User
from tests.factories.courses import AttendanceFactory, SessionFactory
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


def give(session: Session, person: User, mark: int = 4, **fields: Any) -> None:
    marks = {"content": mark, "lecturer": mark, "usefulness": mark}
    give_feedback(session, person, **{**marks, "at": session.ends_at, **fields})


def given_by(count: int, session: Session, *, text: str = "") -> None:
    for number in range(count):
        person = UserFactory()
        AttendanceFactory(session=session, person=person)
        give(session, person, 1 + number % 5, text=text)


def test_who_was_there_gives_it_once(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)

    give(session, ana)

    with pytest.raises(FeedbackNotAsked):
        give(session, ana)
    assert SessionFeedback.objects.count() == 1


def test_nothing_leads_back_to_who_gave_it(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)

    give(session, ana, text="讲得清楚")

    names = {field.name for field in SessionFeedback._meta.get_fields()}
    assert names == {"id", "session", "content", "lecturer", "usefulness", "text"}
    assert not ModelLogEntry.objects.filter(user=ana, action__startswith="courses.").exists()


@pytest.mark.parametrize("mark", [0, 6])
def test_marks_are_from_1_to_5(session: Session, ana: User, mark: int) -> None:
    AttendanceFactory(session=session, person=ana)

    with pytest.raises(FeedbackRefused):
        give(session, ana, mark)


def test_before_the_end_and_by_who_was_not_there_none_is_taken(session: Session, ana: User, dan: User) -> None:
    AttendanceFactory(session=session, person=ana)
    AttendanceFactory(session=session, person=dan, state=AttendanceState.ABSENT)

    with pytest.raises(FeedbackNotAsked):
        give(session, ana, at=session.starts_at)
    with pytest.raises(FeedbackNotAsked):
        give(session, dan)


def test_a_course_that_asks_for_none_gets_none(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)
    session.course.asks_feedback = False

    with pytest.raises(FeedbackNotAsked):
        give(session, ana)


def test_below_five_only_the_count_is_shown(session: Session) -> None:
    given_by(FEWEST_SHOWN - 1, session, text="太长")

    assert feedback_on([session]) == {session.pk: Feedback(4)}


def test_from_five_on_the_averages_are_shown(session: Session) -> None:
    given_by(FEWEST_SHOWN, session, text="很好")

    assert feedback_on([session]) == {session.pk: Feedback(5, 3, 3, 3, ("很好",) * 5)}


@pytest.mark.parametrize("count", [1, 3])
def test_two_questions_for_any_number_of_sessions(
    session: Session, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    sessions = [session, *(SessionFactory(course=session.course) for _number in range(count - 1))]
    given_by(FEWEST_SHOWN, session)

    with django_assert_num_queries(2):
        assert len(feedback_on(sessions)) == count
