"""Whose training somebody may read about."""

from django.db.models import Q, QuerySet

from members.enums import STAFF_ROLES
from members.models import Division, User


def may_report(person: User) -> bool:
    """Is there a division whose training this person may read about?"""
    return bool(person.scope(*STAFF_ROLES))


def may_report_on(person: User, division: Division) -> bool:
    """The whole of a division is told to whoever looks after it or after one above it."""
    return person.covers(division.code, *STAFF_ROLES)


def reach(person: User, division: Division | None = None) -> list[str]:
    """Prefixes of what this person looks after; of a division: all of it, parts of it, or none."""
    scope = person.scope(*STAFF_ROLES)
    if division is None:
        return scope
    own = division.prefix
    return sorted({max(own, prefix, key=len) for prefix in scope if own.startswith(prefix) or prefix.startswith(own)})


def reported_divisions(person: User) -> QuerySet[Division]:
    """Counties and townships this person looks after, and what else a role of theirs names."""
    reach = person.scope(*STAFF_ROLES)
    level = Q(code__endswith="000") | Q(code__in=[prefix.ljust(12, "0") for prefix in reach])
    return Division.objects.within_any(reach).filter(level).order_by("code")
