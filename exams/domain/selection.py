"""Random selection that anyone can repeat.

The method is that of RFC 3797, "Publicly Verifiable Nominations Committee (NomCom) Random Selection"
(D. Eastlake, 2004): a list in published order, a published seed, and for the n-th pick a hash over
``n || seed || n`` taken modulo the number of entries left; the picked entry leaves the list. Two things
differ from the RFC, both said in ``docs/draw.md``: SHA-256 instead of MD5, and four-byte counters.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

ALGORITHM = "yingzhi-draw-1"
COUNTER_BYTES = 4


def select(seed: str, population: Sequence[T], size: int) -> list[T]:
    """``size`` entries of ``population`` in the order picked; all of them: a shuffle.

    ``population`` is in its published order, without repetitions. Raises ValueError when it holds
    fewer than ``size`` entries.
    """
    if size > len(population):
        raise ValueError(f"{size} wanted, {len(population)} there")
    key, remaining, picked = seed.encode(), list(population), []
    for index in range(size):
        counter = index.to_bytes(COUNTER_BYTES, "big")
        number = int.from_bytes(sha256(counter + key + counter).digest(), "big")
        picked.append(remaining.pop(number % len(remaining)))
    return picked


def allot(size: int, strata: Mapping[str, int]) -> dict[str, int]:
    """How many of ``size`` each stratum gets in proportion to its members: largest remainder (Hamilton).

    ``strata`` maps a code to its number of members. Equal remainders go to the lower code first.
    """
    everybody = sum(strata.values())
    if not everybody:
        return {}
    shares = {code: size * members // everybody for code, members in strata.items()}
    by_remainder = sorted(strata, key=lambda code: (-(size * strata[code] % everybody), code))
    for code in by_remainder[: size - sum(shares.values())]:
        shares[code] += 1
    return shares


def select_by_stratum(seed: str, population: Sequence[tuple[str, str]], size: int) -> list[str]:
    """Select ``size`` codes out of ``(code, stratum)`` pairs, in proportion from every stratum.

    Strata come in the order of their codes; each is drawn under the seed ``"<seed>/<stratum>"``.
    """
    members: dict[str, list[str]] = {}
    for code, stratum in population:
        members.setdefault(stratum, []).append(code)
    shares = allot(size, {stratum: len(codes) for stratum, codes in members.items()})
    return [
        code for stratum in sorted(members) for code in select(f"{seed}/{stratum}", members[stratum], shares[stratum])
    ]
