"""The tables behind the forms: what may be entered in the ledger, and which scores are given."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import NotAllowed
from members.domain.rows import alter, store
from members.models import Division, User
from members.rules import may_administer
from performance.domain.refusals import KindHasEntries
from performance.models import LedgerKind, RatingKind
from performance.rules import may_manage_kind

# What every entry of a kind rests on.
_FIXED = ("sign", "target")


def add_kind(division: Division, *, by: User, at: datetime, **values: Any) -> LedgerKind:
    """A new item of the lists. Refuses with ``NotAllowed``; raises ``ValidationError`` as the model says."""
    _require(may_administer(by, division))
    return store(LedgerKind(division=division, **values), action="performance.add_ledger_kind", by=by, at=at)


def change_kind(kind: LedgerKind, *, by: User, at: datetime, **values: Any) -> LedgerKind:
    """For what is entered from now on: entries keep the points they were given.

    Refuses with ``NotAllowed`` and ``KindHasEntries``; raises ``ValidationError`` as the model says.
    """
    # The row may come from a form that has written into it: what is stored counts.
    kind = LedgerKind.objects.select_related("division").get(pk=kind.pk)
    _require(may_manage_kind(by, kind))
    moved = any(name in values and values[name] != getattr(kind, name) for name in _FIXED)
    if moved and kind.entries.exists():
        raise KindHasEntries(_("There are entries of this item: the list and whom it concerns stay as they are."))
    return alter(kind, values, action="performance.change_ledger_kind", by=by, at=at)


def add_rating_kind(division: Division, *, by: User, at: datetime, **values: Any) -> RatingKind:
    _require(may_administer(by, division))
    return store(RatingKind(division=division, **values), action="performance.add_rating_kind", by=by, at=at)


def change_rating_kind(kind: RatingKind, *, by: User, at: datetime, **values: Any) -> RatingKind:
    """Refuses with ``NotAllowed``, and ``KindHasEntries`` when scores of another scale are there."""
    kind = RatingKind.objects.select_related("division").get(pk=kind.pk)
    _require(may_manage_kind(by, kind))
    if values.get("highest", kind.highest) != kind.highest and kind.ratings.exists():
        raise KindHasEntries(_("There are scores of this rating: the highest score stays as it is."))
    return alter(kind, values, action="performance.change_rating_kind", by=by, at=at)


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("You do not administer this division."))
