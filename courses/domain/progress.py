"""How far each person is, and who is missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from courses.enums import ATTENDED_STATES, AbsenceReason, AttendanceState, SessionState
from courses.models import Attendance, Course, Enrolment, Session
from exams.domain.inviting import passed, sat
from members.enums import RequestState
from members.models import User

_PORTION = 2000


@dataclass(frozen=True, slots=True)
class Missing:
    """A content that somebody lacks: its first session, what is known of why, and when they can still have it."""

    session: Session
    state: AttendanceState | None
    reason: AbsenceReason | None
    next_session: Session | None


@dataclass(frozen=True)
class Progress:
    """One person in one course.

    ``attended`` of ``required`` contents; ``missing`` those that are required and were not attended. ``tested`` and
    ``passed`` are None where no test has to be passed. ``is_covered`` is False for whom no session was ever planned.
    """

    enrolment: Enrolment
    attended: int
    required: int
    missing: tuple[Missing, ...]
    tested: bool | None
    passed: bool | None
    is_exempt: bool
    is_covered: bool
    # Everything was before they came, and newcomers make up nothing.
    came_after: bool

    @property
    def has_sessions(self) -> bool:
        return self.is_covered and not self.came_after and self.attended >= self.required

    @property
    def is_completed(self) -> bool:
        return self.has_sessions and self.passed is not False

    @property
    def is_gap(self) -> bool:
        return not self.is_completed and not self.is_exempt and not self.came_after

    @cached_property
    def is_explained(self) -> bool:
        """Has somebody said why? For every session that is lacking, or for the person; and who sat the test and did
        not pass it needs no other reason."""
        if not self.is_gap or self.enrolment.reason:
            return True
        known = sum(each.reason is not None for each in self.missing)
        has_reasons = self.is_covered and self.attended + known >= self.required
        return has_reasons and self.tested is not False


@dataclass(frozen=True, slots=True)
class _Contents:
    """The sessions of a course that take place, by what is taught in them, in order of time."""

    by_content: Mapping[int, Sequence[Session]]

    # What was worked out for a place: thousands of people serve in a hundred villages.
    of_place: dict[str, list[tuple[int, date]]] = field(default_factory=dict)

    def required_of(self, enrolment: Enrolment, *, catches_up: bool) -> list[int]:
        return [
            content
            for content, first_day in self._covering(enrolment.division_code)
            if catches_up or enrolment.joined_on <= first_day
        ]

    def covers(self, enrolment: Enrolment) -> bool:
        return bool(self._covering(enrolment.division_code))

    def _covering(self, division_code: str) -> list[tuple[int, date]]:
        """Contents with a session for people who serve there, and the day each was first given."""
        if division_code not in self.of_place:
            self.of_place[division_code] = [
                (content, timezone.localdate(first.starts_at))
                for content, sessions in self.by_content.items()
                if (first := next((session for session in sessions if session.covers(division_code)), None))
            ]
        return self.of_place[division_code]


def progress_of(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """Everybody who belongs to the course that day, or did when it was closed, by place.

    ``within`` are prefixes of division codes. At most eight queries, however many people.
    """
    on = timezone.localdate(min(at, course.closed_at) if course.closed_at else at)
    rows = course.enrolments.active(on=on)
    if within is not None:
        rows = rows.within_any(within)
    return measure(course, list(rows.select_related("person", "team")))


def gaps(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """Who has neither completed the course nor been exempted from it."""
    return [each for each in progress_of(course, at=at, within=within) if each.is_gap]


def of_person(course: Course, person: User) -> Progress | None:
    """One person's own progress; None for who is not in the course."""
    found = measure(course, list(course.enrolments.filter(person=person).select_related("person", "team")))
    return found[0] if found else None


@dataclass(frozen=True)
class Known:
    """What the progress of people in one course is read from: whose ids are in which set, attendances by person."""

    contents: "_Contents"
    # Session -> (state, reason), by person.
    attendances: Mapping[int, Mapping[int, tuple[str, str]]]
    exempt: Set[int]
    sat: Set[int]
    passed: Set[int]


def measure(course: Course, enrolments: Sequence[Enrolment]) -> list[Progress]:
    """The progress of these enrolments of one course."""
    exam = course.exam if course.needs_test else None
    known = Known(
        contents=contents_of(course.sessions.taking_place().select_related("division").order_by("starts_at", "pk")),
        attendances=_attendances(course, enrolments),
        exempt=set(course.exemptions.filter(state=RequestState.APPROVED).values_list("person_id", flat=True)),
        sat=sat(exam) if exam else set(),
        passed=passed(exam) if exam else set(),
    )
    return [measured(course, row, known) for row in enrolments]


def measured(course: Course, row: Enrolment, known: Known) -> Progress:
    """One person's progress by what is known already; asks the database nothing."""
    contents = known.contents
    own = known.attendances.get(row.person_id, {})
    required = contents.required_of(row, catches_up=course.catches_up)
    lacking = [content for content in required if not _attended(own, contents.by_content[content])]
    covered = contents.covers(row)
    return Progress(
        enrolment=row,
        attended=len(required) - len(lacking),
        required=min(course.sessions_needed or len(required), len(required)),
        missing=tuple(_missing(own, contents.by_content[content], row) for content in lacking),
        tested=row.person_id in known.sat if course.needs_test else None,
        passed=row.person_id in known.passed if course.needs_test else None,
        is_exempt=row.person_id in known.exempt,
        is_covered=covered,
        came_after=covered and not required,
    )


def contents_of(sessions: Iterable[Session]) -> "_Contents":
    """Sessions of one course that take place, in order of time, with their divisions."""
    by_content: dict[int, list[Session]] = defaultdict(list)
    for session in sessions:
        by_content[session.content_id].append(session)
    return _Contents(by_content)


_Own = Mapping[int, tuple[str, str]]


def _attendances(course: Course, enrolments: Sequence[Enrolment]) -> dict[int, dict[int, tuple[str, str]]]:
    """State and reason by person and session; tuples, since a city has hundreds of thousands of them."""
    rows = Attendance.objects.filter(session__course=course).exclude(session__state=SessionState.CANCELLED)
    if len(enrolments) == 1:
        rows = rows.filter(person=enrolments[0].person_id)
    found: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    columns = rows.values_list("person_id", "session_id", "state", "reason")
    for person, session, state, reason in columns.iterator(chunk_size=_PORTION):
        found[person][session] = (state, reason)
    return found


def _attended(own: _Own, sessions: Iterable[Session]) -> bool:
    return any(session.pk in own and own[session.pk][0] in ATTENDED_STATES for session in sessions)


def _missing(own: _Own, sessions: Sequence[Session], enrolment: Enrolment) -> Missing:
    """What is known last counts: a reason for the make-up stands above one for the first session."""
    known = [own[session.pk] for session in sessions if session.pk in own]
    reasons = [AbsenceReason(reason) for _state, reason in known if reason]
    ahead = (
        session
        for session in sessions
        if session.state == SessionState.PLANNED and session.covers(enrolment.division_code)
    )
    return Missing(
        session=sessions[0],
        state=AttendanceState(known[-1][0]) if known else None,
        reason=reasons[-1] if reasons else None,
        next_session=next(ahead, None),
    )
