"""What training asks of a person now, for the first page."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.domain.next_steps import Step
from courses.domain.addresses import session_url
from courses.domain.mine import MyCourse, MySession, my_open_courses
from courses.models import Session
from exams.domain.wording import moment, time_of_day
from members.models import User

# A session is among the next steps from so long before; a make-up from when it is planned.
AHEAD = timedelta(days=3)
# Feedback is asked for so long; what somebody thinks of a session a month later is not of that session.
FEEDBACK_FOR = timedelta(days=7)


def course_steps(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`. At most eight queries, one for who is in no course."""
    return [step for mine in my_open_courses(person, at=at) for step in _steps(mine, at=at)]


def _steps(mine: MyCourse, *, at: datetime) -> Iterator[Step]:
    for each in mine.sessions:
        if each.takes_me_in(at=at):
            yield _sign_in(each)
        elif each.is_expected and each.attendance is None and at < each.session.starts_at:
            yield from _to_come(mine, each, at=at)
        elif _asks_feedback(mine, each, at=at):
            yield _feedback(each)


def _sign_in(each: MySession) -> Step:
    session = each.session
    return Step(
        title=session.topic,
        detail=_("Until %(moment)s") % {"moment": moment(session.ends_at)},
        url=session_url(session, "sign_in_to_session"),
        action=_("Sign in to the session"),
        headline=_("Sign-in is open now"),
        weight=95,
        due_at=session.ends_at,
        facts=_facts(session),
    )


def _to_come(mine: MyCourse, each: MySession, *, at: datetime) -> Iterator[Step]:
    session = each.session
    if not session.is_repeat and session.starts_at - at > AHEAD:
        return
    is_today = localdate(session.starts_at) == localdate(at)
    headline = _("You have a session today") if is_today else _("Your next session")
    missed = _missed_before(mine, session)
    yield Step(
        title=session.topic,
        detail=_("%(course)s, %(moment)s") % {"course": mine.course.title, "moment": moment(session.starts_at)},
        url=session_url(session),
        action=_("Look at the session"),
        headline=_("You can make up a session") if missed and not is_today else headline,
        weight=70 if is_today else 45,
        due_at=session.starts_at,
        facts=_facts(session),
    )


def _missed_before(mine: MyCourse, session: Session) -> bool:
    return session.is_repeat and any(
        each.attendance is not None and each.session.content_id == session.content_id for each in mine.sessions
    )


def _asks_feedback(mine: MyCourse, each: MySession, *, at: datetime) -> bool:
    ended = at - each.session.ends_at
    return (
        mine.course.asks_feedback
        and each.was_there
        and each.attendance is not None
        and not each.attendance.gave_feedback
        and timedelta(0) <= ended <= FEEDBACK_FOR
    )


def _feedback(each: MySession) -> Step:
    return Step(
        title=each.session.topic,
        detail=_("Without your name; it takes a minute."),
        url=f"{session_url(each.session)}#feedback",
        action=_("Say what you think"),
        headline=_("How was the session?"),
        weight=15,
        due_at=each.session.ends_at + FEEDBACK_FOR,
    )


def _facts(session: Session) -> tuple[tuple[str, str], ...]:
    place = session.place or _("online")
    begins = f"{moment(session.starts_at)}–{time_of_day(session.ends_at)}"
    return (pgettext("training", "Place"), place), (pgettext("training", "Time"), begins)
