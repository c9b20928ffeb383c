"""Who is behind: what keeps a course from being closed, told apart from what is simply still to come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.domain.progress import Known, Missing, Progress, contents_of, gaps, measured
from courses.enums import CourseState, SessionState
from courses.models import Attendance, Course, Enrolment, Exemption, Session
from exams.domain.inviting import passed, sat
from members.enums import RequestState
from members.models import User

# Beyond so many enrolments a list of courses leaves the figures to the page of each.
MOST_MEASURED = 20_000


def is_behind(progress: Progress) -> bool:
    """A gap that a session to come does not fill by itself: something was held without them, or nothing is planned.

    Once no session of the course is to come, every gap is one.
    """
    if not progress.is_gap:
        return False
    return not progress.missing or not progress.is_covered or any(_was_missed(each) for each in progress.missing)


def _was_missed(each: Missing) -> bool:
    return each.state is not None or each.next_session is None or each.session.state == SessionState.HELD


def behind(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """The gap list: who is behind, by place. At most eight queries, however many people."""
    return [each for each in gaps(course, at=at, within=within) if is_behind(each)]


@dataclass(frozen=True, slots=True)
class Figures:
    """How the people of a course stand."""

    people: int
    completed: int
    exempt: int
    behind: int
    unexplained: int

    @classmethod
    def of(cls, found: Sequence[Progress]) -> "Figures":
        late = [each for each in found if is_behind(each)]
        return cls(
            people=len(found),
            completed=sum(each.is_completed for each in found),
            exempt=sum(each.is_exempt and not each.is_completed for each in found),
            behind=len(late),
            unexplained=sum(not each.is_explained for each in late),
        )


def figures_of_open(courses: Iterable[Course], *, of: User) -> Mapping[int, Figures]:
    """By course, for those of ``courses`` that are open, of the people ``of`` looks after.

    Five queries and four more for each that needs a test; nothing where there are too many people for a list.
    """
    open_ones = {course.pk: course for course in courses if course.state == CourseState.OPEN}
    rows = Enrolment.objects.visible_to(of).filter(course__in=open_ones, left_on=None)
    if not open_ones or rows.count() > MOST_MEASURED:
        return {}
    known = _known_of(open_ones)
    found: dict[int, list[Progress]] = {pk: [] for pk in open_ones}
    for row in rows.order_by():
        found[row.course_id].append(measured(open_ones[row.course_id], row, known[row.course_id]))
    return {pk: Figures.of(progress) for pk, progress in found.items()}


def _known_of(courses: Mapping[int, Course]) -> dict[int, Known]:
    sessions, attendances, exempt = _by_course(courses)
    known = {}
    for pk, course in courses.items():
        exam = course.exam if course.needs_test else None
        known[pk] = Known(
            contents=contents_of(sessions[pk]),
            attendances=attendances[pk],
            exempt=exempt[pk],
            sat=sat(exam) if exam else set(),
            passed=passed(exam) if exam else set(),
        )
    return known


_Told = tuple[
    Mapping[int, list[Session]], Mapping[int, Mapping[int, dict[int, tuple[str, str]]]], Mapping[int, set[int]]
]


def _by_course(courses: Mapping[int, Course]) -> _Told:
    """Sessions that take place, attendances by person and session, and who is exempt. Three queries."""
    sessions: dict[int, list[Session]] = defaultdict(list)
    taking_place = Session.objects.taking_place().filter(course__in=courses).select_related("division")
    for session in taking_place.order_by("starts_at", "pk"):
        sessions[session.course_id].append(session)
    attendances: dict[int, dict[int, dict[int, tuple[str, str]]]] = defaultdict(lambda: defaultdict(dict))
    rows = Attendance.objects.filter(session__course__in=courses).exclude(session__state=SessionState.CANCELLED)
    columns = rows.order_by().values_list("session__course", "person_id", "session_id", "state", "reason")
    for course, person, session_id, state, reason in columns.iterator():
        attendances[course][person][session_id] = (state, reason)
    exempt: dict[int, set[int]] = defaultdict(set)
    approved = Exemption.objects.filter(course__in=courses, state=RequestState.APPROVED)
    for course, person in approved.values_list("course_id", "person_id"):
        exempt[course].add(person)
    return sessions, attendances, exempt
