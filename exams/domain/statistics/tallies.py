"""What is counted of a question's answers while they stream by: as large for a million answers as for a hundred."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exams.domain.statistics.formulas import (
    DistractorTable,
    Estimate,
    Moments,
    Spread,
    TooFew,
    discrimination,
    distractor_table,
    facility,
    spread,
)
from exams.domain.statistics.thresholds import Thresholds
from question_bank.enums import CHOICE_KINDS
from question_bank.models import QuestionVersion

# Rest scores are counted in whole per cent: people whose rest score is the same per cent count as equal.
PER_CENT = 101
# Seconds to two minutes, then tens to ten minutes; what is longer was an interruption and is counted as ten minutes.
SECONDS = (*range(120), *range(120, 601, 10))


class Face(NamedTuple):
    """What has to be known of a version: its options in the order written, and those that are right."""

    options: tuple[str, ...]
    right: frozenset[str]


def face_of(version: QuestionVersion, key: Mapping[str, Any]) -> Face:
    """``key`` is the one in force: that of the version, or a corrected one."""
    if version.kind not in CHOICE_KINDS:
        return Face((), frozenset())
    options = tuple(option["id"] for option in version.shown["options"])
    return Face(options, frozenset(key["options"]))


class Figures(NamedTuple):
    """The figures of one version over some time."""

    n: int
    facility: Estimate | TooFew
    # Answers on papers that have a rest to be held against.
    rest_n: int
    discrimination: Estimate | TooFew | None
    table: DistractorTable | TooFew | None
    seconds: Spread | TooFew


@dataclass(slots=True)
class ItemTally:
    """Sums and counts over the answers to one version."""

    face: Face
    n: int = 0
    partial: int = 0
    total: float = 0.0
    squares: float = 0.0
    moments: Moments = field(default_factory=Moments)
    # People by rest score, then for every option and for "no answer" those of them who picked it.
    picks: "array[int]" = field(init=False)
    seconds: "array[int]" = field(default_factory=lambda: array("I", bytes(4 * len(SECONDS))))

    def __post_init__(self) -> None:
        columns = len(self.face.options) + 2 if self.face.options else 0
        self.picks = array("I", bytes(4 * PER_CENT * columns))

    def add(self, share: float, rest: float | None, picked: Sequence[str] | None, seconds: int | None) -> None:
        """One answer: the share of its points it earned, that of the rest of its paper, its options, its time.

        ``rest`` is None on a paper of one question, ``picked`` where nothing was answered, ``seconds`` where they
        cannot be told.
        """
        self.n += 1
        self.total += share
        self.squares += share * share
        if 0 < share < 1:
            self.partial += 1
        if rest is not None:
            self.moments.add(share, rest)
            if self.picks:
                self._pick(round(100 * rest), picked)
        if seconds is not None:
            self.seconds[bisect_right(SECONDS, max(seconds, 0)) - 1] += 1

    def _pick(self, per_cent: int, picked: Sequence[str] | None) -> None:
        self.picks[per_cent] += 1
        options = self.face.options
        for option in picked or ():
            self.picks[PER_CENT * (1 + options.index(option)) + per_cent] += 1
        if not picked:
            self.picks[PER_CENT * (1 + len(options)) + per_cent] += 1

    def merge(self, other: "ItemTally") -> None:
        self.n += other.n
        self.partial += other.partial
        self.total += other.total
        self.squares += other.squares
        self.moments.merge(other.moments)
        for mine, theirs in ((self.picks, other.picks), (self.seconds, other.seconds)):
            for place, count in enumerate(theirs):
                if count:
                    mine[place] += count

    def figures(self, limits: Thresholds) -> Figures:
        return Figures(
            n=self.n,
            facility=facility(self.n, self.total, self.squares, dichotomous=not self.partial, least=limits.facility),
            rest_n=self.moments.n,
            discrimination=discrimination(self.moments, least=limits.discrimination),
            table=self._table(limits.thirds) if self.picks else None,
            seconds=spread(self.seconds, SECONDS, least=limits.seconds),
        )

    def _table(self, least: int) -> DistractorTable | TooFew:
        names: list[str | None] = [*self.face.options, None]
        picks = {name: self._column(place) for place, name in enumerate(names, start=1)}
        return distractor_table(self._column(0), picks, least=least)

    def _column(self, place: int) -> Mapping[int, int]:
        counts = self.picks[PER_CENT * place : PER_CENT * (place + 1)]
        return {per_cent: count for per_cent, count in enumerate(counts) if count}


def table_as_json(table: DistractorTable) -> dict[str, Any]:
    rows = [{"option": row.option, "picked": list(row.picked)} for row in table.rows]
    return {"people": list(table.people), "rows": rows}
