"""Who is behind: what keeps a course from being closed, told apart from what is simply still to come."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from courses.domain.progress import Progress, belonging_to, gaps, measured_in
from courses.enums import CourseState
from courses.models import Course, Enrolment
from members.models import User

# Beyond so many enrolments a list of courses leaves the figures to the page of each.
MOST_MEASURED = 20_000


def is_behind(progress: Progress) -> bool:
    """A gap that a session to come does not fill by itself: something was held without them, or nothing is planned.

    Once no session of the course is to come, every gap is one.
    """
    if not progress.is_gap:
        return False
    return not progress.missing or not progress.is_covered or any(each.was_missed for each in progress.missing)


def behind(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> list[Progress]:
    """The gap list: who is behind, by place. At most six queries, however many people."""
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
    def of(cls, found: Iterable[Progress]) -> "Figures":
        counted: Counter[str] = Counter()
        for each in found:
            late = is_behind(each)
            counted["people"] += 1
            counted["completed"] += each.is_completed
            counted["exempt"] += each.is_exempt and not each.is_completed
            counted["behind"] += late
            counted["unexplained"] += late and each.lacks_reason
        return cls(**{name: counted[name] for name in cls.__slots__})


def figures_of(course: Course, *, at: datetime, within: Iterable[str] | None = None) -> Figures:
    """How the people of one course stand. At most six queries."""
    return Figures.of(measured_in([course], belonging_to(course, at=at, within=within)))


def figures_of_open(courses: Iterable[Course], *, of: User) -> Mapping[int, Figures]:
    """By course, for those of ``courses`` that are open, of the people ``of`` looks after.

    Seven queries, however many courses; nothing where there are too many people for a list.
    """
    open_ones = {course.pk: course for course in courses if course.state == CourseState.OPEN}
    rows = Enrolment.objects.visible_to(of).filter(course__in=open_ones, left_on=None)
    if not open_ones or rows.count() > MOST_MEASURED:
        return {}
    found: dict[int, list[Progress]] = {pk: [] for pk in open_ones}
    for progress in measured_in(open_ones.values(), rows):
        found[progress.enrolment.course_id].append(progress)
    return {pk: Figures.of(each) for pk, each in found.items()}
