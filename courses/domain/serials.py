"""Numbers of certificates: ``530999-2026-4821-0937-5631-54``.

Whose (the six digits of the county), of which year, twelve random digits, two check digits. Nobody gets from one number
to the next: a guess with a sound check hits one of a county's 1,000 certificates of a year once in 10^9. The check
digits are those of ISO/IEC 7064:2003, system MOD 97-10 (the one of IBAN and of ISO 17442): every wrong digit, every two
that changed places and nearly every other slip of a pen is noticed before anything is looked up. Digits alone, since
they are read out by telephone and typed on a phone.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection
from datetime import date

_MODULUS = 97
_RANDOM_DIGITS = 12
_GROUPS = (6, 4, 4, 4, 4, 2)
LENGTH = sum(_GROUPS)
_BETWEEN = re.compile(r"[\s\-‐‑–—·.]+")

Draw = Callable[[int], int]


def check_digits(digits: str) -> str:
    """What has to follow ``digits`` so that the whole leaves 1 when divided by 97."""
    return f"{_MODULUS + 1 - int(digits + '00') % _MODULUS:02d}"


def is_sound(serial: str) -> bool:
    """Is it of this form, with the right check digits? It says nothing of whether it was ever given."""
    digits = serial.replace("-", "")
    return _is_whole(digits) and written(digits) == serial and digits[-2:] == check_digits(digits[:-2])


def _is_whole(digits: str) -> bool:
    return len(digits) == LENGTH and digits.isascii() and digits.isdigit()


def written(digits: str) -> str:
    """Twenty-four digits in their groups; what is not that many digits comes back as it is."""
    if not _is_whole(digits):
        return digits
    groups, place = [], 0
    for size in _GROUPS:
        groups.append(digits[place : place + size])
        place += size
    return "-".join(groups)


def as_typed(text: str) -> str:
    """A number as somebody typed it: full-width digits, other dashes, blanks or none of them between the groups."""
    return written(_BETWEEN.sub("", unicodedata.normalize("NFKC", text)))


def new_serial(division_code: str, on: date, *, draw: Draw = secrets.randbelow) -> str:
    """A number for a certificate that a county, or an office in it, issues on that day; ``draw(n)`` is below n."""
    digits = f"{division_code[:6]}{on.year:04d}{draw(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    return written(digits + check_digits(digits))


def new_serials(
    division_code: str, on: date, *, count: int, taken: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """So many different ones; ``taken`` says which of some have been given before."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_serial(division_code, on) for _each in range(count - len(found))} - found
        found |= drawn - set(taken(drawn))
    return sorted(found)
