"""Audit rows in bulk; a single one is written by ``wagtail.log_actions.log``."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import ModelLogEntry

from members.models import User

_BATCH = 500


@dataclass(frozen=True)
class Happening:
    """One thing that was done to one row."""

    instance: Model
    action: str
    data: dict[str, Any] = field(default_factory=dict)


def log_many(happenings: Iterable[Happening], *, by: User, at: datetime) -> None:
    """Write one audit row each; they share a ``uuid``, because they were one action of one person."""
    together = uuid.uuid4()
    entries = (
        ModelLogEntry(
            content_type=ContentType.objects.get_for_model(each.instance, for_concrete_model=False),
            object_id=str(each.instance.pk),
            label=str(each.instance),
            action=each.action,
            data=each.data,
            timestamp=at,
            user=by,
            uuid=together,
        )
        for each in happenings
    )
    ModelLogEntry.objects.bulk_create(entries, batch_size=_BATCH)
