"""Which sessions are somebody's, and what they do there."""

from datetime import date, timedelta
from typing import Any

import pytest

from courses.domain.agenda import appointments_of
from courses.domain.attending import expected_at, settle_session
from courses.enums import AttendanceState, CourseState, SessionState
from courses.models import Course, Exemption, Session
from members.enums import RequestState
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import (
    MORNING,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    LecturerFactory,
    SessionFactory,
)
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def course(county: Division) -> Course:
    return CourseFactory.create(division=county)


def agenda(person: User) -> list[tuple[str, list[str]]]:
    found = appointments_of(person, first=NOON - 60 * timedelta(days=1), last=NOON + 60 * timedelta(days=1))
    return [(each.session.topic, [str(part) for part in each.parts]) for each in found]


def a_session(course: Course, topic: str, *, after: timedelta = WEEK, **facts: Any) -> Session:
    return SessionFactory.create(course=course, topic=topic, starts_at=MORNING + after, **facts)


def test_enrolled_people_take_part_and_others_do_not(course: Course, ana: User, dan: User) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    a_session(course, "专题")

    assert (agenda(ana), agenda(dan)) == ([("专题", ["attends"])], [])


def test_sessions_stand_in_the_order_of_time_and_only_between_the_two(course: Course, ana: User) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    a_session(course, "后", after=2 * WEEK)
    a_session(course, "先", after=WEEK)
    a_session(course, "远", after=20 * WEEK)

    assert [topic for topic, _parts in agenda(ana)] == ["先", "后"]


def test_one_may_do_several_things_at_once(course: Course, ana: User) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    session = a_session(course, "专题", host_team=ana.postings.get().team)
    session.lecturers.add(LecturerFactory.create(division=course.division, person=ana))

    assert agenda(ana) == [("专题", ["attends", "hosts", "speaks"])]


def test_hosting_is_for_who_serves_in_the_team_on_that_day(course: Course, ana: User, dan: User) -> None:
    posting = ana.postings.get()
    a_session(course, "在队时", host_team=posting.team)
    a_session(course, "离队后", host_team=posting.team, after=3 * WEEK)
    posting.ends_on = (NOON + 2 * WEEK).date()
    posting.save()

    assert (agenda(ana), agenda(dan)) == ([("在队时", ["hosts"])], [])


def test_a_session_for_another_township_is_not_mine(
    course: Course, ana: User, township: Division, other_township: Division
) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    a_session(course, "青石", division=township)
    a_session(course, "柳河", division=other_township)

    assert agenda(ana) == [("青石", ["attends"])]


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.CANCELLED])
def test_courses_that_were_never_opened_are_nobodys(course: Course, ana: User, state: CourseState) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    a_session(course, "专题")
    Course.objects.update(state=state)

    assert agenda(ana) == []


def test_what_is_called_off_stays_to_be_seen(course: Course, ana: User) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    a_session(course, "专题", state=SessionState.CANCELLED, cancel_reason="防汛")

    assert agenda(ana) == [("专题", ["attends"])]


def test_who_left_the_course_keeps_what_was_before(course: Course, ana: User) -> None:
    EnrolmentFactory.create(course=course, person=ana, left_on=date(2026, 6, 25))
    a_session(course, "离开前")
    a_session(course, "离开后", after=2 * WEEK)

    assert agenda(ana) == [("离开前", ["attends"])]


def test_exempt_people_have_only_what_they_attended(course: Course, ana: User, cleo: User) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    attended = a_session(course, "来过", after=-WEEK, state=SessionState.HELD)
    AttendanceFactory.create(session=attended, person=ana)
    a_session(course, "还没有")
    Exemption.objects.create(
        course=course, person=ana, reason="病", state=RequestState.APPROVED,
        asked_by=ana, asked_at=NOON, decided_by=cleo, decided_at=NOON,
    )  # fmt: skip

    assert agenda(ana) == [("来过", ["attends"])]


class TestMakeUps:
    @pytest.fixture
    def first(self, course: Course, ana: User, dan: User) -> Session:
        for person in (ana, dan):
            EnrolmentFactory.create(course=course, person=person)
        return a_session(course, "首场", after=-WEEK)

    def test_only_who_missed_it_comes_again(self, course: Course, first: Session, ana: User, dan: User) -> None:
        AttendanceFactory.create(session=first, person=ana)
        settle_session(first, at=NOON)
        a_session(course, "补训", repeat_of=first)

        assert agenda(ana) == [("首场", ["attends"])]
        assert agenda(dan) == [("首场", ["attends"]), ("补训", ["attends"])]

    def test_while_the_first_is_still_to_come_the_make_up_is_nobodys(self, course: Course, ana: User) -> None:
        EnrolmentFactory.create(course=course, person=ana)
        first = a_session(course, "首场")
        a_session(course, "补训", after=2 * WEEK, repeat_of=first)

        assert agenda(ana) == [("首场", ["attends"])]

    def test_a_newcomer_comes_to_the_make_up(self, course: Course, first: Session, ana: User) -> None:
        settle_session(first, at=NOON)
        newcomer = UserFactory.create()
        EnrolmentFactory.create(course=course, person=newcomer, joined_on=NOON.date(), division_code="530999101201")
        a_session(course, "补训", repeat_of=first)

        assert agenda(newcomer) == [("补训", ["attends"])]

    def test_what_i_am_expected_at_is_in_my_calendar(self, course: Course, first: Session, ana: User) -> None:
        AttendanceFactory.create(session=first, person=ana, state=AttendanceState.ABSENT)
        again = a_session(course, "补训", repeat_of=first)

        expected = [row.person for row in expected_at(again)]

        assert ana in expected
        assert ("补训", ["attends"]) in agenda(ana)


def test_a_full_year_asks_as_often_as_one_session(
    course: Course, ana: User, django_assert_max_num_queries: Any
) -> None:
    EnrolmentFactory.create(course=course, person=ana)
    first = a_session(course, "首场", after=-WEEK)
    for number in range(12):
        session = a_session(course, f"{number}", after=WEEK + timedelta(days=number), repeat_of=first)
        session.lecturers.add(LecturerFactory.create(division=course.division))

    with django_assert_max_num_queries(7):
        agenda(ana)
