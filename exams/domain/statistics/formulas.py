"""The formulas, each with its source. Nothing here reads the database; ``docs/statistics.md`` explains them.

A figure that would rest on too few answers is ``TooFew``, which knows how many there were, and is no number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import atanh, inf, sqrt, tanh
from typing import NamedTuple

# Two-sided 95%.
Z = 1.959963984540054


class TooFew(NamedTuple):
    """Not enough answers for this figure."""

    n: int


class Estimate(NamedTuple):
    """A figure with the ends of its 95% interval, from ``n`` answers."""

    value: float
    low: float
    high: float
    n: int


class Spread(NamedTuple):
    """Median and quartiles."""

    median: float
    lower: float
    upper: float
    n: int


# -- facility ---------------------------------------------------------------------------------


def wilson(right: float, n: int, *, z: float = Z) -> tuple[float, float]:
    """Score interval of a proportion (Wilson 1927; method 3 of Newcombe, Statistics in Medicine 17, 1998, 857-872)."""
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At the ends rounding must not leave a hair outside.
    return (0.0 if right == 0 else max(middle - half, 0.0)), (1.0 if right == n else min(middle + half, 1.0))


def facility(n: int, total: float, squares: float, *, dichotomous: bool, least: int) -> Estimate | TooFew:
    """Mean share of the points that ``n`` answers earned, from the sums of the shares and of their squares.

    Nothing but right and wrong: Wilson's interval. With partial credit: the normal interval of a mean, within 0 to 1.
    """
    if n < max(least, 2):
        return TooFew(n)
    mean = total / n
    if dichotomous:
        return Estimate(mean, *wilson(total, n), n)
    variance = max(squares - n * mean * mean, 0.0) / (n - 1)
    half = Z * sqrt(variance / n)
    return Estimate(mean, max(mean - half, 0.0), min(mean + half, 1.0), n)


def difference(later: Estimate, earlier: Estimate) -> Estimate:
    """How far two independent facilities lie apart, with the interval made of theirs.

    Of two Wilson intervals it is the hybrid score interval (method 10 of Newcombe, Statistics in Medicine 17, 1998,
    873-890); of any two it is the method of variance estimates recovery (Zou and Donner, ibid. 27, 2008, 1693-1702).
    """
    apart = later.value - earlier.value
    below = sqrt((later.value - later.low) ** 2 + (earlier.high - earlier.value) ** 2)
    above = sqrt((later.high - later.value) ** 2 + (earlier.value - earlier.low) ** 2)
    return Estimate(apart, apart - below, apart + above, later.n + earlier.n)


def z_of_difference(apart: Estimate) -> float:
    """How many standard errors a difference lies from zero, by the side of its 95% interval that points there."""
    towards_zero = apart.value - apart.low if apart.value > 0 else apart.high - apart.value
    return Z * abs(apart.value) / towards_zero if towards_zero else inf if apart.value else 0.0


def two_proportion_z(later: Estimate, earlier: Estimate) -> float:
    """The pooled z of two proportions; its square is Pearson's chi-squared of the fourfold table."""
    pooled = (later.value * later.n + earlier.value * earlier.n) / (later.n + earlier.n)
    error = sqrt(pooled * (1 - pooled) * (1 / later.n + 1 / earlier.n))
    return (later.value - earlier.value) / error if error else 0.0


# -- discrimination -----------------------------------------------------------------------------


@dataclass(slots=True)
class Moments:
    """Sums over pairs: the share ``x`` an answer earned, and the share ``y`` of the points of the rest of its paper."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        self.n += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y

    def merge(self, other: "Moments") -> None:
        for name in ("n", "x", "y", "xx", "yy", "xy"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def discrimination(sums: Moments, *, least: int) -> Estimate | TooFew | None:
    """Corrected item-total correlation; None where everybody earned the same, on the item or on the rest.

    The item is left out of the total it is held against (Henrysson, Psychometrika 28, 1963, 211-218). Papers are
    drawn at random, so the total is the share of the points of the rest of the same paper. The interval is Fisher's.
    """
    if sums.n < max(least, 4):
        return TooFew(sums.n)
    n = sums.n
    variance_x = sums.xx - sums.x * sums.x / n
    variance_y = sums.yy - sums.y * sums.y / n
    # What rounding leaves of a variance of nothing is no variance.
    if variance_x <= 1e-9 * n or variance_y <= 1e-9 * n:
        return None
    r = (sums.xy - sums.x * sums.y / n) / sqrt(variance_x * variance_y)
    r = min(max(r, -1.0), 1.0)
    return Estimate(r, *_fisher(r, n), n)


def _fisher(r: float, n: int) -> tuple[float, float]:
    if abs(r) == 1:
        return r, r
    middle, half = atanh(r), Z / sqrt(n - 3)
    return tanh(middle - half), tanh(middle + half)


def z_below_zero(r: Estimate) -> float:
    """How many standard errors a correlation lies below zero, on Fisher's scale."""
    return inf if r.value <= -1 else -atanh(min(r.value, 1 - 1e-12)) * sqrt(r.n - 3)


# -- thirds -------------------------------------------------------------------------------------

LOWER, MIDDLE, UPPER = 0, 1, 2


def thirds(counts: Mapping[int, int]) -> dict[int, int]:
    """Which third each value belongs to, from how many people have it.

    People with the same value stay together: the group goes where its middle stands (by mid-rank), below or at a
    third, above two thirds, or between. So ties are broken by nobody's order, and thirds may be of unequal size.
    """
    everybody, below, places = sum(counts.values()), 0, {}
    for value in sorted(counts):
        # Six times the mid-rank, to compare whole numbers.
        middle = 3 * (2 * below + counts[value])
        places[value] = LOWER if middle <= 2 * everybody else UPPER if middle >= 4 * everybody else MIDDLE
        below += counts[value]
    return places


class OptionByThird(NamedTuple):
    """How many people of the lower, middle and upper third picked an option; ``None`` is "no answer"."""

    option: str | None
    picked: tuple[int, int, int]


class DistractorTable(NamedTuple):
    people: tuple[int, int, int]
    rows: list[OptionByThird]


def distractor_table(
    people: Mapping[int, int], picks: Mapping[str | None, Mapping[int, int]], *, least: int
) -> DistractorTable | TooFew:
    """Who picked what, by third of the rest score (Kelley 1939 argued for 27%; thirds keep small groups whole).

    ``people`` counts the people by their rest score, ``picks`` those of them who picked an option.
    """
    n = sum(people.values())
    if n < least:
        return TooFew(n)
    place = thirds(people)
    rows = [OptionByThird(option, _by_third(counts, place)) for option, counts in picks.items()]
    return DistractorTable(_by_third(people, place), rows)


def _by_third(counts: Mapping[int, int], place: Mapping[int, int]) -> tuple[int, int, int]:
    found = [0, 0, 0]
    for value, count in counts.items():
        found[place[value]] += count
    return found[LOWER], found[MIDDLE], found[UPPER]


# -- times --------------------------------------------------------------------------------------


def spread(counts: Sequence[int], values: Sequence[float], *, least: int) -> Spread | TooFew:
    """Median and quartiles of ``values`` in rising order, each as often as ``counts`` says.

    The smallest value that at least that share of them reach: definition 1 of Hyndman and Fan, The American
    Statistician 50, 1996, 361-365. It is always a value that occurred.
    """
    n = sum(counts)
    if n < max(least, 1):
        return TooFew(n)
    quarter, half, three = (_reached(counts, values, n * share) for share in (0.25, 0.5, 0.75))
    return Spread(half, quarter, three, n)


def _reached(counts: Sequence[int], values: Sequence[float], wanted: float) -> float:
    seen = 0
    for count, value in zip(counts, values, strict=True):
        seen += count
        if count and seen >= wanted:
            return value
    raise ValueError(wanted)


# -- reliability ----------------------------------------------------------------------------------


class Reliability(NamedTuple):
    """How far a repetition with other questions would bring the same scores, and the error of one score in points."""

    value: float
    standard_error: float
    n: int


@dataclass(slots=True)
class Stratum:
    """Sums over the questions of one worth, in points: ``within`` is the sum of squares inside persons."""

    questions: int = 0
    within: float = 0.0
    freedom: int = 0


@dataclass(slots=True)
class PaperSums:
    """What reliability needs to know of the papers of an exam; grows with the kinds of worth, not with the papers."""

    persons: int = 0
    total: float = 0.0
    squares: float = 0.0
    strata: dict[float, Stratum] = field(default_factory=dict)
    # Of the shares of all questions of a paper together, for worths that occur once a paper.
    share_within: float = 0.0
    share_freedom: int = 0

    def add(self, items: Iterable[tuple[float, float]]) -> None:
        """One person's paper: ``(points earned, points it is worth)`` of every question."""
        by_worth: dict[float, list[float]] = {}
        for earned, worth in items:
            by_worth.setdefault(worth, []).append(earned)
        self._add_total(sum(map(sum, by_worth.values())))
        shares = [earned / worth for worth, scores in by_worth.items() for earned in scores]
        if len(shares) > 1:
            self.share_within += _squares_within(shares)
            self.share_freedom += len(shares) - 1
        for worth, scores in by_worth.items():
            stratum = self.strata.setdefault(worth, Stratum())
            stratum.questions += len(scores)
            if len(scores) > 1:
                stratum.within += _squares_within(scores)
                stratum.freedom += len(scores) - 1

    def _add_total(self, total: float) -> None:
        self.persons += 1
        self.total += total
        self.squares += total * total

    def mean(self) -> float:
        return self.total / self.persons

    def variance(self) -> float:
        """Of the totals."""
        return max(self.squares - self.total * self.total / self.persons, 0.0) / (self.persons - 1)


def _squares_within(scores: Sequence[float]) -> float:
    total = sum(scores)
    return max(sum(score * score for score in scores) - total * total / len(scores), 0.0)


def reliability(sums: PaperSums, *, least: int) -> Reliability | TooFew | None:
    """Reliability of scores on papers drawn at random; None where it cannot be told (all totals equal, one question).

    Everybody has other questions: the design is persons with items nested in persons, i:p (Brennan, Generalizability
    Theory, 2001). The error of a total of n questions is n times the variance of items within persons; reliability is
    what is left of the variance of the totals. With equal points and equal papers this is ICC(1,k), the one-way
    intraclass correlation of the mean of k (Shrout and Fleiss, Psychological Bulletin 86, 1979, 420-428).

    Questions of unequal worth are strata: papers hold a fixed number of each, so the errors of the strata add up
    (stratified as in Cronbach, Schönemann and McKie, Educational and Psychological Measurement 25, 1965, 291-312).
    A worth that occurs once a paper borrows the variance of the shares of all questions of a paper.
    Below zero it is said as zero, as Brennan does with estimates of variances.
    """
    if sums.persons < max(least, 2):
        return TooFew(sums.persons)
    error, observed = _error_variance(sums), sums.variance()
    if error is None or observed <= 1e-9:
        return None
    return Reliability(max(1 - error / observed, 0.0), sqrt(error), sums.persons)


def _error_variance(sums: PaperSums) -> float | None:
    """Of a total, in points squared."""
    if not sums.share_freedom:
        return None
    shares = sums.share_within / sums.share_freedom
    error = 0.0
    for worth, stratum in sums.strata.items():
        within = stratum.within / stratum.freedom if stratum.freedom else worth * worth * shares
        error += stratum.questions / sums.persons * within
    return error
