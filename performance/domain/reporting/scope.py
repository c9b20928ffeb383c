"""Whose figures somebody may take out."""

from django.db.models import Q, QuerySet

from members.enums import SCORE_ROLES
from members.models import Division, User
from performance.models import Computation, Quarter, Scorecard


def prefixes_within(person: User, division: Division) -> list[str]:
    """Prefixes of what ``person`` may see of ``division``: all of it, parts of it, or none."""
    found = set()
    for prefix in person.scope(*SCORE_ROLES):
        if division.prefix.startswith(prefix):
            found.add(division.prefix)
        elif prefix.startswith(division.prefix):
            found.add(prefix)
    return sorted(found)


def reported_divisions(person: User, quarter: Quarter) -> QuerySet[Division]:
    """The quarter's division and its townships, as far as this person's roles reach; else what they reach inside."""
    own = [prefix.ljust(12, "0") for prefix in prefixes_within(person, quarter.division)]
    level = Q(code=quarter.division.code) | Q(code__endswith="000") & ~Q(code__endswith="000000") | Q(code__in=own)
    reach = person.scope(*SCORE_ROLES)
    return Division.objects.within(quarter.division).within_any(reach).filter(level).order_by("code")


def cards_of(computation: Computation, *, division: Division, by: User) -> QuerySet[Scorecard]:
    """The scorecards of a computation inside ``division`` that ``by`` may see: every file begins with these."""
    return Scorecard.objects.filter(computation=computation).within_any(prefixes_within(by, division))
