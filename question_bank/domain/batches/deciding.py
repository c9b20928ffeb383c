"""Choosing which rows of a dry run are taken over."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from question_bank.domain.batches.refusals import BatchNotReady
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch

# What is there already would be there twice, and what was not understood says nothing.
CHOOSABLE = (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.NEAR)


@transaction.atomic
def choose_rows(batch: ImportBatch, *, among: Collection[int], taken: Collection[int]) -> None:
    """Of the rows numbered ``among`` take those that are in ``taken`` and skip the others; the rest stays as it is.

    Refuses with ``BatchNotReady`` once the file is being taken over.
    """
    _refuse_unless_read(batch)
    rows = batch.rows.filter(outcome__in=CHOOSABLE)
    rows.filter(number__in=set(among) & set(taken), is_taken=False).update(is_taken=True)
    rows.filter(number__in=set(among) - set(taken), is_taken=True).update(is_taken=False)


@transaction.atomic
def choose_every_row(batch: ImportBatch, *, outcome: str, take: bool) -> None:
    """Take or skip all rows of one outcome; ``""`` is every outcome. Refuses with ``BatchNotReady``."""
    _refuse_unless_read(batch)
    rows = batch.rows.filter(outcome__in=CHOOSABLE)
    (rows.filter(outcome=outcome) if outcome else rows).update(is_taken=take)


def _refuse_unless_read(batch: ImportBatch) -> None:
    ready = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.READ)
    if ready.values("pk").first() is None:
        raise BatchNotReady(_("This file is being read or was taken over already."))
