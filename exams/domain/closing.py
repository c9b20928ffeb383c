"""Ending attempts: by the member, by time, by the office; each exactly once."""

import hmac
import logging
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from exams.domain.marking import mark_attempt
from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Exam

logger = logging.getLogger(__name__)

# Closed together before the next are fetched, so that a whole county's end never fills the memory.
BATCH = 200


def hand_in(attempt: Attempt, *, at: datetime, how: HandIn = HandIn.MEMBER) -> Attempt:
    """End ``attempt`` and mark what was saved. Idempotent: whoever comes second gets the same receipt.

    After the end of its time it counts as ended by time (or by the office, where that cut the time), at the
    moment the time ended, whoever notices.
    """
    if attempt.closes_at <= at:
        how, at = HandIn(attempt.hand_in or HandIn.TIME), attempt.closes_at
    try:
        _end(attempt, at=at, how=how, receipt=receipt_of(attempt))
    except IntegrityError:
        # Eight letters of another attempt's receipt, once in thousands of large exams.
        _end(attempt, at=at, how=how, receipt=receipt_of(attempt, turn=1))
    attempt.refresh_from_db(
        fields=["state", "submitted_at", "hand_in", "receipt", "score", "objective_score", "subjective_score"]
    )
    return attempt


@transaction.atomic
def _end(attempt: Attempt, *, at: datetime, how: HandIn, receipt: str) -> None:
    # Whose update changes the row marks it; the others find it closed.
    running = Attempt.objects.open().filter(pk=attempt.pk)
    if running.update(state=AttemptState.SUBMITTED, submitted_at=at, hand_in=how, receipt=receipt):
        mark_attempt(attempt, at=at)


def close_if_overdue(attempt: Attempt, *, at: datetime) -> bool:
    """Close an attempt whose time has ended; whoever looks at it calls this. Was it closed here?"""
    if not attempt.is_overdue(at=at):
        return False
    hand_in(attempt, at=at, how=HandIn.TIME)
    return True


def close_overdue(*, at: datetime, exam: Exam | None = None) -> int:
    """Close everything whose time has ended, of one exam or of all; how many were found.

    The timer runs it, and so does every page that counts results. One attempt a transaction: one that
    fails is logged and does not keep the others open.
    """
    overdue = Attempt.objects.open().overdue(at=at).select_related("candidate__exam__blueprint", "paper")
    if exam is not None:
        overdue = overdue.filter(candidate__exam=exam)
    found, last = 0, 0
    while batch := list(overdue.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for attempt in batch:
            try:
                hand_in(attempt, at=at, how=HandIn.TIME)
            except Exception:
                logger.exception("attempt %s could not be closed", attempt.pk)
        found, last = found + len(batch), batch[-1].pk
    return found


def receipt_of(attempt: Attempt, *, turn: int = 0) -> str:
    """``YZ-26Q2-7K3F-92QD``: the year and quarter it began in, and what only this server can compute of its uuid."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"exams.receipt.{attempt.uuid}".encode(), sha256).digest()
    letters = b32encode(digest).decode()[8 * turn : 8 * turn + 8]
    day = timezone.localtime(attempt.opened_at)
    return f"YZ-{day:%y}Q{(day.month + 2) // 3}-{letters[:4]}-{letters[4:]}"
