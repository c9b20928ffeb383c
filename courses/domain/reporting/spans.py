"""From which day to which day a report looks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2999
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Days; both belong to it."""

    first: date
    last: date

    @classmethod
    def of_year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends(self) -> datetime:
        """The first moment that is not part of it."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    def __str__(self) -> str:
        return _("%(first)s to %(last)s") % {"first": self.first.isoformat(), "last": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter of a year."""

    number: int
    span: Span
    is_quarter: bool

    def __str__(self) -> str:
        return (_("quarter %(number)s") if self.is_quarter else _("month %(number)s")) % {"number": self.number}


def periods_of(year: int, *, months: int) -> list[Period]:
    """The parts of a year, each of so many months: 1 or 3."""
    firsts = [date(year, month, 1) for month in range(1, MONTHS + 1, months)]
    nexts = [*firsts[1:], date(year + 1, 1, 1)]
    spans = [Span(first, following - timedelta(days=1)) for first, following in zip(firsts, nexts, strict=True)]
    return [Period(number, span, months > 1) for number, span in enumerate(spans, start=1)]
