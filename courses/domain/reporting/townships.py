"""Figures by township, in the order of their codes, never ranked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils import timezone

from courses.domain.progress import measured_in
from courses.domain.reporting.rosters import rosters
from courses.domain.reporting.scope import reach
from courses.domain.reporting.spans import Span
from courses.domain.reporting.tallies import (
    TOWNSHIP_DIGITS,
    Line,
    Tally,
    added_up,
    held_sessions,
    lines_of,
    people_by,
    people_in,
    rows_of,
)
from courses.domain.reporting.year import days_of, grouped
from courses.enums import CourseState, Outcome
from courses.models import Course, CourseKind, Enrolment
from members.models import Division, User

_ALL = ""


@dataclass(frozen=True, slots=True)
class TownshipFigures:
    """``gaps`` are people times courses that somebody still lacks, or did not complete; see ``Reach`` for the rest."""

    code: str
    name: str
    sessions: int
    tally: Tally
    people: int
    roster: int
    gaps: int

    @property
    def coverage(self) -> float | None:
        return self.people / self.roster if self.roster else None


@dataclass(frozen=True, slots=True)
class Townships:
    rows: list[TownshipFigures]
    total: TownshipFigures


def township_figures(
    courses: Sequence[Course],
    *,
    by: User,
    at: datetime,
    total: str,
    span: Span | None = None,
    kind: CourseKind | None = None,
    division: Division | None = None,
) -> Townships:
    """Attendance by township, of people this person looks after, with a line for all together named ``total``.

    ``courses`` are those whose gaps are told; with no ``span`` it is about these courses alone.
    Fourteen queries at most, however many courses and people.
    """
    prefixes = reach(by, division)
    sessions = held_sessions(by=by, span=span, kind=kind)
    if span is None:
        sessions = sessions.filter(course__in=courses)
    lines, rows = lines_of(sessions, prefixes), rows_of(sessions, prefixes)
    groups: dict[str, list[Line]] = {**grouped(lines, lambda line: line.township), _ALL: lines}
    roster = rosters({key: days_of(group, [key] if key else prefixes) for key, group in groups.items()})
    place = Substr("division_code", 1, TOWNSHIP_DIGITS)
    people: dict[str, int] = {**people_by(rows, place), _ALL: people_in(rows)}
    gaps = gaps_by_township(courses, prefixes, at=at)
    codes = sorted({key for key in groups if key} | gaps.keys())
    names = _names(codes)

    def figures(key: str, name: str) -> TownshipFigures:
        group = groups.get(key, [])
        return TownshipFigures(
            code=key.ljust(12, "0") if key else "",
            name=name,
            sessions=len({line.session for line in group}),
            tally=added_up(group),
            people=people.get(key, 0),
            roster=roster.get(key, 0),
            gaps=gaps[key] if key else gaps.total(),
        )

    return Townships([figures(code, names.get(code, code)) for code in codes], figures(_ALL, total))


def gaps_by_township(courses: Sequence[Course], prefixes: Sequence[str], *, at: datetime) -> Counter[str]:
    """Keys are the nine digits of townships. Seven queries at most."""
    closed = [course.pk for course in courses if course.state == CourseState.CLOSED]
    place = Substr("division_code", 1, TOWNSHIP_DIGITS)
    rows = Enrolment.objects.filter(course__in=closed, outcome=Outcome.EXPLAINED).within_any(prefixes)
    found = Counter(dict(rows.annotate(place=place).order_by().values_list("place").annotate(Count("pk"))))
    open_ones = [course for course in courses if course.state == CourseState.OPEN]
    belonging = Enrolment.objects.active(on=timezone.localdate(at)).within_any(prefixes)
    for each in measured_in(open_ones, belonging):
        if each.is_gap:
            found[each.enrolment.division_code[:TOWNSHIP_DIGITS]] += 1
    return found


def _names(codes: Sequence[str]) -> dict[str, str]:
    full = [code.ljust(12, "0") for code in codes]
    named = Division.objects.filter(code__in=full).values_list("code", "name")
    return {code[:TOWNSHIP_DIGITS]: name for code, name in named}
