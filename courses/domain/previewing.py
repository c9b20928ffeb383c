"""Whom a rule names, said before anybody is enrolled."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from courses.domain.cohorts import eligible
from courses.models import Course
from members.models import Division


@dataclass(frozen=True, slots=True)
class Named:
    """How many people a rule names, and how many of each township: (its name, people), in the order of codes."""

    total: int
    townships: list[tuple[str, int]]


def named_by(course: Course, *, on: date) -> Named:
    """``course`` may be one that is not stored yet. One query more than naming the people takes."""
    counts = Counter(serving.township_code for serving in eligible(course, on=on))
    names = dict(Division.objects.filter(code__in=counts).values_list("code", "name"))
    rows = [(names.get(code, code), count) for code, count in sorted(counts.items())]
    return Named(sum(counts.values()), rows)
