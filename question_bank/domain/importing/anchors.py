"""Options that speak of the others: shuffled like any other they would no longer be true."""

import re
from collections.abc import Sequence

_OF_ALL = re.compile(
    r"^(?:以上|上述|前述|前面).{0,6}(?:都|均|全|皆|没有|无)|^(?:都|均|全部?)(?:是|对|正确|不是|不对|不正确)"
)
_LETTERS = re.compile(r"(?<![A-Za-z])[A-K]\s*(?:[、,，和与及或]\s*[A-K])+(?![A-Za-z])|^[A-K]{2,}\s*(?:都|均|项|$)")


def anchored_places(options: Sequence[str]) -> frozenset[int]:
    """Where options such as “以上都对” stand; they keep their place."""
    return frozenset(place for place, option in enumerate(options) if _OF_ALL.search(option))


def refers_to_letters(option: str) -> bool:
    """Does it name others by their letters, such as “A和C”? Then no option of the question may move."""
    return bool(_LETTERS.search(option))
