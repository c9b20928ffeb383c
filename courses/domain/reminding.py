"""Telling people what is coming: sessions, make-ups they were placed in, and what changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.domain.addresses import session_url
from courses.domain.attending import expected_at
from courses.enums import CourseState
from courses.models import Course, Session
from courses.models.session import SessionQuerySet
from members.domain.messages import send_messages, told_under
from members.models import Posting, User

# Hours are a column; none is longer than this, so the database need not add them up row by row.
LONGEST_NOTICE = timedelta(days=14)


def remind_due(*, at: datetime) -> int:
    """Remind who is expected at sessions that begin within their course's ``remind_hours``; gives how many were told.

    Safe to repeat: each person is told of a session once, and again only when it was moved.
    """
    soon = _told_of().filter(starts_at__gt=at, starts_at__lte=at + LONGEST_NOTICE, course__remind_hours__gt=0)
    due = [session for session in soon if session.starts_at - timedelta(hours=session.course.remind_hours) <= at]
    return sum(_remind(session, at=at) for session in due)


def _remind(session: Session, *, at: datetime) -> int:
    # A session that was moved is another appointment.
    occasion = f"{session.pk}:{int(session.starts_at.timestamp())}"
    with override(settings.LANGUAGE_CODE):
        subject = _("Reminder: %(topic)s") % {"topic": session.topic}
        key = f"courses.reminder:{occasion}"
        people = [*people_expected(session, untold=key), *_lecturing(session)]
        told = _tell(people, key=key, subject=subject, session=session, at=at)
        if session.host_team_id is None:
            return told
        subject = _("Your team is host: %(topic)s") % {"topic": session.topic}
    return told + tell_teams(
        session, [session.host_team_id], subject=subject, key=f"courses.host_reminder:{occasion}", at=at
    )


def _lecturing(session: Session) -> list[User]:
    """Lecturers with an account."""
    return [lecturer.person for lecturer in session.lecturers.all() if lecturer.person]


def tell_placed(*, at: datetime) -> int:
    """Tell those who lack a content that its next repeat is theirs; gives how many were told. Safe to repeat.

    Everybody who is expected at a make-up to come: newcomers, and whoever missed the session.
    """
    repeats = _told_of().filter(repeat_of__isnull=False, starts_at__gt=at)
    return sum(_tell_placed(session, at=at) for session in _next_of_each(repeats, at=at))


def _next_of_each(repeats: Iterable[Session], *, at: datetime) -> list[Session]:
    """Of repeats for the same people the next one; none while the first is still to come."""
    found: dict[tuple[int, int | None], Session] = {}
    for session in repeats:
        if session.repeat_of and session.repeat_of.starts_at <= at:
            found.setdefault((session.content_id, session.division_id), session)
    return list(found.values())


def _tell_placed(session: Session, *, at: datetime) -> int:
    key = f"courses.placed:{session.pk}"
    with override(settings.LANGUAGE_CODE):
        return _tell(
            people_expected(session, untold=key),
            key=key,
            subject=_("You were placed in a make-up: %(topic)s") % {"topic": session.topic},
            session=session,
            at=at,
        )


def tell_changed(session: Session, *, at: datetime) -> int:
    """Tell those expected that time or place are other than they were; gives how many were told.

    Called in the transaction of the change. Of a course in preparation nobody is told.
    """
    if session.course.state != CourseState.OPEN or session.ends_at <= at:
        return 0
    with override(settings.LANGUAGE_CODE):
        return _tell(
            people_expected(session),
            key=f"courses.changed:{session.pk}:{int(at.timestamp())}",
            subject=_("Changed: %(topic)s") % {"topic": session.topic},
            session=session,
            at=at,
        )


def tell_called_off(session: Session, *, at: datetime) -> int:
    """Tell those who were expected that a session does not take place, and why; gives how many were told."""
    if session.course.state != CourseState.OPEN or session.ends_at <= at:
        return 0
    with override(settings.LANGUAGE_CODE):
        return _tell(
            people_expected(session),
            key=f"courses.called_off:{session.pk}",
            subject=_("Called off: %(title)s") % {"title": session.topic},
            session=session,
            reason=session.cancel_reason,
            at=at,
        )


def tell_course_called_off(course: Course, *, reason: str, at: datetime) -> int:
    """Tell everybody enrolled, once for the whole course. Called before its state changes; nobody knows of a draft."""
    if course.state != CourseState.OPEN:
        return 0
    rows = course.enrolments.active(on=timezone.localdate(at)).select_related("person").order_by()
    with override(settings.LANGUAGE_CODE):
        subject = _("Called off: %(title)s") % {"title": course.title}
        text = _("Why: %(reason)s") % {"reason": reason}
        people = [row.person for row in rows]
        return len(
            send_messages(people, key=f"courses.course_called_off:{course.pk}", subject=subject, text=text, at=at)
        )


def tell_teams(session: Session, teams: Iterable[int], *, subject: str, key: str, at: datetime) -> int:
    """Tell whoever serves in those teams on the day of the session; ``subject`` is in the language of the house."""
    on = timezone.localdate(session.starts_at)
    serving = Posting.objects.serving(on=on).filter(team__in=teams).select_related("person")
    with override(settings.LANGUAGE_CODE):
        return _tell([post.person for post in serving], key=key, subject=subject, session=session, at=at)


def people_expected(session: Session, *, untold: str = "") -> list[User]:
    """Of them those alone who have no message under the key ``untold``: a minute later that is nobody. One query."""
    rows = expected_at(session).order_by()
    return [row.person for row in (rows.exclude(told_under(untold)) if untold else rows)]


def _tell(people: Iterable[User], *, key: str, subject: str, session: Session, at: datetime, reason: str = "") -> int:
    link = session_url(session)
    new = send_messages(people, key=key, subject=subject, text=_words(session, reason), link=link, at=at)
    return len(new)


def _words(session: Session, reason: str) -> str:
    """Course, time and place, a line each."""
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    lines = [session.course.title, f"{date_format(begins, 'DATE_FORMAT')} {begins:%H:%M}–{ends:%H:%M}"]
    if session.place:
        lines.append(_("Place: %(place)s") % {"place": session.place})
    elif session.online_url:
        lines.append(_("Online"))
    if reason:
        lines.append(_("Why: %(reason)s") % {"reason": reason})
    return "\n".join(lines)


def _told_of() -> SessionQuerySet:
    """Sessions to come of open courses, the earliest first."""
    planned = Session.objects.planned().filter(course__state=CourseState.OPEN).order_by("starts_at", "pk")
    sessions = planned.select_related("course__division", "division", "repeat_of")
    return sessions.prefetch_related("lecturers__person")
