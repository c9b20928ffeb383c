"""Planning sessions, changing them, calling them off."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.locking import hold_course, hold_session
from courses.domain.refusals import CourseNotEditable, SessionNotEditable
from courses.domain.reminding import tell_called_off, tell_changed
from courses.enums import SessionState
from courses.models import Course, Lecturer, Session
from courses.rules import may_manage_course
from members.models import Division, Team, User

# What RFC 4226 recommends for a shared secret: 160 bits.
_SECRET_BYTES = 20


@transaction.atomic
def plan_session(
    course: Course,
    *,
    topic: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    online_url: str = "",
    division: Division | None = None,
    host_team: Team | None = None,
    lecturers: Iterable[Lecturer] = (),
    repeat_of: Session | None = None,
    by: User,
    at: datetime,
) -> Session:
    """One more session. Raises NotAllowed, CourseNotEditable, ValidationError."""
    course = hold_course(course)
    _require_editable(course, by=by)
    session = Session(
        course=course,
        topic=topic,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        online_url=online_url,
        division=division,
        host_team=host_team,
        # A repeat of a repeat is a repeat of the first.
        repeat_of=repeat_of and (repeat_of.repeat_of or repeat_of),
        code_secret=base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode(),
    )
    _require_sensible(session)
    session.save()
    session.lecturers.set(lecturers)
    log(session, "courses.plan_session", user=by, timestamp=at, data=_facts(session))
    return session


@transaction.atomic
def change_session(session: Session, *, by: User, at: datetime, **fields: Any) -> Session:
    """Change what ``plan_session`` takes, but for ``repeat_of``. Who is expected is told where it moved.

    Raises NotAllowed, CourseNotEditable, SessionNotEditable, ValidationError.
    """
    session = _planned(session, by=by)
    if fields.get("starts_at", session.starts_at) != session.starts_at and session.attendances.exists():
        raise SessionNotEditable(_("People have signed in to this session already."))
    lecturers = fields.pop("lecturers", None)
    before = _appointment(session)
    for name, value in fields.items():
        setattr(session, name, value)
    _require_sensible(session)
    session.save()
    if lecturers is not None:
        session.lecturers.set(lecturers)
    log(session, "courses.change_session", user=by, timestamp=at, data=_facts(session))
    if _appointment(session) != before:
        tell_changed(session, at=at)
    return session


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: User, at: datetime) -> Session:
    """Call a planned session off; who was to come is told. Raises NotAllowed, ReasonMissing, SessionNotEditable."""
    session = _planned(session, by=by)
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    if session.attendances.attended().exists():
        raise SessionNotEditable(_("People have signed in to this session already."))
    session.state, session.cancel_reason = SessionState.CANCELLED, reason.strip()
    session.save(update_fields=["state", "cancel_reason"])
    log(session, "courses.cancel_session", user=by, timestamp=at, data={"reason": reason.strip()})
    tell_called_off(session, at=at)
    return session


def _require_editable(course: Course, *, by: User) -> None:
    if not may_manage_course(by, course):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if not course.is_editable():
        raise CourseNotEditable(_("This course is closed or was called off."))


def _planned(session: Session, *, by: User) -> Session:
    """The session under a lock. Raises NotAllowed, CourseNotEditable, SessionNotEditable."""
    session = hold_session(session)
    _require_editable(session.course, by=by)
    if session.state != SessionState.PLANNED:
        raise SessionNotEditable(_("This session has been held or called off."))
    return session


def _require_sensible(session: Session) -> None:
    session.full_clean(exclude=["repeat_of"])
    course = session.course
    if session.division is not None and not course.division.contains(session.division.code):
        outside = {"division": session.division, "own": course.division}
        raise ValidationError({"division": _("%(division)s is not part of %(own)s.") % outside})
    if session.repeat_of is not None and session.repeat_of.course_id != course.pk:
        raise ValidationError({"repeat_of": _("A session repeats one of the same course.")})


def _appointment(session: Session) -> tuple[object, ...]:
    """What somebody who comes has to know."""
    return session.starts_at, session.ends_at, session.place, session.online_url


def _facts(session: Session) -> dict[str, Any]:
    return {"topic": session.topic, "starts_at": session.starts_at.isoformat(), "place": session.place}
