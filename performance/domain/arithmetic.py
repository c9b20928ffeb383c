"""The arithmetic of an appraisal: from findings to lines, totals and grades. No database, no clock.

Figures are decimals. A line is rounded to the cent, halves away from zero, and a total is the sum of its lines, so
that everybody can add it up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from common.evidence import Finding, Post
from performance.enums import WhenEmpty

FULL, NOTHING = Decimal(100), Decimal(0)
CENT, FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")


class Rule(NamedTuple):
    """An indicator as far as the arithmetic needs it. Role and category empty: for all."""

    indicator: int
    title: str
    source: str
    weight: Decimal
    role: str = ""
    staff_category: str = ""
    when_empty: str = WhenEmpty.LEAVE_OUT

    def applies_to(self, post: Post) -> bool:
        return self.role in ("", post.role) and self.staff_category in ("", post.staff_category)


@dataclass(frozen=True, slots=True)
class Line:
    """What one indicator is worth for one person: ``points = percent / 100 × weight``, to the cent."""

    rule: Rule
    weight: Decimal
    percent: Decimal | None
    points: Decimal
    finding: Finding | None = None
    is_missing: bool = False


def lines_of(rules: Iterable[Rule], posts: Sequence[Post], findings: Mapping[int, Finding]) -> list[Line]:
    """The lines of somebody with ``posts``; ``findings`` by id of the indicator.

    An indicator weighs as much as the part of the days served on which it applied. Where there is no evidence, its
    weight goes to the other lines in proportion, or it is worth nothing, as its rule says.
    """
    days = sum(post.days for post in posts)
    shares = [(rule, sum(post.days for post in posts if rule.applies_to(post))) for rule in rules]
    weighed = [(rule, rule.weight * part / days, findings.get(rule.indicator)) for rule, part in shares if part]
    whole = sum((weight for _rule, weight, _finding in weighed), NOTHING)
    counted = sum((weight for rule, weight, finding in weighed if _counts(rule, finding)), NOTHING)
    return [_line(rule, weight, finding, whole, counted) for rule, weight, finding in weighed]


def _counts(rule: Rule, finding: Finding | None) -> bool:
    return rule.when_empty != WhenEmpty.LEAVE_OUT or (finding is not None and finding.percent is not None)


def _line(rule: Rule, weight: Decimal, finding: Finding | None, whole: Decimal, counted: Decimal) -> Line:
    percent = finding.percent if finding else None
    if not _counts(rule, finding):
        return Line(rule, NOTHING, None, NOTHING, finding)
    share = weight * whole / counted
    points = ((percent or NOTHING) * share / FULL).quantize(CENT, ROUND_HALF_UP)
    is_missing = percent is None and rule.when_empty == WhenEmpty.MISSING
    return Line(rule, share.quantize(FOUR_PLACES, ROUND_HALF_UP), percent, points, finding, is_missing)


class GradeRule(NamedTuple):
    label: str
    from_points: Decimal
    quota_percent: int | None = None


class VetoRule(NamedTuple):
    title: str
    source: str
    counted: str
    at_least: int
    best_grade: int


class Limit(NamedTuple):
    """What keeps a grade from being better. ``place``: the best that is possible with it (1 is the best)."""

    kind: str  # "veto" or "quota"
    text: str
    place: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's total on the way to a grade."""

    person: int
    staff_category: str
    total: Decimal
    vetoes: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Graded:
    label: str
    place: int
    rank: int
    limits: tuple[Limit, ...] = field(default=())


def vetoes_of(rules: Iterable[VetoRule], counts: Mapping[tuple[str, str], int]) -> tuple[Limit, ...]:
    """The veto conditions that are met; ``counts`` by source and what it counts."""
    met = [rule for rule in rules if counts.get((rule.source, rule.counted), 0) >= rule.at_least]
    return tuple(Limit("veto", rule.title, rule.best_grade) for rule in met)


def graded(
    standings: Iterable[Standing], grades: Mapping[str, Sequence[GradeRule]], *, over_quota: str
) -> dict[int, Graded]:
    """Grades by person. ``grades`` of each category from the best to the last; ``over_quota`` is said to who is.

    Quotas count everybody of the category. Where more people reach a grade than it may have, the higher totals have
    it; whoever has the same total as the first one left out is left out too, so that no chance decides.
    """
    by_category: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        by_category[standing.staff_category].append(standing)
    found: dict[int, Graded] = {}
    for category, people in by_category.items():
        found |= _graded_category(people, grades[category], over_quota)
    return found


def _graded_category(people: list[Standing], grades: Sequence[GradeRule], over_quota: str) -> dict[int, Graded]:
    people = sorted(people, key=lambda each: (-each.total, each.person))
    ranks = _ranks(people)
    found = {each.person: _by_points(each, grades, ranks[each.person]) for each in people}
    for place, grade in enumerate(grades[:-1], start=1):
        if grade.quota_percent is None:
            continue
        holders = [each for each in people if found[each.person].place == place]
        for each in _beyond(holders, len(people) * grade.quota_percent // 100):
            lower = Limit("quota", over_quota, place + 1)
            before = found[each.person]
            found[each.person] = replace(
                before, label=grades[place].label, place=place + 1, limits=(*before.limits, lower)
            )
    return found


def _ranks(people: Sequence[Standing]) -> dict[int, int]:
    """Equal totals share a rank; ``people`` are sorted."""
    ranks: dict[int, int] = {}
    rank, before = 0, None
    for number, each in enumerate(people, start=1):
        if each.total != before:
            rank, before = number, each.total
        ranks[each.person] = rank
    return ranks


def _by_points(standing: Standing, grades: Sequence[GradeRule], rank: int) -> Graded:
    reached = next((n for n, grade in enumerate(grades, start=1) if standing.total >= grade.from_points), len(grades))
    limits = tuple(limit for limit in standing.vetoes if min(limit.place, len(grades)) > reached)
    place = max([reached, *(min(limit.place, len(grades)) for limit in limits)])
    return Graded(grades[place - 1].label, place, rank, limits)


def _beyond(holders: Sequence[Standing], allowed: int) -> Sequence[Standing]:
    """Those of ``holders`` (highest totals first) that are too many."""
    if len(holders) <= allowed:
        return ()
    first_out = holders[allowed].total
    return [each for each in holders if each.total <= first_out]
