"""Raising a doubt about a question: a task for whoever keeps the bank."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from question_bank.enums import RecheckReason
from question_bank.models import Question, Recheck


@transaction.atomic
def raise_doubt(question: Question, *, reason: RecheckReason, note: str, at: datetime) -> bool:
    """Put ``question`` on the re-check list for ``reason``; was it not there yet?

    A row that waits already says ``note`` from now on.
    """
    waiting = Recheck.objects.open().filter(question=question, reason=reason)
    if waiting.update(note=note):
        return False
    try:
        with transaction.atomic():
            Recheck.objects.create(question=question, reason=reason, note=note, asked_at=at)
    except IntegrityError:
        # Somebody else was quicker; their row is the one.
        return False
    log(question, "question_bank.open_recheck", timestamp=at, data={"reason": reason.value, "note": note})
    return True


def restate_doubts(notes: Mapping[int, str], *, reason: RecheckReason) -> None:
    """Doubts that wait say what is so now: ``notes`` by the number of the question. None is opened or settled.

    One query, and one for each that changed.
    """
    for doubt in Recheck.objects.open().filter(question__in=notes, reason=reason):
        if doubt.note != notes[doubt.question_id]:
            Recheck.objects.filter(pk=doubt.pk).update(note=notes[doubt.question_id])
