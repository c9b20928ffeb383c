"""When somebody is wanted where: the sessions they attend, host or speak at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from courses.enums import SHOWN_COURSE_STATES, AppointmentPart, AttendanceState, CourseState, SessionState
from courses.models import Attendance, Enrolment, Exemption, Session
from courses.models.session import SessionQuerySet
from members.enums import RequestState
from members.models import Posting, User


@dataclass(frozen=True)
class Appointment:
    """One session with what somebody has to do there, and how it went for them."""

    session: Session
    parts: tuple[AppointmentPart, ...]
    attendance: str = ""

    @property
    def is_off(self) -> bool:
        return self.session.state == SessionState.CANCELLED

    @property
    def was_missed(self) -> bool:
        return self.attendance == AttendanceState.ABSENT

    @property
    def attendance_word(self) -> str:
        return str(AttendanceState(self.attendance).label) if self.attendance else ""


@dataclass(frozen=True)
class _Person:
    """What decides about every session, asked once: enrolments, exemptions, posts, contents and rows of attendance."""

    enrolments: dict[int, Enrolment]
    exempt: set[int]
    postings: list[Posting]
    rows: dict[int, str]
    # content: the session at which it was attended.
    attended: dict[int, int] = field(default_factory=dict)

    def attends(self, session: Session, earlier: Callable[[Session], bool]) -> bool:
        """A row says so; without one, whether they are expected: see ``courses.domain.attending.expected_at``."""
        if session.pk in self.rows:
            return True
        row = self.enrolments.get(session.course_id)
        on = timezone.localdate(session.starts_at)
        if row is None or session.course_id in self.exempt or not _belongs(row, on):
            return False
        if session.state == SessionState.HELD:
            return False
        if not session.covers(row.division_code) or session.content_id in self.attended:
            return False
        return session.state == SessionState.CANCELLED or not (session.is_repeat and earlier(session))

    def hosts(self, session: Session) -> bool:
        on = timezone.localdate(session.starts_at)
        return any(
            post.team_id == session.host_team_id
            and post.starts_on <= on
            and (post.ends_on is None or on <= post.ends_on)
            for post in self.postings
        )


def _belongs(row: Enrolment, on: date) -> bool:
    # Sessions before somebody joined are theirs only as rows.
    return row.joined_on <= on and (row.left_on is None or on < row.left_on)


def appointments_of(person: User, *, first: datetime, last: datetime) -> list[Appointment]:
    """Every session between the two that concerns ``person``, in the order of time, those called off included.

    Nothing of courses in preparation. Where a content is planned several times, the first time that is theirs counts.
    Seven queries, however many sessions there are.
    """
    about = _about(person)
    sessions = list(_announced().filter(_of(person, about)).between(first, last).distinct())
    earlier = _earlier_than(sessions, about)
    found = []
    for session in sessions:
        parts = tuple(_parts(person, session, about, earlier))
        if parts:
            found.append(Appointment(session, parts, about.rows.get(session.pk, "")))
    return found


def _announced() -> SessionQuerySet:
    announced = Q(course__state__in=SHOWN_COURSE_STATES) | Q(
        course__state=CourseState.CANCELLED, course__opened_at__isnull=False
    )
    sessions = Session.objects.filter(announced).select_related("course__kind", "division", "host_team")
    return sessions.prefetch_related("lecturers")


def _of(person: User, about: _Person) -> Q:
    hosting = Q(host_team__in=[post.team_id for post in about.postings])
    return Q(course__in=about.enrolments) | Q(pk__in=about.rows) | hosting | Q(lecturers__person=person)


def _about(person: User) -> _Person:
    rows = Attendance.objects.filter(person=person).order_by()
    facts = list(rows.values_list("session", "session__repeat_of", "state"))
    attended = AttendanceState.PRESENT, AttendanceState.LATE
    return _Person(
        enrolments={row.course_id: row for row in Enrolment.objects.filter(person=person).order_by()},
        exempt=set(
            Exemption.objects.filter(person=person, state=RequestState.APPROVED).values_list("course", flat=True)
        ),
        postings=list(person.postings.order_by()),
        rows={session: state for session, _repeats, state in facts},
        attended={repeats or session: session for session, repeats, state in facts if state in attended},
    )


def _earlier_than(sessions: Iterable[Session], about: _Person) -> Callable[[Session], bool]:
    """Is the same content planned for this person before that session?"""
    contents = {session.content_id for session in sessions if session.is_repeat}
    same = Session.objects.planned().filter(Q(pk__in=contents) | Q(repeat_of__in=contents)).select_related("division")
    planned = list(same) if contents else []

    def earlier(session: Session) -> bool:
        row = about.enrolments[session.course_id]
        return any(
            other.content_id == session.content_id
            and other.pk not in about.rows
            and other.starts_at < session.starts_at
            and other.covers(row.division_code)
            and _belongs(row, timezone.localdate(other.starts_at))
            for other in planned
        )

    return earlier


def _parts(
    person: User, session: Session, about: _Person, earlier: Callable[[Session], bool]
) -> Iterable[AppointmentPart]:
    if about.attends(session, earlier):
        yield AppointmentPart.ATTENDS
    if session.host_team_id and about.hosts(session):
        yield AppointmentPart.HOSTS
    if any(lecturer.person_id == person.pk for lecturer in session.lecturers.all()):
        yield AppointmentPart.SPEAKS
