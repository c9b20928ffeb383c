"""Roster files are kept as long as they may have to be looked at; afterwards only that they were brought in."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from members.models import RosterImport


@transaction.atomic
def purge_rosters(*, before: datetime, at: datetime) -> int:
    """Remove the rows (names, phones) of rosters uploaded earlier than ``before``; how many. Safe to repeat.

    Who brought which file when, and what came of it, stays.
    """
    old = RosterImport.objects.filter(uploaded_at__lt=before).exclude(rows=[]).select_for_update()
    # Large and not needed to empty them.
    for roster in (purged := list(old.defer("rows"))):
        log(roster, "members.purge_roster", timestamp=at)
    RosterImport.objects.filter(pk__in=[roster.pk for roster in purged]).update(rows=[])
    return len(purged)
