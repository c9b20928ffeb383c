"""How far each person is, and who is missing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from courses.domain.known import Known, Own, known_of
from courses.enums import ATTENDED_STATES, AbsenceReason, AttendanceState, Outcome, SessionState
from courses.models import Course, Enrolment, Session
from courses.models.enrolment import EnrolmentQuerySet
from members.models import User


@dataclass(frozen=True, slots=True)
class Missing:
    """A content that somebody lacks: its first session, what is known of why, and when they can still have it."""

    session: Session
    state: AttendanceState | None
    reason: AbsenceReason | None
    next_session: Session | None

    @property
    def was_missed(self) -> bool:
        """Something was held without them, or nothing is planned; otherwise it is simply still to come."""
        return self.state is not None or self.next_session is None or self.session.state == SessionState.HELD


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

    @property
    def outcome(self) -> Outcome:
        """What is written down when the course is closed."""
        if self.is_completed:
            return Outcome.COMPLETED
        if not self.is_gap:
            return Outcome.EXEMPT
        return Outcome.LEFT if self.enrolment.left_on is not None else Outcome.EXPLAINED

    @cached_property
    def is_explained(self) -> bool:
        """Has somebody said why? For every session that is lacking, or for the person; and who sat the test and did
        not pass it needs no other reason."""
        if not self.is_gap or self.enrolment.reason:
            return True
        known = sum(each.reason is not None for each in self.missing)
        has_reasons = self.is_covered and self.attended + known >= self.required
        return has_reasons and self.tested is not False

    @property
    def lacks_reason(self) -> bool:
        """Has nobody said why, of what was held without them? What is still to come needs no reason yet."""
        if self.is_explained:
            return False
        excused_or_to_come = sum(each.reason is not None or not each.was_missed for each in self.missing)
        is_over = all(each.was_missed for each in self.missing)
        return is_over or not self.is_covered or self.attended + excused_or_to_come < self.required


def progress_of(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """Everybody who belongs to the course that day, or did when it was closed, by place.

    ``within`` are prefixes of division codes. At most six queries, however many people.
    """
    rows = belonging_to(course, at=at, within=within)
    return measure(course, list(rows.select_related("person", "team")))


def belonging_to(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> EnrolmentQuerySet:
    """Who belongs to the course that day, or did when it was closed."""
    on = timezone.localdate(min(at, course.closed_at) if course.closed_at else at)
    rows = Enrolment.objects.filter(course=course).active(on=on)
    return rows if within is None else rows.within_any(within)


def gaps(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """Who has neither completed the course nor been exempted from it."""
    return [each for each in progress_of(course, at=at, within=within) if each.is_gap]


def of_person(course: Course, person: User) -> Progress | None:
    """One person's own progress; None for who is not in the course."""
    found = measure(course, list(course.enrolments.filter(person=person).select_related("person", "team")))
    return found[0] if found else None


def measure(course: Course, enrolments: Sequence[Enrolment]) -> list[Progress]:
    """The progress of these enrolments of one course."""
    only = enrolments[0].person if len(enrolments) == 1 else None
    known = known_of([course], person=only)[course.pk]
    return [measured(course, row, known) for row in enrolments]


def measured_in(courses: Iterable[Course], enrolments: EnrolmentQuerySet) -> Iterator[Progress]:
    """The progress of these enrolments of several courses, in no order; who it is and their team are not looked up.

    Six queries at most, however many courses and people.
    """
    by_pk = {course.pk: course for course in courses}
    known = known_of(by_pk.values()) if by_pk else {}
    for row in enrolments.filter(course__in=by_pk).order_by().iterator():
        yield measured(by_pk[row.course_id], row, known[row.course_id])


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


def _attended(own: Own, sessions: Iterable[Session]) -> bool:
    return any(session.pk in own and own[session.pk][0] in ATTENDED_STATES for session in sessions)


def _missing(own: Own, sessions: Sequence[Session], enrolment: Enrolment) -> Missing:
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
