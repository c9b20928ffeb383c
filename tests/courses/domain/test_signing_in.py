"""Signing in: what is taken, and what each refusal says."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from courses.domain.attending import settle_session
from courses.domain.codes import GRACE, code_of
from courses.domain.refusals import (
    CodeExpired,
    CodeOfAnotherSession,
    NotEnrolled,
    NothingToSignInTo,
    SessionCalledOff,
    SessionIsOver,
    SignInNotOpen,
    TooManyWrongCodes,
    WrongCode,
)
from courses.domain.signing_in import KEPT, MOST_WRONG, open_sessions_of, session_of_code, sign_in
from courses.enums import ArrivalWay, AttendanceState, SessionState
from courses.models import Attendance, Session
from members.models import User
from tests.factories.courses import MORNING, AttendanceFactory, EnrolmentFactory, SessionFactory
from tests.factories.members import PostingFactory

pytestmark = pytest.mark.django_db

SOON = MORNING + timedelta(minutes=5, seconds=30)


def arrive(
    session: Session,
    person: User,
    *,
    at: datetime = SOON,
    code: str = "",
    seen_at: datetime | None = None,
    way: ArrivalWay = ArrivalWay.SCREEN,
) -> tuple[Attendance, bool]:
    """With the code of the moment at which it was seen, unless told otherwise."""
    seen_at = seen_at or at
    return sign_in(session, person, code=code or code_of(session, at=seen_at), way=way, seen_at=seen_at, at=at)


def wrong_for(*sessions: Session) -> str:
    """Six digits no session showed at any minute of the morning."""
    minutes = [MORNING - timedelta(hours=1) + timedelta(minutes=n) for n in range(240)]
    shown = {code_of(session, at=minute) for session in sessions for minute in minutes}
    return next(code for code in map("{:06d}".format, range(1000)) if code not in shown)


def test_who_has_the_code_is_there_with_the_time_it_was_seen(session: Session, ana: User) -> None:
    attendance, is_new = arrive(session, ana, seen_at=SOON, at=SOON + timedelta(minutes=4))

    assert is_new
    assert (attendance.state, attendance.way, attendance.arrived_at, attendance.is_guest) == (
        AttendanceState.PRESENT, ArrivalWay.SCREEN, SOON, False,
    )  # fmt: skip


def test_who_comes_after_the_grace_of_the_kind_is_late(session: Session, ana: User) -> None:
    attendance, _is_new = arrive(session, ana, at=MORNING + timedelta(minutes=11))

    assert attendance.state == AttendanceState.LATE


def test_a_code_that_was_seen_in_time_counts_from_then(session: Session, ana: User) -> None:
    seen = MORNING + timedelta(minutes=9, seconds=50)

    attendance, _is_new = arrive(session, ana, seen_at=seen, at=seen + timedelta(minutes=3))

    assert (attendance.state, attendance.arrived_at) == (AttendanceState.PRESENT, seen)


def test_a_code_seen_just_before_the_end_may_arrive_after_it(session: Session, ana: User) -> None:
    seen = session.ends_at - timedelta(seconds=5)

    _attendance, is_new = arrive(session, ana, seen_at=seen, at=seen + timedelta(minutes=1))

    assert is_new


def test_whoever_signs_in_twice_keeps_the_first_time(session: Session, ana: User) -> None:
    first, _is_new = arrive(session, ana)

    second, is_new = arrive(session, ana, at=SOON + timedelta(minutes=20), code="000000")

    assert (second, second.arrived_at, is_new) == (first, SOON, False)
    assert Attendance.objects.count() == 1


# -- refusals ---------------------------------------------------------------------------------


def test_too_early_is_told_when_it_opens(session: Session, ana: User) -> None:
    with pytest.raises(SignInNotOpen, match=r"08:30.*09:00"):
        arrive(session, ana, at=MORNING - timedelta(minutes=31))


def test_when_it_is_over_the_host_is_named(session: Session, ana: User) -> None:
    with pytest.raises(SessionIsOver, match=r"负责人|host"):
        arrive(session, ana, at=session.ends_at)


def test_a_settled_session_takes_nobody(session: Session, ana: User) -> None:
    settle_session(session, at=session.ends_at)
    session.refresh_from_db()

    with pytest.raises(SessionIsOver):
        arrive(session, ana, at=SOON)


def test_a_session_that_was_called_off_says_why(session: Session, ana: User) -> None:
    session.state, session.cancel_reason = SessionState.CANCELLED, "暴雨预警"

    with pytest.raises(SessionCalledOff, match="暴雨预警"):
        arrive(session, ana)


def test_a_photograph_of_an_earlier_minute_is_known_as_one(session: Session, ana: User) -> None:
    photographed = code_of(session, at=SOON - timedelta(minutes=3))

    with pytest.raises(CodeExpired):
        arrive(session, ana, code=photographed)


def test_the_code_of_the_minute_before_is_taken_within_the_grace(session: Session, ana: User) -> None:
    minute = SOON.replace(second=0)
    before = code_of(session, at=minute - timedelta(seconds=1))

    with pytest.raises(CodeExpired):
        arrive(session, ana, code=before, at=minute + GRACE)
    assert arrive(session, ana, code=before, at=minute + GRACE - timedelta(seconds=1))[1]


def test_a_code_that_was_seen_in_time_does_not_keep_for_ever(session: Session, ana: User) -> None:
    with pytest.raises(CodeExpired):
        arrive(session, ana, seen_at=SOON, at=SOON + KEPT + timedelta(seconds=1))


def test_the_code_of_another_running_session_of_mine_names_it(session: Session, ana: User) -> None:
    other = SessionFactory(course=session.course, topic="产业帮扶")

    with pytest.raises(CodeOfAnotherSession, match="产业帮扶") as refused:
        arrive(session, ana, code=code_of(other, at=SOON))

    assert refused.value.members == {"session": other}


def test_the_code_of_a_session_that_is_not_mine_is_only_wrong(session: Session, ana: User) -> None:
    other = SessionFactory(topic="别人的")

    with pytest.raises(WrongCode) as refused:
        arrive(session, ana, code=code_of(other, at=SOON))

    assert refused.type is WrongCode
    assert "别人的" not in str(refused.value)


def test_who_is_not_in_the_course_is_told_so(session: Session, ben: User) -> None:
    with pytest.raises(NotEnrolled):
        arrive(session, ben)


def test_who_has_left_the_course_is_not_in_it(session: Session, ana: User) -> None:
    session.course.enrolments.filter(person=ana).update(left_on=MORNING.date())

    with pytest.raises(NotEnrolled):
        arrive(session, ana)


def test_who_heard_it_before_comes_as_a_guest(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)
    again = SessionFactory(course=session.course, repeat_of=session)

    attendance, _is_new = arrive(again, ana)

    assert attendance.is_guest


def test_who_was_on_leave_and_comes_all_the_same_is_there(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana, state=AttendanceState.EXCUSED, reason="leave")

    attendance, is_new = arrive(session, ana)

    assert (attendance.state, attendance.reason, is_new) == (AttendanceState.PRESENT, "", True)


# -- guessing ---------------------------------------------------------------------------------


def guess(session: Session, person: User, *, at: datetime = SOON) -> None:
    with pytest.raises(WrongCode):
        arrive(session, person, code=wrong_for(session), at=at)


def test_after_five_wrong_codes_even_the_right_one_waits_a_minute(session: Session, ana: User) -> None:
    for second in range(MOST_WRONG):
        guess(session, ana, at=SOON + timedelta(seconds=second))

    with pytest.raises(TooManyWrongCodes):
        arrive(session, ana, at=SOON + timedelta(seconds=10))
    assert arrive(session, ana, at=SOON + timedelta(seconds=61))[1]


def test_guesses_of_one_do_not_stop_another(session: Session, ana: User, dan: User) -> None:
    for _try in range(MOST_WRONG):
        guess(session, ana)

    assert arrive(session, dan)[1]


def test_guesses_are_found_in_the_audit_log(session: Session, ana: User) -> None:
    guess(session, ana)

    assert list(ModelLogEntry.objects.filter(action="courses.wrong_code").values_list("user", flat=True)) == [ana.pk]


def test_old_codes_and_slips_of_the_finger_are_no_guesses(session: Session, ana: User) -> None:
    for code in (code_of(session, at=SOON - timedelta(minutes=3)), "12345"):
        with pytest.raises(WrongCode):
            arrive(session, ana, code=code)

    assert not ModelLogEntry.objects.filter(action="courses.wrong_code").exists()


# -- spoken -----------------------------------------------------------------------------------


def test_a_spoken_code_finds_its_session(session: Session, ana: User) -> None:
    SessionFactory(course=session.course)

    assert session_of_code(ana, code_of(session, at=SOON), at=SOON) == session


def test_sessions_of_others_and_of_other_times_are_not_asked(session: Session, ana: User) -> None:
    SessionFactory()
    SessionFactory(course=session.course, starts_at=MORNING + timedelta(hours=4))
    SessionFactory(course=session.course, starts_at=MORNING - timedelta(hours=4))
    SessionFactory(course=session.course, state=SessionState.CANCELLED, cancel_reason="雨")

    assert open_sessions_of(ana, at=SOON) == [session]


def test_without_a_running_session_there_is_nothing_to_sign_in_to(session: Session, ana: User) -> None:
    with pytest.raises(NothingToSignInTo):
        session_of_code(ana, "123456", at=session.ends_at)


def test_an_expired_spoken_code_is_known_as_one(session: Session, ana: User) -> None:
    with pytest.raises(CodeExpired):
        session_of_code(ana, code_of(session, at=SOON - timedelta(minutes=2)), at=SOON)


def test_guessing_spoken_codes_is_limited_too(session: Session, ana: User) -> None:
    for _try in range(MOST_WRONG):
        with pytest.raises(WrongCode):
            session_of_code(ana, wrong_for(session), at=SOON)

    with pytest.raises(TooManyWrongCodes):
        session_of_code(ana, code_of(session, at=SOON), at=SOON)


# -- cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [1, 30])
def test_signing_in_asks_the_same_few_questions_however_many_come(session: Session, ana: User, others: int) -> None:
    for _person in range(others):
        EnrolmentFactory(course=session.course, person=PostingFactory().person)
    found = Session.objects.select_related("course__kind", "course__division", "division", "repeat_of").get()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        arrive(found, ana)

    statements = [row["sql"] for row in asked if not row["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(statements) == 7


def test_a_session_that_was_called_off_says_nothing_to_who_is_not_in_the_course(session: Session, ben: User) -> None:
    session.state, session.cancel_reason = SessionState.CANCELLED, "暴雨预警"

    with pytest.raises(NotEnrolled):
        arrive(session, ben)
