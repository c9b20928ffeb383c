"""Who is told what about sessions, and that nobody is told twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from courses.domain.attending import settle_session
from courses.domain.courses import cancel_course
from courses.domain.reminding import remind_due, tell_placed
from courses.domain.sessions import cancel_session, change_session
from courses.enums import CourseState, SessionState
from courses.models import Course, Session
from members.models import Division, Message, User
from tests.conftest import NOON, Clock
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, EnrolmentFactory, SessionFactory
from tests.factories.members import PostingFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def course(county: Division, ana: User, dan: User) -> Course:
    course = CourseFactory.create(division=county, title="新任干部培训班", remind_hours=24)
    for person in (ana, dan):
        EnrolmentFactory.create(course=course, person=person)
    return course


def a_session(course: Course, *, days: int = 1, **facts: Any) -> Session:
    return SessionFactory.create(
        course=course, topic="防返贫监测", place="县委党校", starts_at=MORNING + days * DAY, **facts
    )


def told(person: User) -> list[str]:
    return list(Message.objects.of(person).order_by("pk").values_list("subject", flat=True))


class TestReminders:
    def test_everybody_expected_is_told_once_with_time_and_place(self, course: Course, ana: User, dan: User) -> None:
        session = a_session(course)

        counts = [remind_due(at=NOON), remind_due(at=NOON + timedelta(minutes=1))]

        assert (counts, told(dan)) == ([2, 0], ["参训提醒：防返贫监测"])
        message = Message.objects.of(ana).get()
        assert (message.subject, message.link) == ("参训提醒：防返贫监测", f"/courses/sessions/{session.uuid}/")
        assert message.text == "新任干部培训班\n2026年6月16日 09:00–11:00\n地点：县委党校"

    def test_they_are_in_the_language_of_the_house_whoever_reads(self, course: Course, ana: User) -> None:
        a_session(course)

        with override("en"):
            remind_due(at=NOON)

        assert told(ana) == ["参训提醒：防返贫监测"]

    def test_what_is_further_away_waits(self, course: Course, ana: User) -> None:
        a_session(course, days=2)

        assert (remind_due(at=NOON), remind_due(at=NOON + DAY)) == (0, 2)

    @pytest.mark.parametrize("facts", [{"state": SessionState.CANCELLED, "cancel_reason": "防汛"}, {"days": 0}])
    def test_what_is_off_or_has_begun_is_not_reminded_of(self, course: Course, facts: dict[str, Any]) -> None:
        a_session(course, **facts)

        assert remind_due(at=NOON) == 0

    @pytest.mark.parametrize("change", [{"remind_hours": 0}, {"state": CourseState.DRAFT}])
    def test_courses_may_do_without(self, course: Course, change: dict[str, Any]) -> None:
        a_session(course)
        Course.objects.update(**change)

        assert remind_due(at=NOON) == 0

    def test_who_comes_into_the_course_later_is_told_then(self, course: Course, cleo: User) -> None:
        a_session(course)
        remind_due(at=NOON)
        newcomer = PostingFactory.create(team__division=course.division).person
        EnrolmentFactory.create(course=course, person=newcomer, joined_on=NOON.date())

        assert (remind_due(at=NOON + timedelta(hours=1)), told(newcomer)) == (1, ["参训提醒：防返贫监测"])

    def test_a_timer_that_finds_everybody_told_only_reads(self, course: Course, django_assert_num_queries: Any) -> None:
        a_session(course)
        remind_due(at=NOON)

        # the sessions, their lecturers, who is expected, who was told
        with django_assert_num_queries(3):
            remind_due(at=NOON)


class TestMakeUps:
    @pytest.fixture
    def missed(self, course: Course, ana: User) -> Session:
        """Ana was there, Dan was not."""
        session = a_session(course, days=-7)
        AttendanceFactory.create(session=session, person=ana)
        settle_session(session, at=NOON)
        return session

    def test_who_lacks_it_is_told_once_where_they_are_placed(
        self, course: Course, missed: Session, ana: User, dan: User
    ) -> None:
        a_session(course, days=7, repeat_of=missed)

        counts = [tell_placed(at=NOON), tell_placed(at=NOON)]

        assert (counts, told(ana), told(dan)) == ([1, 0], [], ["已安排你参加补训：防返贫监测"])

    def test_of_several_make_ups_the_next_one_counts(self, course: Course, missed: Session, dan: User) -> None:
        for days in (14, 7):
            a_session(course, days=days, repeat_of=missed)

        tell_placed(at=NOON)

        assert Message.objects.of(dan).get().text.splitlines()[1] == "2026年6月22日 09:00–11:00"

    def test_before_the_first_was_held_nobody_is_placed(self, course: Course) -> None:
        first = a_session(course, days=3)
        a_session(course, days=7, repeat_of=first)

        assert tell_placed(at=NOON) == 0


class TestLooking:
    """A timer asks every minute; nearly always there is nothing to tell."""

    @pytest.mark.parametrize("more", [0, 2])
    def test_who_was_told_is_not_fetched_again(self, course: Course, more: int, django_assert_num_queries: Any) -> None:
        for _number in range(more):
            EnrolmentFactory.create(course=course, person=PostingFactory.create().person)
        missed = a_session(course, days=0, state=SessionState.HELD)
        a_session(course, repeat_of=missed)
        told = tell_placed(at=NOON) + remind_due(at=NOON)

        with django_assert_num_queries(6):
            again = tell_placed(at=NOON), remind_due(at=NOON)

        assert (told, again) == (2 * (2 + more), (0, 0))

    def test_a_newcomer_is_told_alone(self, course: Course, ana: User) -> None:
        a_session(course)
        remind_due(at=NOON)
        newcomer = PostingFactory.create().person
        EnrolmentFactory.create(course=course, person=newcomer)

        assert remind_due(at=NOON) == 1
        assert (len(told(newcomer)), len(told(ana))) == (1, 1)


class TestChanges:
    def test_who_is_expected_hears_of_another_time_or_place(self, course: Course, ana: User, cleo: User) -> None:
        session = a_session(course)

        change_session(session, place="二楼", by=cleo, at=NOON)
        change_session(session, topic="另一个题目", by=cleo, at=NOON + DAY / 24)

        assert told(ana) == ["时间或地点有变：防返贫监测"]

    def test_a_session_that_moved_is_reminded_of_anew(self, course: Course, ana: User, cleo: User) -> None:
        session = a_session(course)
        remind_due(at=NOON)
        change_session(session, starts_at=session.starts_at + DAY, ends_at=session.ends_at + DAY, by=cleo, at=NOON)

        remind_due(at=NOON + DAY)

        assert told(ana) == ["参训提醒：防返贫监测", "时间或地点有变：防返贫监测", "参训提醒：防返贫监测"]

    def test_calling_off_is_told_with_the_reason(self, course: Course, ana: User, cleo: User) -> None:
        cancel_session(a_session(course), reason="防汛", by=cleo, at=NOON)

        message = Message.objects.of(ana).get()
        assert (message.subject, message.text.splitlines()[-1]) == ("已取消：防返贫监测", "原因：防汛")

    def test_calling_a_course_off_is_one_message(self, course: Course, ana: User, cleo: User) -> None:
        for days in (1, 2, 3):
            a_session(course, days=days)

        cancel_course(course, reason="机构改革", by=cleo, at=NOON)

        assert told(ana) == ["已取消：新任干部培训班"]

    def test_nobody_hears_of_a_course_in_preparation(self, course: Course, cleo: User) -> None:
        Course.objects.update(state=CourseState.DRAFT)
        session = Session.objects.get(pk=a_session(course).pk)

        change_session(session, place="二楼", by=cleo, at=NOON)
        cancel_session(session, reason="防汛", by=cleo, at=NOON)

        assert Message.objects.count() == 0


def test_the_timer_settles_places_and_reminds(course: Course, clock: Clock, capsys: Any) -> None:
    Course.objects.update(audience_division=course.division)
    over = a_session(course, days=0)
    a_session(course, days=1, repeat_of=over)

    call_command("tend_courses")
    call_command("tend_courses")

    # both were absent: placed in tomorrow's make-up and reminded of it
    assert capsys.readouterr().out == "settled 1 sessions, sent 4 messages\n"
