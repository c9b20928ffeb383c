"""A course from its opening to its end; who is missing, and what is said of them."""

from datetime import timedelta

import pytest

from common.refusals import NotAllowed
from courses.domain.attending import mark, settle_session
from courses.domain.cohorts import explain, follow_roster
from courses.domain.courses import cancel_course, close_course, open_course
from courses.domain.exemptions import ask_exemption, decide_exemption
from courses.domain.kinds import set_up_kinds
from courses.domain.progress import gaps, progress_of
from courses.domain.refusals import (
    CourseIncomplete,
    CourseNotEditable,
    GapsUnexplained,
    SessionNotEditable,
    SessionsNotOver,
)
from courses.domain.sessions import change_session, plan_session
from courses.enums import AbsenceReason, CourseState, Outcome, SessionState
from courses.models import Course, CourseKind, Session
from members.models import Division, User
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, SessionFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory

pytestmark = pytest.mark.django_db
EVENING = MORNING + timedelta(hours=9)


@pytest.fixture
def course(county: Division, ana: User, dan: User) -> Course:
    course = CourseFactory(division=county)
    follow_roster(course, at=MORNING)
    return course


@pytest.fixture
def session(course: Course) -> Session:
    return SessionFactory(course=course)


def outcomes(course: Course) -> dict[int, str]:
    return dict(course.enrolments.values_list("person", "outcome"))


def test_opening_enrols_whom_the_rule_names(county: Division, ana: User, dan: User, ben: User) -> None:
    course = CourseFactory(division=county, state=CourseState.DRAFT)
    hours = timedelta(hours=2)
    plan_session(course, topic="惠农政策", starts_at=MORNING, ends_at=MORNING + hours, by=ben, at=MORNING)

    open_course(course, by=ben, at=MORNING)

    course.refresh_from_db()
    assert course.state == CourseState.OPEN
    assert set(course.enrolments.values_list("person", flat=True)) == {ana.pk, dan.pk}


def test_a_course_without_sessions_or_people_is_not_opened(county: Division, ben: User) -> None:
    course = CourseFactory(division=county, state=CourseState.DRAFT)

    with pytest.raises(CourseIncomplete) as refusal:
        open_course(course, by=ben, at=MORNING)

    assert len(refusal.value.members["problems"]) == 2


def test_only_the_divisions_office_opens_a_course(county: Division, township: Division, ana: User) -> None:
    course = CourseFactory(division=county, state=CourseState.DRAFT)

    with pytest.raises(NotAllowed):
        open_course(course, by=ana, at=MORNING)


def test_the_gap_list_names_who_is_missing_and_why(
    session: Session, course: Course, ana: User, dan: User, ben: User
) -> None:
    AttendanceFactory(session=session, person=ana)
    settle_session(session, at=EVENING)

    before = gaps(course, at=EVENING)
    mark(session, dan, state="excused", reason=AbsenceReason.ILLNESS, why="来电请假", by=ben, at=EVENING)
    after = gaps(course, at=EVENING)

    assert [(each.enrolment.person, each.missing[0].reason, each.is_explained) for each in before] == [
        (dan, None, False)
    ]
    assert [(each.missing[0].reason, each.is_explained) for each in after] == [(AbsenceReason.ILLNESS, True)]


def test_a_course_does_not_close_while_a_name_is_unexplained(
    session: Session, course: Course, ana: User, dan: User, ben: User
) -> None:
    AttendanceFactory(session=session, person=ana)

    with pytest.raises(GapsUnexplained) as refusal:
        close_course(course, by=ben, at=EVENING)
    settle_session(session, at=EVENING)
    explain(course.enrolments.get(person=dan), reason=AbsenceReason.UNREACHABLE, by=ben, at=EVENING)
    close_course(course, by=ben, at=EVENING)

    course.refresh_from_db()
    assert refusal.value.members["people"] == [dan.name]
    assert course.state == CourseState.CLOSED
    assert outcomes(course) == {ana.pk: Outcome.COMPLETED, dan.pk: Outcome.EXPLAINED}


def test_an_exemption_by_two_people_closes_the_gap(
    session: Session, course: Course, ana: User, dan: User, ben: User, cleo: User
) -> None:
    AttendanceFactory(session=session, person=ana)
    exemption = ask_exemption(course, dan, reason="长期借调", by=ben, at=MORNING)

    decide_exemption(exemption, approve=True, by=cleo, at=MORNING)
    close_course(course, by=ben, at=EVENING)

    assert outcomes(course) == {ana.pk: Outcome.COMPLETED, dan.pk: Outcome.EXEMPT}


def test_a_course_with_sessions_to_come_is_not_closed(session: Session, course: Course, ben: User) -> None:
    with pytest.raises(SessionsNotOver):
        close_course(course, by=ben, at=MORNING)


def test_whom_no_session_covers_is_a_gap(course: Course, township: Division, ana: User, dan: User) -> None:
    session = SessionFactory(course=course, division=township)
    AttendanceFactory(session=session, person=ana)

    missing = gaps(course, at=EVENING)

    assert [(each.enrolment.person, each.is_covered, each.is_explained) for each in missing] == [(dan, False, False)]


def test_a_make_up_fills_the_gap(session: Session, course: Course, ana: User, dan: User) -> None:
    AttendanceFactory(session=session, person=ana)
    settle_session(session, at=EVENING)
    makeup = SessionFactory(course=course, repeat_of=session, starts_at=MORNING + timedelta(days=7))

    planned = gaps(course, at=EVENING)
    AttendanceFactory(session=makeup, person=dan)
    filled = gaps(course, at=EVENING)

    assert [each.missing[0].next_session for each in planned] == [makeup]
    assert filled == []


def test_some_of_the_sessions_are_enough_where_the_course_says_so(course: Course, ana: User) -> None:
    course.sessions_needed = 1
    course.save()
    first, _second = SessionFactory(course=course), SessionFactory(course=course, starts_at=MORNING + timedelta(days=1))
    AttendanceFactory(session=first, person=ana)

    done = {each.enrolment.person: each.is_completed for each in progress_of(course, at=EVENING)}

    assert done[ana]


def test_who_came_after_everything_and_makes_up_nothing_is_no_gap(session: Session, course: Course) -> None:
    course.catches_up = False
    course.save()
    team = TeamFactory(division=DivisionFactory(code="530999101209"))
    late = PostingFactory(team=team, starts_on=MORNING.date()).person
    follow_roster(course, at=MORNING + timedelta(days=1))

    missing = {each.enrolment.person for each in gaps(course, at=MORNING + timedelta(days=1))}

    assert late not in missing
    assert len(missing) == 2


@pytest.mark.parametrize("people", [1, 3])
def test_progress_asks_the_database_as_often_for_one_as_for_many(
    county: Division, people: int, django_assert_num_queries: object
) -> None:
    course = CourseFactory(division=county)
    SessionFactory(course=course)
    for _each in range(people):
        PostingFactory(team=TeamFactory(division=DivisionFactory(code="530999101209")))
    follow_roster(course, at=MORNING)

    with django_assert_num_queries(4):  # type: ignore[operator]
        found = progress_of(course, at=EVENING)

    assert len(found) == people


def test_calling_off_calls_off_what_is_planned(session: Session, course: Course, ben: User) -> None:
    cancel_course(course, reason="防汛", by=ben, at=MORNING)

    session.refresh_from_db()
    course.refresh_from_db()
    assert (course.state, session.state, session.cancel_reason) == (
        CourseState.CANCELLED,
        SessionState.CANCELLED,
        "防汛",
    )


def test_the_usual_kinds_are_set_up_once(county: Division, ben: User) -> None:
    added = [set_up_kinds(county, by=ben, at=MORNING) for _each in range(2)]

    assert added == [6, 0]
    assert CourseKind.objects.filter(division=county, hosted_in_turn=True).count() == 1


def test_a_closed_course_takes_no_session_from_a_page_that_was_opened_before(
    session: Session, course: Course, ana: User, dan: User, ben: User
) -> None:
    for person in (ana, dan):
        AttendanceFactory(session=session, person=person)
    as_it_was = Course.objects.get(pk=course.pk)
    close_course(course, by=ben, at=EVENING)

    with pytest.raises(CourseNotEditable):
        plan_session(as_it_was, topic="晚了", starts_at=MORNING, ends_at=EVENING, by=ben, at=EVENING)

    assert course.sessions.count() == 1


def test_a_session_people_have_signed_in_to_is_neither_moved_nor_called_off_with_its_course(
    session: Session, course: Course, ana: User, ben: User
) -> None:
    AttendanceFactory(session=session, person=ana)

    with pytest.raises(SessionNotEditable):
        change_session(session, starts_at=MORNING - timedelta(days=7), by=ben, at=MORNING)
    with pytest.raises(SessionNotEditable):
        cancel_course(course, reason="防汛", by=ben, at=MORNING)

    session.refresh_from_db()
    assert (session.state, session.starts_at) == (SessionState.PLANNED, MORNING)


def test_a_course_that_held_fewer_sessions_than_it_asks_for_is_not_closed(
    session: Session, course: Course, ana: User, dan: User, ben: User
) -> None:
    for person in (ana, dan):
        AttendanceFactory(session=session, person=person)
    course.sessions_needed = 3
    course.save()

    with pytest.raises(CourseIncomplete):
        close_course(course, by=ben, at=EVENING)

    course.refresh_from_db()
    assert course.state == CourseState.OPEN
