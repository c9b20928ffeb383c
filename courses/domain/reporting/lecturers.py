"""Figures of who lectures."""

from dataclasses import dataclass

from django.db.models import Count

from courses.domain.reporting.feedback import Opinion, opinions
from courses.domain.reporting.scope import reach
from courses.domain.reporting.spans import Span
from courses.domain.reporting.tallies import held_sessions, people_by, rows_of
from courses.models import CourseKind, Lecturer
from members.models import Division, User


@dataclass(frozen=True, slots=True)
class LecturerFigures:
    lecturer: Lecturer
    sessions: int
    people: int
    opinion: Opinion | None


def lecturer_figures(
    *, by: User, span: Span, kind: CourseKind | None = None, division: Division | None = None
) -> list[LecturerFigures]:
    """Lecturers of sessions this person may see, by name, never ranked. Four queries.

    ``people`` are different people of this person's divisions; what they thought is told of everybody.
    """
    sessions = held_sessions(by=by, span=span, kind=kind)
    held = dict(
        sessions.filter(lecturers__isnull=False)
        .values_list("lecturers")
        .annotate(Count("pk", distinct=True))
        .order_by()
    )
    people = people_by(rows_of(sessions, reach(by, division)), "session__lecturers")
    thought = opinions(sessions, "lecturers")
    return [
        LecturerFigures(lecturer, held[lecturer.pk], people.get(lecturer.pk, 0), thought.get(lecturer.pk))
        for lecturer in Lecturer.objects.filter(pk__in=held).order_by("name", "organisation", "pk")
    ]
