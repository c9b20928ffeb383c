"""Who was in which session of a course: people down, sessions across."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from courses.enums import SessionState
from courses.models import Attendance, Course, Enrolment, Session
from members.models import User


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person; a cell for each session: what is known of it, or None."""

    enrolment: Enrolment
    cells: list[Attendance | None]


def enrolled(course: Course, *, by: User) -> QuerySet[Enrolment]:
    """Whoever is or was in the course, of the people this person looks after, in the order of places."""
    rows = Enrolment.objects.filter(course=course).visible_to(by)
    return rows.select_related("person", "team__division").order_by(
        # Who has no team comes last in either database.
        "division_code",
        F("team__code").asc(nulls_last=True),
        "person__code",
    )


def sessions_of(course: Course) -> list[Session]:
    """Those that take place, in the order of time."""
    return list(course.sessions.taking_place().order_by("starts_at", "pk"))


def matrix_rows(enrolments: Sequence[Enrolment], sessions: Sequence[Session]) -> list[MatrixRow]:
    """The part of the matrix with these people and these sessions. One query."""
    people = [enrolment.person_id for enrolment in enrolments]
    known = {
        (row.person_id, row.session_id): row
        for row in Attendance.objects.filter(session__in=sessions, person__in=people).order_by()
    }
    return [
        MatrixRow(enrolment, [known.get((enrolment.person_id, session.pk)) for session in sessions])
        for enrolment in enrolments
    ]


def is_settled(session: Session) -> bool:
    """Then an empty cell says that the person was not expected."""
    return session.state == SessionState.HELD
