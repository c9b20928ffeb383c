"""Leave from a session: asked for by the person or entered for them, decided by whoever hosts it."""

from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.domain.files import extension_of
from cms.domain.proofs import check_proof
from common.chinese import strip_controls
from common.refusals import AlreadyAsked, AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from courses.domain.attending import mark
from courses.domain.locking import hold_session
from courses.domain.refusals import AttendanceRefused, CourseNotEditable, NotEnrolled, SessionNotEditable
from courses.enums import ATTENDED_STATES, EXCUSES, AttendanceState, CourseState, SessionState
from courses.models import Leave, Session
from courses.rules import may_host
from members.enums import RequestState
from members.models import User

_LONGEST_NAME = 200


@transaction.atomic
def ask_leave(session: Session, *, reason: str, text: str, file: Any = None, by: User, at: datetime) -> Leave:
    """For oneself, before the session or after it, as long as the course is open.

    Raises NotEnrolled, SessionNotEditable, CourseNotEditable, AttendanceRefused, ReasonMissing, FileRefused,
    AlreadyAsked.
    """
    session = _held_open(session)
    leave = _new_leave(session, by, reason=reason, text=text, file=file, by=by, at=at)
    _store(leave, file)
    log(session, "courses.ask_leave", user=by, timestamp=at, data={"person": by.code, "reason": reason})
    return leave


@transaction.atomic
def enter_leave(
    session: Session, person: User, *, reason: str, text: str, file: Any = None, by: User, at: datetime
) -> Leave:
    """For somebody else, approved at once. Raises NotAllowed, SecondPersonNeeded and what ``ask_leave`` raises."""
    session = _held_open(session)
    _require_host(session, person, by=by, at=at)
    leave = _new_leave(session, person, reason=reason, text=text, file=file, by=by, at=at)
    leave.state, leave.decided_by, leave.decided_at = RequestState.APPROVED, by, at
    _store(leave, file)
    log(session, "courses.enter_leave", user=by, timestamp=at, data={"person": person.code, "reason": reason})
    _excuse(leave, by=by, at=at)
    return leave


@transaction.atomic
def decide_leave(leave: Leave, *, approve: bool, answer: str = "", by: User, at: datetime) -> Leave:
    """An approved leave excuses an absence that was written down already; otherwise settling the session does.

    Raises NotAllowed, SecondPersonNeeded, AlreadyDecided, ReasonMissing, SessionNotEditable, CourseNotEditable.
    """
    session = _held_open(leave.session)
    _require_host(session, leave.person, by=by, at=at)
    if not approve and not answer.strip():
        raise ReasonMissing(_("Say why the leave is declined."))
    leave = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    if leave.state != RequestState.WAITING:
        raise AlreadyDecided(_("This has been decided already."))
    leave.session = session
    leave.state = RequestState.APPROVED if approve else RequestState.DECLINED
    leave.decided_by, leave.decided_at, leave.answer = by, at, answer.strip()
    leave.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    data = {"person": leave.person.code, "approved": approve, "answer": leave.answer}
    log(session, "courses.decide_leave", user=by, timestamp=at, data=data)
    if approve:
        _excuse(leave, by=by, at=at)
    return leave


def note_opened(leave: Leave, *, by: User, at: datetime) -> None:
    """Write down that ``by`` was given the document."""
    log(leave.session, "courses.open_leave_file", user=by, timestamp=at, data={"person": leave.person.code})


def _held_open(session: Session) -> Session:
    """The session under a lock: settling it waits, and then sees the leave. Raises SessionNotEditable, …"""
    session = hold_session(session)
    if session.state == SessionState.CANCELLED:
        raise SessionNotEditable(_("This session was called off: %(reason)s") % {"reason": session.cancel_reason})
    if session.course.state != CourseState.OPEN:
        raise CourseNotEditable(_("This course is not open."))
    return session


def _require_host(session: Session, person: User, *, by: User, at: datetime) -> None:
    if not may_host(by, session, on=timezone.localdate(at)):
        raise NotAllowed(_("You do not host this session."))
    if person.pk == by.pk:
        raise SecondPersonNeeded(_("Nobody decides about themselves."))


def _new_leave(session: Session, person: User, *, reason: str, text: str, file: Any, by: User, at: datetime) -> Leave:
    if not session.course.enrolments.active(on=timezone.localdate(at)).filter(person=person).exists():
        raise NotEnrolled(_("%(person)s is not in this course.") % {"person": person})
    if reason not in EXCUSES:
        raise AttendanceRefused(_("Choose what excuses the absence."))
    if not text.strip():
        raise ReasonMissing(_("Say what the leave is for."))
    if session.attendances.filter(person=person, state__in=ATTENDED_STATES).exists():
        raise AttendanceRefused(_("%(person)s was there: no leave is needed.") % {"person": person})
    if file:
        check_proof(file)
    return Leave(session=session, person=person, reason=reason, text=text.strip(), asked_by=by, asked_at=at)


def _store(leave: Leave, file: Any) -> None:
    """Under a name that nobody can guess. Raises AlreadyAsked."""
    try:
        with transaction.atomic():
            leave.save()
    except IntegrityError as error:
        raise AlreadyAsked(_("There is a leave for this session already.")) from error
    if file:
        file.seek(0)
        leave.file_name = strip_controls(PurePath(file.name).name)[-_LONGEST_NAME:]
        leave.file.save(f"{uuid4().hex}.{extension_of(file.name)}", file, save=False)
        leave.save(update_fields=["file", "file_name"])


def _excuse(leave: Leave, *, by: User, at: datetime) -> None:
    session = leave.session
    if session.attendances.filter(person=leave.person, state=AttendanceState.ABSENT).exists():
        why = _("Leave approved: %(text)s") % {"text": leave.text}
        mark(session, leave.person, state=AttendanceState.EXCUSED, reason=leave.reason, why=why[:300], by=by, at=at)
