"""The same again every week or month, planned in one go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.planning import conflicts_of
from courses.domain.refusals import SeriesRefused
from courses.domain.sessions import plan_session
from courses.enums import SeriesRhythm
from courses.models import Course, Session
from members.models import User

MOST_SESSIONS = 60
LONGEST = timedelta(days=2 * 366)
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
# RFC 5545 counts days of a month from its end with negative numbers.
LAST = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """Every ``interval`` weeks on the weekday of ``first``, or months on its ``nth`` such weekday (or the last one).

    It ends after ``count`` sessions or on the day ``until``, whichever is given; ``skips`` are days left out, which do
    not count. Times are those of the clock on the wall.
    """

    rhythm: SeriesRhythm
    first: date
    begins: time
    minutes: int
    interval: int = 1
    nth: int = 1
    count: int | None = None
    until: date | None = None
    skips: Collection[date] = ()

    def days(self) -> list[date]:
        """The days in order. Raises SeriesRefused: no end, none left, or too many."""
        if (self.count is None) == (self.until is None):
            raise SeriesRefused(_("Say how many sessions, or until when: one of the two."))
        days: list[date] = []
        for day in self._every():
            if self.until is not None and day > self.until:
                break
            if day not in self.skips:
                days.append(day)
            if len(days) == self.count:
                break
            if len(days) > MOST_SESSIONS:
                raise SeriesRefused(_("At most %(most)s sessions at a time.") % {"most": MOST_SESSIONS})
        if not days:
            raise SeriesRefused(_("No day is left."))
        return days

    def _every(self) -> Iterable[date]:
        weekday = _WEEKDAYS[self.first.weekday()]
        start = datetime.combine(self.first, time())
        is_weekly = self.rhythm == SeriesRhythm.WEEKLY
        found = rrule(
            WEEKLY if is_weekly else MONTHLY,
            dtstart=start,
            until=start + LONGEST,
            interval=self.interval,
            byweekday=weekday if is_weekly else weekday(self.nth),
        )
        return (each.date() for each in found)

    def times_on(self, day: date) -> tuple[datetime, datetime]:
        begins = timezone.make_aware(datetime.combine(day, self.begins))
        return begins, begins + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Planned:
    """One session of a series before it is planned, and what stands against it."""

    topic: str
    starts_at: datetime
    ends_at: datetime
    conflicts: Sequence[str] = ()


def preview_series(course: Course, rule: Rule, *, topic: str, **facts: Any) -> list[Planned]:
    """What ``plan_series`` would plan; nothing is written. Raises SeriesRefused."""
    return [
        Planned(each.topic, each.starts_at, each.ends_at, _against(course, each, facts))
        for each in _sessions(rule, topic)
    ]


def _against(course: Course, each: Planned, facts: dict[str, Any]) -> list[str]:
    return conflicts_of(
        course,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        place=facts.get("place", ""),
        host_team=facts.get("host_team"),
        lecturers=facts.get("lecturers", ()),
        division=facts.get("division"),
    )


@transaction.atomic
def plan_series(course: Course, rule: Rule, *, topic: str, by: User, at: datetime, **facts: Any) -> list[Session]:
    """Plan all of them or none. ``facts`` are the further ones of ``plan_session``, the same for each.

    ``{n}`` in the topic is the number of the session in the series, from 1. Raises SeriesRefused and what
    ``plan_session`` raises.
    """
    return [
        plan_session(course, topic=each.topic, starts_at=each.starts_at, ends_at=each.ends_at, **facts, by=by, at=at)
        for each in _sessions(rule, topic)
    ]


def _sessions(rule: Rule, topic: str) -> list[Planned]:
    return [
        Planned(topic.replace("{n}", str(number)), *rule.times_on(day)) for number, day in enumerate(rule.days(), 1)
    ]
