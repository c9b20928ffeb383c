"""Storing and altering one row with its audit row: what the verbs of this app share."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log

from common.chinese import mask_phone
from members.models import User

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def store(row: Row, *, action: str, by: User, at: datetime) -> Row:
    """Check and save a new row; raises ``ValidationError`` as the model says."""
    row.full_clean()
    row.save()
    log(row, action, user=by, timestamp=at)
    return row


@transaction.atomic
def alter(row: Row, values: Mapping[str, Any], *, action: str, by: User, at: datetime) -> Row:
    """Set ``values``, and log which of them changed, old and new; nothing is written when none did.

    Reads the row again under a lock: what a form has already set on ``row`` counts for nothing.
    """
    current = type(row)._default_manager.select_for_update().get(pk=row.pk)
    changes = {
        name: [_told(name, getattr(current, name)), _told(name, value)]
        for name, value in values.items()
        if getattr(current, name) != value
    }
    if not changes:
        return current
    for name, value in values.items():
        setattr(current, name, value)
    current.full_clean()
    current.save(update_fields=list(values))
    log(current, action, user=by, timestamp=at, data={"changes": changes})
    return current


def _told(name: str, value: Any) -> str:
    if name == "phone":
        return mask_phone(value or "")
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
