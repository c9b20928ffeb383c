"""Quarters of the year on the wall clock here."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone


def quarter_of(moment: datetime) -> str:
    """As in ``2026Q3``."""
    day = timezone.localtime(moment)
    return f"{day.year}Q{(day.month + 2) // 3}"


def span_of(quarter: str) -> tuple[datetime, datetime]:
    """From its first moment to the first of the next."""
    year, number = int(quarter[:4]), int(quarter[5])
    return _first(year, number), _first(year + number // 4, number % 4 + 1)


def _first(year: int, number: int) -> datetime:
    return timezone.make_aware(datetime(year, 3 * number - 2, 1))  # noqa: DTZ001 - made aware at once


def quarters_between(first: datetime, last: datetime) -> Iterator[str]:
    """The quarters of both moments and all between, in order."""
    quarter = quarter_of(first)
    while quarter <= quarter_of(last):
        yield quarter
        quarter = quarter_of(span_of(quarter)[1])
