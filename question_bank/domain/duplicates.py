"""Questions that say nearly the same.

Candidates are found by the rarest pairs of characters they share (the prefix filter of Bayardo, Ma and Srikant,
"Scaling up all pairs similarity search", WWW 2007, section 4; its longer prefixes that ask for several shared ones are
those of Wang, Li and Feng, "Can we beat the prefix filtering?", SIGMOD 2012, section 3). Only candidates are compared
letter by letter, and texts whose lengths alone forbid it are none. The memory needed grows with one side alone, the
texts that are sought; the other side, a whole bank, streams by.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from math import ceil
from typing import NamedTuple

from rapidfuzz import fuzz

from common.chinese import fold

# Two wordings of one question reach this; questions on neighbouring figures of one rule mostly do not.
ALIKE_PERCENT = 85
# Of the pairs of two texts that are so much alike, at least this share is common to both.
COMMON_SHARE = 0.5
# Of those, this share has to be met among the rare pairs already. Less: more texts are compared letter by letter; more:
# more pairs are looked up. Measured over 4,000 questions between none and 0.7.
MET_SHARE = 0.25


class Likeness(NamedTuple):
    """Which of the sought texts, and how much alike from 0 to 100 (Indel similarity of the folded texts)."""

    place: int
    percent: int


class Repeat(NamedTuple):
    """Two of the sought texts by their places, and how much alike."""

    earlier: int
    later: int
    percent: int


class _Rare(NamedTuple):
    """The rarest pairs of a text by their ranks, and how many of them another one has to share."""

    ranks: list[int]
    to_be_met: int


def comparable(stem: str, options: Sequence[str]) -> str:
    """The form in which two questions are compared: how they were typed and the order of the options do not count."""
    return "\n".join([fold(stem), *sorted(fold(option) for option in options)])


class Sought:
    """Texts to be recognised among others."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        # Pairs are taken anew where they are needed: those of ten thousand questions fill a hundred megabytes.
        known = Counter(chain.from_iterable(map(_pairs, texts)))
        # The place of every pair, the rarest first: sorting by one number is quicker than by two. From one on, so that
        # none is as good as absent.
        ordered = sorted(known, key=lambda pair: (known[pair], pair))
        self._ranks = {pair: rank for rank, pair in enumerate(ordered, start=1)}
        # The shortest first: texts of fitting length stand side by side.
        self._places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        self._lengths = [len(texts[place]) for place in self._places]
        self._rare = [self._rarest(texts[place]) for place in self._places]
        self._holding: list[list[int]] = [[] for _rank in range(len(known) + 1)]
        for at, rare in enumerate(self._rare):
            for rank in rare.ranks:
                self._holding[rank].append(at)

    def like(self, text: str) -> Iterator[Likeness]:
        """Those of the sought texts that are nearly the same as ``text``."""
        start = bisect_left(self._lengths, fitting_lengths(len(text)).start)
        return self._alike(text, self._rarest(text), start)

    def repeats(self) -> list[Repeat]:
        """Those of the sought texts that are nearly the same as another one, in their order."""
        found = []
        for at, place in enumerate(self._places):
            for likeness in self._alike(self.texts[place], self._rare[at], at + 1):
                earlier, later = sorted((place, likeness.place))
                found.append(Repeat(earlier, later, likeness.percent))
        return sorted(found)

    def _alike(self, text: str, rare: _Rare, start: int) -> Iterator[Likeness]:
        end = bisect_left(self._lengths, fitting_lengths(len(text)).stop)
        holding = (self._holding[rank] for rank in rare.ranks)
        met = Counter(chain.from_iterable(some[bisect_left(some, start) : bisect_left(some, end)] for some in holding))
        for place in [self._places[at] for at, times in met.items() if times >= rare.to_be_met]:
            percent = fuzz.ratio(text, self.texts[place], score_cutoff=ALIKE_PERCENT)
            if percent:
                yield Likeness(place, int(percent))

    def _rarest(self, text: str) -> _Rare:
        """So many that of a text with ``COMMON_SHARE`` in common enough are among them."""
        pairs = _pairs(text)
        known = sorted(filter(None, map(self._ranks.get, pairs)))
        to_be_met = _to_be_met(len(pairs))
        length = len(pairs) - ceil(COMMON_SHARE * len(pairs)) + to_be_met
        # Pairs that none of the sought texts holds are the rarest of all, and lead to none of them.
        return _Rare(known[: max(length - (len(pairs) - len(known)), 0)], to_be_met)


def fitting_lengths(length: int) -> range:
    """How long a text nearly the same as one of ``length`` can be.

    Indel similarity is twice what is common out of both lengths, and no more is common than the shorter one holds.
    """
    shorter, longer = ALIKE_PERCENT, 200 - ALIKE_PERCENT
    return range(-(-length * shorter // longer), length * longer // shorter + 1)


def _to_be_met(count: int) -> int:
    """How many of its rare pairs a text of ``count`` pairs shares at least with one that is nearly the same."""
    return max(1, int(MET_SHARE * ceil(COMMON_SHARE * count)))


def _pairs(text: str) -> set[str]:
    """Neighbouring characters; a text of one character is its own pair."""
    return {text[place : place + 2] for place in range(max(len(text) - 1, 1))}
