"""Saying of several people at once why they are missing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from courses.domain.cohorts import explain
from courses.models import Enrolment
from members.models import User


@transaction.atomic
def explain_people(enrolments: Iterable[Enrolment], *, reason: str, note: str = "", by: User, at: datetime) -> int:
    """The same reason for all of them, or for none; returns how many. Refuses as ``explain`` does."""
    rows = list(enrolments)
    for row in rows:
        explain(row, reason=reason, note=note, by=by, at=at)
    return len(rows)
