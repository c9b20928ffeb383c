"""A member signs in to a session: with the code on the screen, or with the same code as it was spoken."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from courses.domain.attending import record_arrival
from courses.domain.codes import DIGITS, is_current, was_shown
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
from courses.enums import ArrivalWay, SessionState
from courses.models import Attendance, Enrolment, Session
from exams.domain.wording import moment, time_of_day
from members.models import User

# How long a code that was seen in time may take to arrive: signing in to the product first, a network that is away.
KEPT = timedelta(minutes=5)
# Six digits and five tries a minute: a guess a second for a whole morning would still most likely miss.
MOST_WRONG = 5
WRONG_WITHIN = timedelta(minutes=1)
WRONG = "courses.wrong_code"
# No kind opens its sign-in earlier than a day before.
OPENS_AT_MOST_BEFORE = timedelta(days=1)


def sign_in(
    session: Session, person: User, *, code: str, way: ArrivalWay, seen_at: datetime, at: datetime
) -> tuple[Attendance, bool]:
    """The attendance, and whether it was written just now: whoever signs in twice gets the first one.

    ``seen_at`` is when the person had the code, at most ``KEPT`` before ``at``; it is the arrival that counts.
    Raises what ``judge_code`` raises.
    """
    if there := arrival_of(session, person):
        return there, False
    judge_code(session, person, code, seen_at=seen_at, at=at)
    return record_arrival(session, person, way=way, at=at, arrived_at=seen_at)


def arrival_of(session: Session, person: User) -> Attendance | None:
    return Attendance.objects.attended().filter(session=session, person=person).first()


def judge_code(session: Session, person: User, code: str, *, seen_at: datetime, at: datetime) -> None:
    """Was ``code`` right for this session and this person when it was seen?

    Raises SessionCalledOff, NotEnrolled, SignInNotOpen, SessionIsOver, TooManyWrongCodes, CodeExpired,
    CodeOfAnotherSession, WrongCode. ``course.kind`` is looked at.
    """
    refuse_closed(session, person, at=seen_at)
    _refuse_incomplete(code)
    _refuse_guessing(person, at=at)
    if is_current(session, code, at=seen_at) and at - seen_at <= KEPT:
        return
    if was_shown(session, code, at=at):
        raise CodeExpired(_("This code has expired; use the one on the screen now."))
    if other := _session_with(code, person, at=at):
        text = _("This is the code of another session: %(session)s.")
        raise CodeOfAnotherSession(text % {"session": other}, session=other)
    _note_wrong(person, at=at)
    raise WrongCode(_("This code is not right. Look at the screen once more."))


def session_of_code(person: User, code: str, *, at: datetime) -> Session:
    """Which of the person's sessions that take sign-ins now has this code.

    Raises NothingToSignInTo, TooManyWrongCodes, CodeExpired, WrongCode.
    """
    running = open_sessions_of(person, at=at)
    if not running:
        raise NothingToSignInTo(_("None of your sessions takes sign-ins now."))
    _refuse_incomplete(code)
    _refuse_guessing(person, at=at)
    for session in running:
        if is_current(session, code, at=at):
            return session
    if any(was_shown(session, code, at=at) for session in running):
        raise CodeExpired(_("This code has expired; use the one on the screen now."))
    _note_wrong(person, at=at)
    raise WrongCode(_("This code is not right. Look at the screen once more."))


def open_sessions_of(person: User, *, at: datetime) -> list[Session]:
    """Sessions of courses the person is enrolled in that take arrivals now."""
    enrolled = Enrolment.objects.active(on=timezone.localdate(at)).filter(person=person)
    sessions = (
        Session.objects.planned()
        .filter(course__in=enrolled.values("course"), starts_at__lte=at + OPENS_AT_MOST_BEFORE, ends_at__gt=at)
        .select_related("course__kind")
    )
    return [session for session in sessions if session.takes_arrivals(at=at)]


def refuse_closed(session: Session, person: User, *, at: datetime) -> None:
    """Raises NotEnrolled, SessionCalledOff, SignInNotOpen, SessionIsOver where no code would help."""
    enrolled = Enrolment.objects.active(on=timezone.localdate(at)).filter(course=session.course_id, person=person)
    if not enrolled.exists():
        raise NotEnrolled(_("You are not on the list of this course. Tell the host, who can have you put on it."))
    if session.state == SessionState.CANCELLED:
        raise SessionCalledOff(_("This session was called off: %(reason)s") % {"reason": session.cancel_reason})
    if at < session.opens_at():
        raise SignInNotOpen(
            _("Too early: sign-in opens %(opens)s; the session begins at %(begins)s.")
            % {"opens": moment(session.opens_at()), "begins": time_of_day(session.starts_at)}
        )
    if at >= session.ends_at or session.state != SessionState.PLANNED:
        ended = moment(session.ends_at)
        raise SessionIsOver(
            _("The session ended %(moment)s. If you were there, see the host, who can enter it.") % {"moment": ended}
        )


def _refuse_incomplete(code: str) -> None:
    """A slip of the finger is no guess."""
    if len(code) != DIGITS:
        raise WrongCode(_("Type the six digits from the screen."))


def _session_with(code: str, person: User, *, at: datetime) -> Session | None:
    return next((session for session in open_sessions_of(person, at=at) if is_current(session, code, at=at)), None)


# -- guessing ---------------------------------------------------------------------------------


def _refuse_guessing(person: User, *, at: datetime) -> None:
    """Counted in the audit log: every worker sees it, and whoever looks for guessing finds it there.

    Calls at the same moment may each still see room: a few more tries, as many as there are workers.
    """
    wrong = ModelLogEntry.objects.filter(
        action=WRONG, object_id=str(person.pk), user=person, timestamp__gt=at - WRONG_WITHIN
    )
    if wrong.count() >= MOST_WRONG:
        raise TooManyWrongCodes(_("Too many wrong codes. Wait a minute, then use the code on the screen."))


def _note_wrong(person: User, *, at: datetime) -> None:
    log(person, WRONG, user=person, timestamp=at)
