"""Signing in twice, and signing in while the session is settled. Every claim stands beside a control."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from courses.domain import attending
from courses.domain.attending import settle_session
from courses.domain.codes import code_of
from courses.domain.cohorts import follow_roster
from courses.domain.feedback import give_feedback
from courses.domain.leaves import ask_leave, decide_leave
from courses.domain.signing_in import sign_in
from courses.enums import ArrivalWay, AttendanceState
from courses.models import Attendance, Session, SessionFeedback
from members.models import Division, User
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, SessionFactory
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.postgres

SOON = MORNING + timedelta(minutes=1)


@pytest.fixture
def session(county: Division, ana: User) -> Session:
    course = CourseFactory(division=county)
    follow_roster(course, at=MORNING - timedelta(days=1))
    made: Session = SessionFactory(course=course)
    return made


def arrive(session: Session, person: User) -> tuple[Attendance, bool]:
    fresh = Session.objects.select_related("course__kind", "division", "repeat_of").get(pk=session.pk)
    code = code_of(fresh, at=SOON)
    return sign_in(fresh, person, code=code, way=ArrivalWay.SCREEN, seen_at=SOON, at=SOON)


# -- two sign-ins -----------------------------------------------------------------------------


def test_two_sign_ins_at_once_give_one_row(session: Session, ana: User) -> None:
    turns = at_once(*[lambda: arrive(session, ana)] * 4)

    attendance = Attendance.objects.get()
    assert [turn.error for turn in turns] == [None] * 4
    assert {turn.result[0].pk for turn in turns} == {attendance.pk}
    assert sorted(turn.result[1] for turn in turns) == [False, False, False, True]


def held_before_it_writes(monkeypatch: pytest.MonkeyPatch, session: Session, person: User) -> Turn:
    """A sign-in that has found no row, and another that is over before it writes its own.

    Held where the post is copied: only after looking at who is expected, before the row is looked for again.
    """
    with pausing(monkeypatch, attending, "_state_of") as pause:
        late = Turn(lambda: arrive(session, person)).start()
        pause.wait_until_reached()
        arrive(session, person)
        pause.go_on()
        return late.finish()


@needs_row_locks
def test_the_sign_in_that_comes_second_gets_the_row_of_the_first(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = held_before_it_writes(monkeypatch, session, ana)

    assert (late.error, late.result) == (None, (Attendance.objects.get(), False))


@contextmanager
def signed_in_any_number_of_times() -> Iterator[None]:
    """Without the database's own guard."""
    (guard,) = (each for each in Attendance._meta.constraints if each.name == "courses_signed_in_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Attendance, guard)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Attendance, guard)


@needs_row_locks
def test_control_without_the_constraint_two_sign_ins_give_two_rows(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_new(**values: object) -> tuple[Attendance, bool]:
        defaults = values.pop("defaults")
        return Attendance.objects.create(**values, **defaults), True  # type: ignore[dict-item]

    with signed_in_any_number_of_times():
        monkeypatch.setattr(Attendance.objects, "get_or_create", always_new)
        held_before_it_writes(monkeypatch, session, ana)
        rows = Attendance.objects.count()
        Attendance.objects.all().delete()

    assert rows == 2


# -- feedback ---------------------------------------------------------------------------------


def test_two_answers_at_once_count_once(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)

    def give() -> None:
        give_feedback(session, ana, content=5, lecturer=5, usefulness=5, at=session.ends_at)

    turns = at_once(*[give] * 4)

    assert sum(turn.error is None for turn in turns) == 1
    assert SessionFeedback.objects.count() == 1


# -- leave while the session is settled -------------------------------------------------------


@needs_row_locks
def test_leave_approved_while_the_session_is_settled_excuses_all_the_same(
    session: Session, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = ask_leave(session, reason="illness", text="发烧", by=ana, at=MORNING)

    with pausing(monkeypatch, attending, "_absences", after=True) as pause:
        settling = Turn(lambda: settle_session(session, at=session.ends_at)).start()
        pause.wait_until_reached()
        deciding = Turn(lambda: decide_leave(leave, approve=True, by=ben, at=session.ends_at)).start()
        deciding.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        turns = [settling.finish(), deciding.finish()]

    assert [turn.error for turn in turns] == [None, None]
    assert Attendance.objects.get(person=ana).state == AttendanceState.EXCUSED
