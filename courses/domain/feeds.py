"""The calendar of one person for their own calendar program (iCalendar, RFC 5545 and RFC 7986)."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from icalendar import Calendar, Event
from wagtail.models import ModelLogEntry

from courses.domain.addresses import absolute_url, exam_url, session_url
from courses.domain.agenda import Appointment, appointments_of
from courses.domain.exam_dates import ExamDate, exam_dates_of
from courses.enums import AppointmentPart, CourseState
from courses.models import CalendarFeed, Session
from members.models import User

# What is over stays for a quarter; further ahead than a year nobody plans.
PAST, AHEAD = timedelta(days=92), timedelta(days=400)
REFRESH = timedelta(hours=1)
_TOKEN_BYTES = 32
# Audit rows that change what a calendar shows.
_CHANGES = (
    "courses.plan_session",
    "courses.change_session",
    "courses.cancel_session",
    "courses.give_turn",
    "courses.swap_hosts",
)


class Edition(NamedTuple):
    """How often a session was changed since it was planned, and when last."""

    sequence: int
    changed_at: datetime


def feed_of(person: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


@transaction.atomic
def renew_feed(person: User, *, at: datetime) -> CalendarFeed:
    """A secret address, the first or another one; whoever has the old one finds nothing there from now on."""
    fresh = {"token": secrets.token_urlsafe(_TOKEN_BYTES), "created_at": at}
    feed, _created = CalendarFeed.objects.update_or_create(person=person, defaults=fresh)
    return feed


def person_with(token: str) -> User | None:
    """Whose feed it is; nobody's, once they cannot sign in any more."""
    feed = CalendarFeed.objects.filter(token=token, person__is_active=True).select_related("person").first()
    return feed.person if feed else None


def calendar_of(person: User, *, at: datetime) -> bytes:
    """Everything that concerns ``person`` from a quarter ago to a year ahead, as a calendar program reads it.

    In the language of the house. The same as long as nothing changes, so that an ETag of it holds.
    """
    found = appointments_of(person, first=at - PAST, last=at + AHEAD)
    exams = exam_dates_of(person, first=at - PAST, last=at + AHEAD)
    editions = editions_of([each.session for each in found])
    with override(settings.LANGUAGE_CODE):
        calendar = Calendar()
        calendar.add("prodid", "-//Yingzhi//Training//ZH")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", pgettext("calendar", "Training"))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        for each in found:
            calendar.add_component(_event(each, editions[each.session.pk]))
        for exam in exams:
            calendar.add_component(_exam_event(exam))
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def editions_of(sessions: Iterable[Session]) -> dict[int, Edition]:
    """Out of the audit log; a session that was not planned by the verb has its first edition. One query."""
    keys = {str(session.pk): session for session in sessions}
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Session), object_id__in=keys, action__in=_CHANGES
    )
    counted = entries.order_by().values_list("object_id").annotate(Count("pk"), Max("timestamp"))
    found = {int(key): Edition(count - 1, last) for key, count, last in counted}
    return {
        session.pk: found.get(session.pk, Edition(0, session.course.opened_at or session.course.created_at))
        for session in keys.values()
    }


def _event(appointment: Appointment, edition: Edition) -> Event:
    session = appointment.session
    event = Event()
    event.add("uid", str(session.uuid))
    # A course that is called off takes its sessions along, without an entry for each.
    event.add("sequence", edition.sequence + (session.course.state == CourseState.CANCELLED))
    # Without a request of its own an event is as old as its last change (RFC 5545, 3.8.7.2).
    event.add("dtstamp", edition.changed_at)
    event.add("last-modified", edition.changed_at)
    event.add("dtstart", timezone.localtime(session.starts_at))
    event.add("dtend", timezone.localtime(session.ends_at))
    event.add("summary", _summary(appointment))
    event.add("description", "\n".join(_details(appointment)))
    event.add("categories", [session.course.kind.title])
    event.add("status", "CANCELLED" if appointment.is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    if where := session.place or session.online_url:
        event.add("location", where)
    event.add("url", absolute_url(session_url(session)))
    return event


def _exam_event(each: ExamDate) -> Event:
    """The window of an exam. It takes up nobody's time, unless it is no longer than the exam."""
    exam = each.exam
    is_shortened = each.is_off or each.ends_at < exam.closes_at
    edition = exam.closed_at if is_shortened else exam.published_at
    event = Event()
    event.add("uid", str(exam.uuid))
    event.add("sequence", int(is_shortened))
    event.add("dtstamp", edition or exam.opens_at)
    event.add("last-modified", edition or exam.opens_at)
    event.add("dtstart", timezone.localtime(each.opens_at))
    event.add("dtend", timezone.localtime(each.ends_at))
    title = _("Exam: %(title)s") % {"title": exam.title}
    event.add("summary", _("Called off: %(title)s") % {"title": title} if each.is_off else title)
    event.add("categories", [pgettext("calendar", "Exam")])
    event.add("status", "CANCELLED" if each.is_off else "CONFIRMED")
    is_window = each.ends_at - each.opens_at > timedelta(minutes=exam.minutes)
    event.add("transp", "TRANSPARENT" if is_window else "OPAQUE")
    if is_window:
        chosen = _("%(minutes)s minutes, at a time of your choice in this window.") % {"minutes": exam.minutes}
        event.add("description", chosen)
    event.add("class", "PRIVATE")
    event.add("url", absolute_url(exam_url(exam)))
    return event


def _summary(appointment: Appointment) -> str:
    """Programs that know no STATUS show the title alone, so it says what is off."""
    session = appointment.session
    title = f"{session.topic}（{session.course.title}）"
    return _("Called off: %(title)s") % {"title": title} if appointment.is_off else title


def _details(appointment: Appointment) -> Iterable[str]:
    session = appointment.session
    if appointment.is_off:
        yield _("Why: %(reason)s") % {"reason": session.cancel_reason}
    mine = [part.label for part in appointment.parts if part != AppointmentPart.ATTENDS]
    if mine:
        yield _("My part: %(parts)s") % {"parts": "、".join(map(str, mine))}
    if lecturers := [lecturer.name for lecturer in session.lecturers.all()]:
        yield _("Lecturers: %(names)s") % {"names": "、".join(lecturers)}
    if session.host_team:
        yield _("Host team: %(team)s") % {"team": session.host_team.name}
    if session.online_url:
        yield _("Online: %(url)s") % {"url": session.online_url}
