"""Who is expected at a session, who came, and what is written down when it is over."""

from datetime import timedelta

import pytest

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.attending import expected_at, mark, record_arrival, settle_session
from courses.domain.cohorts import follow_roster
from courses.domain.exemptions import ask_exemption, decide_exemption
from courses.domain.progress import of_person
from courses.domain.refusals import AttendanceRefused, NotEnrolled, SessionClosedForArrivals
from courses.enums import AbsenceReason, ArrivalWay, AttendanceState, SessionState
from courses.models import Attendance, Course, Leave, Session
from members.enums import RequestState
from members.models import Division, User
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, SessionFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(county: Division, ana: User, dan: User) -> Course:
    course = CourseFactory(division=county)
    follow_roster(course, at=MORNING)
    return course


@pytest.fixture
def session(course: Course) -> Session:
    return SessionFactory(course=course)


def people_at(session: Session) -> set[User]:
    return {row.person for row in expected_at(session)}


def arrive(session: Session, person: User, *, minutes: int = 0) -> tuple[Attendance, bool]:
    return record_arrival(session, person, way=ArrivalWay.SCREEN, at=MORNING + timedelta(minutes=minutes))


def newcomer() -> User:
    team = TeamFactory(division=DivisionFactory(code="530999101209"))
    return PostingFactory(person=UserFactory(name="新来的"), team=team, starts_on=MORNING.date()).person


def test_the_roster_of_the_day_is_expected(session: Session, ana: User, dan: User) -> None:
    dan.postings.update(ends_on=MORNING.date() - timedelta(days=1))

    assert people_at(session) == {ana}


def test_a_session_for_a_township_expects_its_people_alone(
    session: Session, township: Division, ana: User, dan: User
) -> None:
    session.division = township

    assert people_at(session) == {ana}


def test_who_is_exempt_is_not_expected(
    session: Session, course: Course, ben: User, cleo: User, ana: User, dan: User
) -> None:
    exemption = ask_exemption(course, dan, reason="产假", by=ben, at=MORNING)
    decide_exemption(exemption, approve=True, by=cleo, at=MORNING)

    assert people_at(session) == {ana}


def test_the_repeat_expects_who_missed_the_first_and_who_came_later(
    session: Session, course: Course, ana: User, dan: User
) -> None:
    arrive(session, ana)
    settle_session(session, at=MORNING + timedelta(hours=3))
    late = newcomer()
    follow_roster(course, at=MORNING + timedelta(days=1))
    makeup = SessionFactory(course=course, repeat_of=session, starts_at=MORNING + timedelta(days=7))

    assert people_at(makeup) == {dan, late}


def test_newcomers_make_up_nothing_where_the_course_says_so(session: Session, course: Course, dan: User) -> None:
    course.catches_up = False
    course.save()
    newcomer()
    follow_roster(course, at=MORNING + timedelta(days=1))
    makeup = SessionFactory(course=course, repeat_of=session, starts_at=MORNING + timedelta(days=7))

    assert dan in people_at(makeup)
    assert len(people_at(makeup)) == 2


def test_arriving_twice_keeps_the_first_time(session: Session, ana: User) -> None:
    first, is_new = arrive(session, ana)

    again, is_new_again = arrive(session, ana, minutes=5)

    assert (is_new, is_new_again) == (True, False)
    assert again.arrived_at == first.arrived_at == MORNING


def test_arriving_after_the_limit_is_late(session: Session, ana: User) -> None:
    attendance, _is_new = arrive(session, ana, minutes=10)

    assert attendance.state == AttendanceState.LATE


@pytest.mark.parametrize("minutes", [-31, 120])
def test_nobody_arrives_before_or_after_the_session(session: Session, ana: User, minutes: int) -> None:
    with pytest.raises(SessionClosedForArrivals):
        arrive(session, ana, minutes=minutes)

    assert not session.attendances.exists()


def test_who_is_not_in_the_course_cannot_sign_in(session: Session) -> None:
    with pytest.raises(NotEnrolled):
        arrive(session, UserFactory())


def test_who_has_the_content_already_is_a_guest_at_its_repeat(session: Session, course: Course, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)
    makeup = SessionFactory(course=course, repeat_of=session)

    attendance, _is_new = arrive(makeup, ana)

    assert attendance.is_guest


def test_settling_writes_down_who_did_not_come_and_only_once(session: Session, ana: User, dan: User) -> None:
    arrive(session, ana)

    settled = [settle_session(session, at=MORNING + timedelta(hours=hours)) for hours in (1, 2, 3)]

    session.refresh_from_db()
    states = dict(session.attendances.values_list("person", "state"))
    assert settled == [False, True, False]
    assert states == {ana.pk: AttendanceState.PRESENT, dan.pk: AttendanceState.ABSENT}
    assert (session.state, session.expected) == (SessionState.HELD, 2)


def test_an_approved_leave_excuses(session: Session, dan: User, cleo: User) -> None:
    Leave.objects.create(
        session=session,
        person=dan,
        reason=AbsenceReason.ILLNESS,
        text="住院",
        state=RequestState.APPROVED,
        asked_by=dan,
        asked_at=MORNING,
        decided_by=cleo,
        decided_at=MORNING,
    )

    settle_session(session, at=MORNING + timedelta(hours=3))

    row = session.attendances.get(person=dan)
    assert (row.state, row.reason) == (AttendanceState.EXCUSED, AbsenceReason.ILLNESS)


def test_a_correction_keeps_what_was_before(session: Session, dan: User, ben: User) -> None:
    settle_session(session, at=MORNING + timedelta(hours=3))

    mark(
        session,
        dan,
        state="present",
        why="签到表第 3 页有签名",
        way=ArrivalWay.PAPER,
        by=ben,
        at=MORNING + timedelta(days=1),
    )

    row = session.attendances.get(person=dan)
    change = row.changes.get()
    assert (row.state, row.way, row.arrived_at) == (AttendanceState.PRESENT, ArrivalWay.PAPER, MORNING)
    assert (change.from_state, change.to_state, change.changed_by) == ("absent", "present", ben)


def test_marking_needs_a_host_a_reason_and_an_excuse(session: Session, ana: User, dan: User, ben: User) -> None:
    with pytest.raises(NotAllowed):
        mark(session, dan, state="present", why="在场", by=ana, at=MORNING)
    with pytest.raises(ReasonMissing):
        mark(session, dan, state="present", why=" ", by=ben, at=MORNING)
    with pytest.raises(AttendanceRefused):
        mark(session, dan, state="excused", reason="unexcused", why="来电", by=ben, at=MORNING)

    assert not session.attendances.exists()


def test_the_host_team_may_mark_but_nobody_marks_themselves(session: Session, ana: User, dan: User) -> None:
    posting = ana.posting(on=MORNING.date())
    assert posting is not None
    session.host_team = posting.team
    session.save()

    mark(session, dan, state="present", why="在场", by=ana, at=MORNING)
    with pytest.raises(NotAllowed):
        mark(session, ana, state="present", why="在场", by=ana, at=MORNING)

    assert [row.person for row in session.attendances.all()] == [dan]


def test_where_newcomers_make_up_nothing_a_session_of_their_own_place_is_theirs(
    course: Course, township: Division, other_township: Division
) -> None:
    """Given in one township before they came, and in theirs afterwards."""
    course.catches_up = False
    course.save()
    first = SessionFactory(course=course, division=other_township, starts_at=MORNING - timedelta(days=3))
    own = SessionFactory(course=course, repeat_of=first, division=township, starts_at=MORNING + timedelta(days=7))
    late = newcomer()
    follow_roster(course, at=MORNING)

    progress = of_person(course, late)

    assert late in people_at(own)
    assert progress is not None
    assert (progress.required, progress.came_after) == (1, False)


def test_what_was_called_off_was_not_given_before_somebody_came(course: Course) -> None:
    course.catches_up = False
    course.save()
    first = SessionFactory(
        course=course, starts_at=MORNING - timedelta(days=3), state=SessionState.CANCELLED, cancel_reason="防汛"
    )
    again = SessionFactory(course=course, repeat_of=first, starts_at=MORNING + timedelta(days=7))
    late = newcomer()
    follow_roster(course, at=MORNING)

    assert late in people_at(again)
