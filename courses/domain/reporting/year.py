"""The year table in the county's form: what was held how often, for how many, and who was reached."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from common.refusals import NotAllowed
from courses.domain.reporting.rosters import Days, rosters
from courses.domain.reporting.scope import may_report_on
from courses.domain.reporting.spans import Period, Span, periods_of
from courses.domain.reporting.tallies import (
    Line,
    Tally,
    added_up,
    held_sessions,
    lines_of,
    people_by,
    people_in,
    period_key,
    rows_of,
)
from courses.enums import Rhythm
from courses.models import CourseKind
from members.models import Division, User
from members.models.division import ancestor_codes

Key = TypeVar("Key", bound=Hashable)
_IN_A_YEAR = {Rhythm.WEEKLY: 52, Rhythm.MONTHLY: 12, Rhythm.QUARTERLY: 4, Rhythm.YEARLY: 1}
# No kind has this key.
_ALL = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """What was held, and whom it reached.

    ``people`` are different people who were there at least once. ``roster`` is the denominator of the coverage: the
    different people who served in the division on the day of at least one of these sessions (see ``rosters``).
    """

    courses: int
    sessions: int
    repeats: int
    tally: Tally
    people: int
    roster: int

    @property
    def coverage(self) -> float | None:
        return self.people / self.roster if self.roster else None


@dataclass(frozen=True, slots=True)
class KindYear:
    """One kind in one year."""

    kind: CourseKind
    reach: Reach

    @property
    def planned(self) -> int | None:
        """How often the rhythm of the kind wants it in a year; None: as needed."""
        often = _IN_A_YEAR.get(Rhythm(self.kind.rhythm))
        return often * self.kind.times if often else None

    @property
    def held(self) -> int:
        """To be held against ``planned``: courses of what comes a few times a year, meetings of what comes more often.

        A repeat is the same meeting for those who lacked it.
        """
        if self.kind.rhythm == Rhythm.YEARLY:
            return self.reach.courses
        return self.reach.sessions - self.reach.repeats

    @property
    def rhythm(self) -> str:
        if self.kind.rhythm == Rhythm.AS_NEEDED or self.kind.times == 1:
            return str(self.kind.get_rhythm_display())
        return _("%(rhythm)s, %(times)s times") % {
            "rhythm": self.kind.get_rhythm_display(),
            "times": self.kind.times,
        }


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One month or quarter, all kinds together."""

    period: Period
    sessions: int
    tally: Tally
    people: int


@dataclass(frozen=True, slots=True)
class YearTable:
    division: Division
    year: int
    kinds: list[KindYear]
    total: Reach
    periods: list[PeriodFigures]


def year_table(division: Division, year: int, *, by: User, months: int = 1) -> YearTable:
    """Training of the people of a division in a year. Raises NotAllowed.

    A session counts if somebody who served in the division was expected at it, or came. ``months`` is the length of a
    period: 1 or 3. Seven queries, however many people and sessions.
    """
    if not may_report_on(by, division):
        raise NotAllowed(_("You may not see the training of this division."))
    prefixes, parts = [division.prefix], periods_of(year, months=months)
    sessions = held_sessions(by=by, span=Span.of_year(year))
    rows, lines = rows_of(sessions, prefixes), lines_of(sessions, prefixes)
    by_kind = grouped(lines, lambda line: line.session.kind_id)
    groups: dict[int, list[Line]] = {**by_kind, _ALL: lines}
    roster = rosters({key: days_of(group, prefixes) for key, group in groups.items()})
    people: dict[int, int] = {**people_by(rows, "session__course__kind"), _ALL: people_in(rows)}
    kinds = [
        KindYear(kind, _reach(by_kind.get(kind.pk, []), people.get(kind.pk, 0), roster.get(kind.pk, 0)))
        for kind in _kinds(division, by_kind)
    ]
    periods = _periods(parts, lines, people_by(rows, period_key(parts)))
    return YearTable(division, year, kinds, _reach(lines, people[_ALL], roster[_ALL]), periods)


def years_held(*, by: User) -> list[int]:
    """Years in which something was held, the latest first."""
    return [day.year for day in held_sessions(by=by).dates("starts_at", "year", order="DESC")]


def grouped(lines: Iterable[Line], key: Callable[[Line], Key]) -> dict[Key, list[Line]]:
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return dict(groups)


def days_of(lines: Iterable[Line], prefixes: Sequence[str]) -> Days:
    return Days(frozenset(line.session.day for line in lines), tuple(prefixes))


def _reach(lines: Sequence[Line], people: int, roster: int) -> Reach:
    sessions = {line.session for line in lines}
    return Reach(
        courses=len({session.course_id for session in sessions}),
        sessions=len(sessions),
        repeats=sum(session.repeat_of_id is not None for session in sessions),
        tally=added_up(lines),
        people=people,
        roster=roster,
    )


def _kinds(division: Division, held: Iterable[int]) -> list[CourseKind]:
    """Those that may be chosen for people of the division, and those of which something was held."""
    own = Q(division__code__in=ancestor_codes(division.prefix)) | Q(division__code__startswith=division.prefix)
    kinds = CourseKind.objects.filter(own & Q(is_active=True) | Q(pk__in=list(held)))
    return list(kinds.select_related("division").order_by("division__code", "code"))


def _periods(parts: Iterable[Period], lines: Iterable[Line], people: dict[int, int]) -> list[PeriodFigures]:
    lines = list(lines)
    figures = []
    for period in parts:
        inside = [line for line in lines if period.span.first <= line.session.day <= period.span.last]
        sessions = {line.session.id for line in inside}
        figures.append(PeriodFigures(period, len(sessions), added_up(inside), people.get(period.number, 0)))
    return figures
