"""Questions that say nearly the same.

Candidates are found by the rarest pairs of characters they share (the prefix filter of Bayardo, Ma and Srikant,
"Scaling up all pairs similarity search", WWW 2007, section 4): two texts whose pairs overlap enough share at least one
of their rarest. Only candidates are compared letter by letter. The memory needed grows with one side alone, the texts
that are sought; the other side, a whole bank, streams by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from rapidfuzz import fuzz

from common.chinese import fold

# Two wordings of one question reach this; questions on neighbouring figures of one rule mostly do not.
ALIKE_PERCENT = 85
# Of the pairs of two texts that are so much alike, at least this share is common to both.
COMMON_SHARE = 0.5


class Likeness(NamedTuple):
    """Which of the sought texts, and how much alike from 0 to 100 (Indel similarity of the folded texts)."""

    place: int
    percent: int


def comparable(stem: str, options: Sequence[str]) -> str:
    """The form in which two questions are compared: how they were typed and the order of the options do not count."""
    return "\n".join([fold(stem), *sorted(fold(option) for option in options)])


class Sought:
    """Texts to be recognised among others."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        pairs = [_pairs(text) for text in texts]
        self._known = Counter(pair for of_text in pairs for pair in of_text)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, of_text in enumerate(pairs):
            for pair in self._rarest(of_text):
                self._places[pair].append(place)

    def like(self, text: str) -> Iterator[Likeness]:
        """Those of the sought texts that are nearly the same as ``text``."""
        seen: set[int] = set()
        for pair in self._rarest(_pairs(text)):
            seen.update(self._places.get(pair, ()))
        for place in sorted(seen):
            percent = fuzz.ratio(text, self.texts[place], score_cutoff=ALIKE_PERCENT)
            if percent:
                yield Likeness(place, int(percent))

    def _rarest(self, pairs: set[str]) -> list[str]:
        """So many of the rarest pairs that a text with ``COMMON_SHARE`` of them in common has one of these, too."""
        ordered = sorted(pairs, key=lambda pair: (self._known.get(pair, 0), pair))
        return ordered[: len(ordered) - ceil(COMMON_SHARE * len(ordered)) + 1]


def _pairs(text: str) -> set[str]:
    """Neighbouring characters; a text of one character is its own pair."""
    return {text[place : place + 2] for place in range(max(len(text) - 1, 1))}
