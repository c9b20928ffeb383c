"""Figures of courses: sessions and attendance in a span, completion over the whole of the course."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.domain.progress import measured_in
from courses.domain.reporting.feedback import Opinion, opinions
from courses.domain.reporting.scope import reach
from courses.domain.reporting.spans import Span
from courses.domain.reporting.tallies import Tally, added_up, held_sessions, lines_of
from courses.domain.reporting.year import grouped
from courses.enums import SHOWN_COURSE_STATES, CourseState, Outcome
from courses.models import Course, CourseKind, Enrolment, Session
from exams.models import Candidate, Exam
from members.models import Division, User


@dataclass(frozen=True, slots=True)
class Completion:
    """Of the people who belong to a course now, or belonged to it when it was closed."""

    people: int = 0
    completed: int = 0
    exempt: int = 0
    gaps: int = 0
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """``passed`` is None where there is no follow-up test."""

    course: Course
    sessions: int
    tally: Tally
    completion: Completion
    passed: int | None
    opinion: Opinion | None


def reported_courses(*, by: User, span: Span, kind: CourseKind | None = None) -> QuerySet[Course]:
    """Courses this person may see, of which something takes place in the span."""
    sessions = Session.objects.taking_place().between(span.begins, span.ends).filter(course=OuterRef("pk"))
    courses = Course.objects.visible_to(by).filter(Exists(sessions), state__in=SHOWN_COURSE_STATES)
    return (courses.filter(kind=kind) if kind else courses).select_related(
        "kind", "division", "audience_division", "exam"
    )


def course_figures(
    courses: Sequence[Course], *, by: User, at: datetime, span: Span | None = None, division: Division | None = None
) -> list[CourseFigures]:
    """The figures of a page of courses, of the people this person looks after.

    A constant number of queries, however many courses and people.
    """
    prefixes = reach(by, division)
    sessions = held_sessions(by=by, span=span).filter(course__in=courses)
    lines = grouped(lines_of(sessions, prefixes), lambda line: line.session.course_id)
    completions = _closed(courses, prefixes) | _open(courses, prefixes, at=at)
    tests = passed_tests(courses, prefixes)
    thought = opinions(held_sessions(by=by).filter(course__in=courses), "course")
    return [
        CourseFigures(
            course,
            sessions=len({line.session for line in lines.get(course.pk, [])}),
            tally=added_up(lines.get(course.pk, [])),
            completion=completions.get(course.pk, Completion()),
            passed=tests.get(course.pk, 0) if course.exam_id else None,
            opinion=thought.get(course.pk),
        )
        for course in courses
    ]


def _open(courses: Iterable[Course], prefixes: Sequence[str], *, at: datetime) -> dict[int, Completion]:
    """How the courses stand that are open. Six queries."""
    found = {course.pk: Counter[str]() for course in courses if course.state == CourseState.OPEN}
    rows = Enrolment.objects.active(on=timezone.localdate(at)).within_any(prefixes)
    for each in measured_in((course for course in courses if course.pk in found), rows):
        counted = found[each.enrolment.course_id]
        counted["people"] += 1
        counted[each.outcome] += 1
        counted["unexplained"] += not each.is_explained
    return {
        pk: Completion(
            people=counted["people"],
            completed=counted[Outcome.COMPLETED],
            exempt=counted[Outcome.EXEMPT],
            gaps=counted[Outcome.EXPLAINED],
            unexplained=counted["unexplained"],
        )
        for pk, counted in found.items()
    }


def _closed(courses: Sequence[Course], prefixes: Sequence[str]) -> dict[int, Completion]:
    """What was written down when a course was closed. One query."""
    closed = [course.pk for course in courses if course.state == CourseState.CLOSED]
    rows = (
        Enrolment.objects.filter(course__in=closed)
        .within_any(prefixes)
        .exclude(outcome=Outcome.LEFT)
        .order_by()
        .values_list("course")
        .annotate(
            people=Count("pk"),
            completed=Count("pk", filter=Q(outcome=Outcome.COMPLETED)),
            exempt=Count("pk", filter=Q(outcome=Outcome.EXEMPT)),
            gaps=Count("pk", filter=Q(outcome=Outcome.EXPLAINED)),
        )
    )
    return dict.fromkeys(closed, Completion()) | {row[0]: Completion(*row[1:]) for row in rows}


def passed_tests(courses: Sequence[Course], prefixes: Sequence[str]) -> dict[int, int]:
    """How many people of each course passed its follow-up test, or a retake of it. Two queries."""
    tests = [course.exam_id for course in courses if course.exam_id]
    if not tests:
        return {}
    reached = Q(pk__in=[])
    for exam in Exam.objects.settled().filter(Q(pk__in=tests) | Q(retake_of__in=tests)):
        scores = Candidate.objects.filter(exam=exam, score__gte=exam.pass_points, person=OuterRef("person"))
        reached |= Q(course__exam=exam.retake_of_id or exam.pk) & Q(Exists(scores))
    people = Enrolment.objects.filter(reached, course__in=courses).within_any(prefixes)
    return dict(people.order_by().values_list("course").annotate(Count("pk")))
