"""Chinese text as terms that a full-text index of any database can hold.

An index that splits at blanks sees a Chinese sentence as one word. So every character is a term, and every pair of
neighbours: two-character words inside a sentence are found, and a longer one is all its pairs. Terms are written
in ASCII, because how a database splits other letters depends on its version and locale.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

from opencc import OpenCC

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]+|[a-z]+|\d+(?:\.\d+)*|[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]")


def plain(text: str) -> str:
    """The spelling in which texts are compared: simplified, half width, small letters."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text).casefold()))


# The search index asks three times for the terms of the same text, one column after the other.
@lru_cache(maxsize=16)
def index_terms(text: str) -> str:
    """Every term of ``text``, parted by blanks: characters, pairs of neighbours, words of letters, numbers."""
    return " ".join(term for run in _RUN.findall(plain(text)) for term in _terms(run, all_of_them=True))


def query_terms(text: str) -> list[str]:
    """What a text must hold to be found by ``text``: the fewest terms that say so."""
    return [term for run in _RUN.findall(plain(text)) for term in _terms(run, all_of_them=False)]


def _terms(run: str, *, all_of_them: bool) -> list[str]:
    if not _HAN.match(run):
        return [_spelled(run)]
    single = [_spelled(character) for character in run]
    pairs = [first + second for first, second in pairwise(single)]
    return pairs if pairs and not all_of_them else [*single, *pairs]


@lru_cache(maxsize=50_000)
def _spelled(text: str) -> str:
    """``脱贫`` as ``x8131x8d2b``; letters and digits as they are."""
    return "".join(c if c.isascii() and c.isalnum() else f"x{ord(c):x}" for c in text)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
