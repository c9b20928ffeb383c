"""Numbers as answers: only those that are marked exactly."""

import re

from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.findings import NotTaken

RANGE = _("A number with a tolerance or a range cannot be marked exactly.")
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?")


def exact_number(text: str) -> str:
    """The number of ``42``, ``42:0`` or ``42..42``. Raises ``NotTaken`` for a range."""
    low, dots, high = text.partition("..")
    if dots and low.strip() == high.strip():
        text = low
    number, _colon, tolerance = text.partition(":")
    if not _NUMBER.fullmatch(number.strip()) or not is_zero(tolerance):
        raise NotTaken(RANGE)
    return number.strip()


def is_zero(tolerance: str) -> bool:
    """Is there no tolerance?"""
    said = tolerance.strip()
    return not said or (bool(_NUMBER.fullmatch(said)) and float(said) == 0)
