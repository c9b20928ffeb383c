"""Leave from a session: who asks, who decides, what it does to the attendance."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.domain.files import FileRefused
from common.refusals import AlreadyAsked, AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from courses.domain.attending import settle_session
from courses.domain.leaves import ask_leave, decide_leave, enter_leave
from courses.domain.refusals import AttendanceRefused, CourseNotEditable, NotEnrolled, SessionNotEditable
from courses.enums import AttendanceState, CourseState, SessionState
from courses.models import Attendance, Leave, Session
from members.enums import RequestState
from members.models import User
from tests.factories.courses import MORNING, AttendanceFactory

pytestmark = pytest.mark.django_db

BEFORE = MORNING - timedelta(hours=3)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def asked(session: Session, person: User, **fields: object) -> Leave:
    return ask_leave(session, **{"reason": "illness", "text": "发烧就诊", "by": person, "at": BEFORE, **fields})


def test_leave_waits_for_the_host_and_the_host_answers(session: Session, ana: User, ben: User) -> None:
    leave = asked(session, ana)

    decided = decide_leave(leave, approve=True, answer="保重", by=ben, at=MORNING)

    assert leave.state == RequestState.WAITING
    assert (decided.state, decided.decided_by, decided.answer) == (RequestState.APPROVED, ben, "保重")


def test_approved_leave_excuses_when_the_session_is_settled(session: Session, ana: User, ben: User) -> None:
    decide_leave(asked(session, ana), approve=True, by=ben, at=MORNING)

    settle_session(session, at=session.ends_at)

    row = Attendance.objects.get(person=ana)
    assert (row.state, row.reason) == (AttendanceState.EXCUSED, "illness")


def test_leave_approved_afterwards_excuses_what_was_written_down(session: Session, ana: User, ben: User) -> None:
    settle_session(session, at=session.ends_at)
    leave = asked(session, ana, at=session.ends_at)

    decide_leave(leave, approve=True, by=ben, at=session.ends_at)

    row = Attendance.objects.get(person=ana)
    assert (row.state, row.reason) == (AttendanceState.EXCUSED, "illness")
    assert list(row.changes.values_list("from_state", "to_state", "changed_by")) == [("absent", "excused", ben.pk)]


def test_declined_leave_says_why_and_may_be_asked_again(session: Session, ana: User, ben: User) -> None:
    leave = asked(session, ana)
    with pytest.raises(ReasonMissing):
        decide_leave(leave, approve=False, by=ben, at=MORNING)

    decide_leave(leave, approve=False, answer="人手不够", by=ben, at=MORNING)
    asked(session, ana)

    assert sorted(Leave.objects.values_list("state", flat=True)) == [RequestState.DECLINED, RequestState.WAITING]


def test_it_is_decided_once(session: Session, ana: User, ben: User) -> None:
    leave = asked(session, ana)
    decide_leave(leave, approve=True, by=ben, at=MORNING)

    with pytest.raises(AlreadyDecided):
        decide_leave(leave, approve=False, answer="改主意", by=ben, at=MORNING)


def test_the_host_enters_leave_for_somebody_with_a_document(session: Session, ana: User, ben: User) -> None:
    leave = enter_leave(
        session, ana, reason="duty", text="抽调防汛", file=SimpleUploadedFile("通知.png", PNG), by=ben, at=BEFORE
    )

    leave.refresh_from_db()
    assert (leave.state, leave.asked_by, leave.decided_by, leave.file_name) == (
        RequestState.APPROVED, ben, ben, "通知.png",
    )  # fmt: skip
    assert "通知" not in leave.file.name


def test_nobody_decides_about_themselves(session: Session, ana: User) -> None:
    session.host_team = ana.postings.get().team
    session.save()
    leave = asked(session, ana)

    with pytest.raises(SecondPersonNeeded):
        decide_leave(leave, approve=True, by=ana, at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        enter_leave(session, ana, reason="duty", text="开会", by=ana, at=MORNING)


def test_who_does_not_host_decides_nothing(session: Session, ana: User, dan: User) -> None:
    leave = asked(session, ana)

    with pytest.raises(NotAllowed):
        decide_leave(leave, approve=True, by=dan, at=MORNING)
    with pytest.raises(NotAllowed):
        enter_leave(session, ana, reason="duty", text="开会", by=dan, at=MORNING)


def test_there_is_one_leave_a_session(session: Session, ana: User) -> None:
    asked(session, ana)

    with pytest.raises(AlreadyAsked):
        asked(session, ana)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"reason": "unexcused"}, AttendanceRefused),
        ({"reason": ""}, AttendanceRefused),
        ({"text": "  "}, ReasonMissing),
        ({"file": SimpleUploadedFile("x.png", b"not a picture")}, FileRefused),
        ({"file": SimpleUploadedFile("x.exe", b"MZ")}, FileRefused),
    ],
)
def test_what_excuses_nothing_is_refused(
    session: Session, ana: User, fields: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        asked(session, ana, **fields)

    assert not Leave.objects.exists()


def test_who_was_there_needs_none(session: Session, ana: User) -> None:
    AttendanceFactory(session=session, person=ana)

    with pytest.raises(AttendanceRefused):
        asked(session, ana)


def test_who_is_not_in_the_course_has_none_to_ask(session: Session, ben: User) -> None:
    with pytest.raises(NotEnrolled):
        asked(session, ben)


def test_a_session_that_is_called_off_and_a_closed_course_take_no_leave(session: Session, ana: User, ben: User) -> None:
    Session.objects.update(state=SessionState.CANCELLED, cancel_reason="雨")
    with pytest.raises(SessionNotEditable):
        asked(session, ana)
    Session.objects.update(state=SessionState.HELD)
    course = session.course
    course.state, course.closed_by, course.closed_at = CourseState.CLOSED, ben, MORNING
    course.save()

    with pytest.raises(CourseNotEditable):
        asked(session, ana)
