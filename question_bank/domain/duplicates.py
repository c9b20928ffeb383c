"""Questions that say nearly the same.

Candidates are found by the rarest pairs of characters they share (the prefix filter of Bayardo, Ma and Srikant,
"Scaling up all pairs similarity search", WWW 2007, section 4; its longer prefixes that ask for several shared ones are
those of Wang, Li and Feng, "Can we beat the prefix filtering?", SIGMOD 2012, section 3). Only candidates are compared
letter by letter. The memory needed grows with one side alone, the texts that are sought; the other side, a whole bank,
streams by.
"""

from bisect import bisect_right
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
        self._places: list[list[int]] = [[] for _rank in range(len(known) + 1)]
        self._rare = [self._rarest(text) for text in texts]
        for place, rare in enumerate(self._rare):
            for rank in rare.ranks:
                self._places[rank].append(place)

    def like(self, text: str) -> Iterator[Likeness]:
        """Those of the sought texts that are nearly the same as ``text``."""
        return self._alike(text, self._rarest(text), behind=-1)

    def like_own(self, place: int) -> Iterator[Likeness]:
        """Those behind the sought text at ``place`` that are nearly the same as it."""
        return self._alike(self.texts[place], self._rare[place], behind=place)

    def _alike(self, text: str, rare: _Rare, *, behind: int) -> Iterator[Likeness]:
        holding = (self._places[rank] for rank in rare.ranks)
        met = Counter(chain.from_iterable(places[bisect_right(places, behind) :] for places in holding))
        for place in sorted([place for place, times in met.items() if times >= rare.to_be_met]):
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


def _to_be_met(count: int) -> int:
    """How many of its rare pairs a text of ``count`` pairs shares at least with one that is nearly the same."""
    return max(1, int(MET_SHARE * ceil(COMMON_SHARE * count)))


def _pairs(text: str) -> set[str]:
    """Neighbouring characters; a text of one character is its own pair."""
    return {text[place : place + 2] for place in range(max(len(text) - 1, 1))}
