"""Attendance added up, session by session and township by township."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from courses.domain.reporting.spans import Period, Span
from courses.enums import ATTENDED_STATES, AttendanceState, SessionState
from courses.models import Attendance, Course, CourseKind, Session
from members.models import User

TOWNSHIP_DIGITS = 9
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were expected, and where they were: ``present`` counts those who were late, too.

    ``guests`` came without being expected; they are attendances, but never in the rate.
    """

    expected: int = 0
    present: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0
    guests: int = 0

    @property
    def attendances(self) -> int:
        return self.present + self.guests

    @property
    def rate(self) -> float | None:
        """Of everybody expected, how many came: a session with many people weighs more than one with few."""
        return self.present / self.expected if self.expected else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


class Held(NamedTuple):
    """A session that is over, of which everybody expected has a row."""

    id: int
    course_id: int
    kind_id: int
    starts_at: datetime
    repeat_of_id: int | None

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)


class Line(NamedTuple):
    """One township in one session. ``township`` are the nine digits its code begins with."""

    session: Held
    township: str
    tally: Tally


def held_sessions(*, by: User, span: Span | None = None, kind: CourseKind | None = None) -> QuerySet[Session]:
    """Sessions of courses this person may see that were held in the span."""
    sessions = Session.objects.filter(course__in=Course.objects.visible_to(by), state=SessionState.HELD)
    if span:
        sessions = sessions.filter(starts_at__gte=span.begins, starts_at__lt=span.ends)
    return (sessions.filter(course__kind=kind) if kind else sessions).order_by()


def rows_of(sessions: QuerySet[Session], prefixes: Iterable[str]) -> QuerySet[Attendance]:
    """Attendances of those sessions, of people who served inside one of ``prefixes`` on the day."""
    return Attendance.objects.filter(session__in=sessions.values("pk")).within_any(prefixes).order_by()


def lines_of(sessions: QuerySet[Session], prefixes: Sequence[str]) -> list[Line]:
    """Two queries; as many lines as sessions times townships, however many people."""
    held = {row[0]: Held(*row) for row in sessions.values_list("pk", "course_id", "course__kind_id", *Held._fields[3:])}
    expected = Q(is_guest=False)
    counted = (
        rows_of(sessions, prefixes)
        .annotate(township=Substr("division_code", 1, TOWNSHIP_DIGITS))
        .values_list("session_id", "township")
        .annotate(
            expected=Count("pk", filter=expected),
            present=Count("pk", filter=expected & Q(state__in=ATTENDED_STATES)),
            late=Count("pk", filter=expected & Q(state=AttendanceState.LATE)),
            excused=Count("pk", filter=expected & Q(state=AttendanceState.EXCUSED)),
            absent=Count("pk", filter=expected & Q(state=AttendanceState.ABSENT)),
            guests=Count("pk", filter=Q(is_guest=True, state__in=ATTENDED_STATES)),
        )
        .order_by("session_id", "township")
    )
    return [Line(held[session], township, Tally(*numbers)) for session, township, *numbers in counted]


def added_up(lines: Iterable[Line]) -> Tally:
    return sum((line.tally for line in lines), Tally())


def people_by(rows: QuerySet[Attendance], key: Any) -> dict[Any, int]:
    """How many different people were there, for each value of ``key``: a field or an expression. One query."""
    attended = rows.filter(state__in=ATTENDED_STATES)
    if not isinstance(key, str):
        attended, key = attended.annotate(key=key), "key"
    return dict(attended.values_list(key).annotate(people=Count("person", distinct=True)).order_by())


def people_in(rows: QuerySet[Attendance]) -> int:
    return int(rows.filter(state__in=ATTENDED_STATES).aggregate(people=Count("person", distinct=True))["people"])


def period_key(periods: Iterable[Period]) -> Case:
    """The number of the period a session lies in.

    Compared with moments, since taking a date from one costs SQLite a call of Python for every row.
    """
    parts = [When(session__starts_at__lt=period.span.ends, then=Value(period.number)) for period in periods]
    return Case(*parts, default=Value(0), output_field=IntegerField())
