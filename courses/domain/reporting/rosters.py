"""The denominator: who served on the days on which something was held."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When

from courses.enums import SessionState
from courses.models import Attendance
from members.models import Posting
from members.models.division import inside

Key = TypeVar("Key", bound=Hashable)
_PLACE = "team__division__code"


class Days(NamedTuple):
    """The days on which something was held for people inside ``prefixes``."""

    days: frozenset[date]
    prefixes: tuple[str, ...]


def rosters(wanted: Mapping[Key, Days]) -> dict[Key, int]:
    """For each: how many different people served inside its prefixes on at least one of its days. One query.

    So somebody who was posted after the last session, or had gone before the first, is not in the denominator, and
    whoever served on one of the days counts once. Accounts that have been closed since count if they were ever
    expected: the roster is that of the day, not of today.
    """
    asked = {key: each for key, each in wanted.items() if each.days}
    if not asked:
        return dict.fromkeys(wanted, 0)
    postings = Posting.objects.filter(_known(), _within(asked.values()), _between(asked.values()))
    numbers = postings.order_by().aggregate(
        **{
            f"n{place}": Count(_person_on(sorted(each.days)), distinct=True, filter=inside(each.prefixes, field=_PLACE))
            for place, each in enumerate(asked.values())
        }
    )
    counted = {key: numbers[f"n{place}"] for place, key in enumerate(asked)}
    return {key: counted.get(key, 0) for key in wanted}


def _known() -> Q:
    expected_once = Attendance.objects.filter(person=OuterRef("person"), session__state=SessionState.HELD)
    return Q(person__is_active=True) | Q(Exists(expected_once))


def _within(asked: Iterable[Days]) -> Q:
    return inside({prefix for each in asked for prefix in each.prefixes}, field=_PLACE)


def _between(asked: Iterable[Days]) -> Q:
    days = {day for each in asked for day in each.days}
    return Q(starts_on__lte=max(days)) & (Q(ends_on=None) | Q(ends_on__gte=min(days)))


def _person_on(days: Sequence[date]) -> Case:
    # One case after the other: an OR of as many days would be deeper than SQLite takes, and stops no sooner.
    return Case(*(When(_serving(day), then=F("person")) for day in days))


def _serving(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
