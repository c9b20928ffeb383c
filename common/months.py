"""A month as a calendar shows it."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from django.utils import timezone

_NAMED = re.compile(r"(\d{4})-(\d{2})")
_YEARS = range(2000, 2201)
_LAST = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """``"2026-11"``, as in an address; nothing for what is no month."""
        found = _NAMED.fullmatch(name) if name.isascii() else None
        if not found:
            return None
        year, number = map(int, found.groups())
        return cls(year, number) if year in _YEARS and 1 <= number <= _LAST else None

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, _LAST)

    @property
    def next(self) -> "Month":
        return Month(self.year, self.number + 1) if self.number < _LAST else Month(self.year + 1, 1)

    def span(self) -> tuple[datetime, datetime]:
        """From midnight of its first day to midnight of the next month's, on the clocks of the place."""
        return _midnight(self.first), _midnight(self.next.first)

    def weeks(self) -> list[list[date]]:
        """Mondays to Sundays; the days before its first and after its last belong to its neighbours."""
        return Calendar().monthdatescalendar(self.year, self.number)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
