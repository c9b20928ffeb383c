"""Writing a scheme before it is adopted. Adopted ones never change: the next version is a copy."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed
from members.models import User
from performance.domain.refusals import SchemeWrong
from performance.models import Grade, Indicator, Scheme, Threshold, Veto
from performance.rules import may_edit_scheme, may_manage_quarter

Row = Veto | Threshold | Grade


def save_draft(
    scheme: Scheme,
    *,
    indicators: Iterable[Indicator],
    without: Iterable[Indicator],
    rows: Sequence[Row],
    by: User,
    at: datetime,
) -> Scheme:
    """Store the head of a draft with its ``indicators`` but those ``without``, and ``rows`` in the place of all others.

    Refuses with ``NotAllowed`` and, once it is adopted, with ``SchemeWrong``; nothing is half stored.
    """
    with transaction.atomic():
        _lock_draft(scheme, by)
        scheme.save(update_fields=["title", "note", "appeal_days", "shows_ranks"])
        for gone in without:
            gone.delete()
        for place, indicator in enumerate(indicators):
            indicator.sort_order = place
            indicator.save()
        # Nothing points at these: all anew is simpler than telling a changed one from a swapped one.
        for model in (Veto, Threshold, Grade):
            _replace(scheme, model, [row for row in rows if isinstance(row, model)])
        _log_change(scheme, by=by, at=at)
    return scheme


def _replace(scheme: Scheme, model: Any, rows: Iterable[Any]) -> None:
    model.objects.filter(scheme=scheme).delete()
    for place, row in enumerate(rows):
        row.pk, row.scheme, row.sort_order = None, scheme, place
        row.save(force_insert=True)


def save_indicator(indicator: Indicator, *, settings: dict[str, Any], by: User, at: datetime) -> Indicator:
    """Add an indicator to its draft, or change it there, with what it says to its source."""
    scheme = indicator.scheme
    with transaction.atomic():
        _lock_draft(scheme, by)
        indicator.settings = settings
        if indicator.pk is None:
            last = Indicator.objects.filter(scheme=scheme).aggregate(last=Max("sort_order"))["last"]
            indicator.sort_order = 0 if last is None else last + 1
        indicator.save()
        _log_change(scheme, by=by, at=at, indicator=indicator.title)
    return indicator


def discard_draft(scheme: Scheme, *, by: User, at: datetime) -> None:
    """A draft that nobody wants goes, with its rows."""
    with transaction.atomic():
        _lock_draft(scheme, by)
        log(scheme, "performance.discard_scheme", user=by, timestamp=at, data={"version": scheme.version})
        scheme.delete()


def _lock_draft(scheme: Scheme, by: User) -> None:
    if not may_manage_quarter(by, scheme.quarter):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    stored = Scheme.objects.select_for_update(of=("self",)).select_related("quarter__division").get(pk=scheme.pk)
    if not may_edit_scheme(by, stored):
        raise SchemeWrong(_("This scheme is in force and does not change any more. Copy it into the next version."))


def _log_change(scheme: Scheme, *, by: User, at: datetime, **facts: Any) -> None:
    log(scheme, "performance.change_scheme", user=by, timestamp=at, data={"version": scheme.version, **facts})
