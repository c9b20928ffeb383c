"""What reaches a course or a session while it is being closed or settled. Every claim stands beside a control."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from courses.domain import attending, courses
from courses.domain.attending import mark, record_arrival, settle_session
from courses.domain.cohorts import follow_roster
from courses.domain.courses import close_course
from courses.domain.refusals import CourseNotEditable
from courses.enums import ArrivalWay, AttendanceState, Outcome
from courses.models import Attendance, Course, Session
from members.models import Division, User
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, SessionFactory
from tests.support.races import Turn, pausing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

SOON, EVENING = MORNING + timedelta(minutes=1), MORNING + timedelta(hours=9)


@pytest.fixture
def session(county: Division, ana: User) -> Session:
    course = CourseFactory(division=county)
    follow_roster(course, at=MORNING - timedelta(days=1))
    return SessionFactory(course=course)


def fresh(session: Session) -> Session:
    return Session.objects.select_related("course__kind", "course__division", "division").get(pk=session.pk)


def called_away(session: Session, person: User, by: User) -> Callable[[], Attendance]:
    return lambda: mark(fresh(session), person, state="excused", reason="duty", why="来电", by=by, at=EVENING)


# -- marking while the course is closed --------------------------------------------------------


def marked_while_closing(
    monkeypatch: pytest.MonkeyPatch, session: Session, ana: User, ben: User, *, waits: bool
) -> list[Turn]:
    """Somebody is marked absent after the closing has looked at them as present."""
    AttendanceFactory(session=session, person=ana)
    with pausing(monkeypatch, courses, "_write_outcomes") as pause:
        closing = Turn(lambda: close_course(Course.objects.get(), by=ben, at=EVENING)).start()
        pause.wait_until_reached()
        marking = Turn(called_away(session, ana, ben)).start()
        assert marking.is_waiting is waits
        pause.go_on()
        return [closing.finish(), marking.finish()]


def test_a_mark_waits_for_the_closing_and_is_then_refused(
    session: Session, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, marking = marked_while_closing(monkeypatch, session, ana, ben, waits=True)

    assert closing.error is None
    assert isinstance(marking.error, CourseNotEditable)
    assert Attendance.objects.get().state == AttendanceState.PRESENT


def test_control_without_holding_the_course_its_outcome_says_something_else_than_its_list(
    session: Session, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "hold_session", fresh)

    closing, marking = marked_while_closing(monkeypatch, session, ana, ben, waits=False)

    assert (closing.error, marking.error) == (None, None)
    assert Attendance.objects.get().state == AttendanceState.EXCUSED
    assert Course.objects.get().enrolments.get().outcome == Outcome.COMPLETED


# -- arriving while the session is settled, or marked --------------------------------------------


def arrive(session: Session, person: User) -> None:
    record_arrival(fresh(session), person, way=ArrivalWay.SCREEN, at=SOON)


def test_whoever_arrives_while_the_session_is_settled_is_there(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pausing(monkeypatch, attending, "_absences", after=True) as pause:
        settling = Turn(lambda: settle_session(session, at=EVENING)).start()
        pause.wait_until_reached()
        arrive(session, ana)
        pause.go_on()
        settling.finish()

    assert (settling.error, settling.result) == (None, True)
    assert Attendance.objects.get().state == AttendanceState.PRESENT
    assert fresh(session).expected == 1


def test_whoever_arrives_while_somebody_marks_them_has_one_row(
    session: Session, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pausing(monkeypatch, attending, "_is_expected") as pause:
        marking = Turn(called_away(session, ana, ben)).start()
        pause.wait_until_reached()
        arrive(session, ana)
        pause.go_on()
        marking.finish()

    row = Attendance.objects.get()
    assert marking.error is None
    assert (row.state, row.changes.get().from_state) == (AttendanceState.EXCUSED, AttendanceState.PRESENT)
