"""Storing answers: one statement that checks owner, state and closing time and writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from exams.domain.answers import Answer, check_answer, faces_of
from exams.domain.grants import Grant, grant_of
from exams.domain.refusals import AttemptClosed, GrantEnded
from exams.models import Attempt, Response

# One statement, so that nothing can happen between the check and the write. FOR SHARE holds the attempt
# against being closed until the answer is committed: whoever marks it then sees every acknowledged answer.
# SQLite needs no such lock, it has one writer at a time.
_SAVE = """
WITH incoming (number, sequence, flagged, answer) AS (VALUES {rows})
INSERT INTO exams_response (attempt_id, number, sequence, saved_at, flagged, answer)
SELECT attempt.id, incoming.number, incoming.sequence, {timestamp}, incoming.flagged, {answer}
FROM incoming, exams_attempt AS attempt
WHERE attempt.id = %s AND attempt.grant_number = %s AND attempt.state = 'open' AND attempt.closes_at > {timestamp}
{lock}
ON CONFLICT (attempt_id, number) DO UPDATE
SET sequence = excluded.sequence, saved_at = excluded.saved_at,
    flagged = excluded.flagged, answer = excluded.answer
WHERE exams_response.sequence < excluded.sequence
RETURNING number
"""


@dataclass
class Saved:
    """What became of the answers of one call.

    ``saved`` are the numbers whose stored answer is now the one sent; ``stale`` those for which a newer
    answer was there already, with that answer: ``{"number", "sequence", "answer", "flagged"}``.
    """

    closes_at: datetime
    saved: list[int]
    stale: list[dict[str, Any]] = field(default_factory=list)


def save_answers(grant: Grant, answers: Sequence[Answer], *, at: datetime) -> Saved:
    """Store answers that were checked by ``read_answers``. Idempotent; a lower sequence never replaces a higher one.

    Raises AttemptClosed when the attempt has ended, GrantEnded when the grant has; then nothing is stored.
    """
    written = set(_upsert(grant, answers, at=at))
    if len(written) == len(answers):
        return Saved(grant.closes_at, [answer.number for answer in answers])
    if not written:
        _refuse_if_ended(grant, at=at)
    stored = Response.objects.filter(attempt=grant.attempt_id, number__in=[answer.number for answer in answers])
    held = {row["number"]: row for row in stored.values("number", "sequence", "answer", "flagged")}
    outcome = Saved(grant.closes_at, [])
    for answer in answers:
        row = held[answer.number]
        if answer.number in written or (row["answer"] == answer.answer and row["flagged"] == answer.flagged):
            outcome.saved.append(answer.number)
        else:
            outcome.stale.append({**row})
    return outcome


def save_form(
    attempt: Attempt, answers: Mapping[int, dict[str, Any]], flags: set[int], *, as_of: int, at: datetime
) -> list[int]:
    """Store a whole form that was shown at ``as_of`` (milliseconds) and sent without a script.

    Only what differs from the stored answers is written. Numbers that another device wrote after
    ``as_of`` keep that newer answer and are returned. Raises AttemptClosed, GrantEnded, AnswerRefused.
    """
    faces = faces_of(attempt.paper_id)
    checked = {number: check_answer(answer, faces[number - 1], number=number) for number, answer in answers.items()}
    with transaction.atomic():
        # The lock keeps the other device out between reading what is newer and writing.
        Attempt.objects.select_for_update().get(pk=attempt.pk)
        stored = {row.number: row for row in Response.objects.filter(attempt=attempt)}
        changed, newer = [], []
        for number, answer in checked.items():
            row, flagged = stored.get(number), number in flags
            if (row.answer, row.flagged) == (answer, flagged) if row else not answer and not flagged:
                continue
            if row and row.sequence > as_of:
                newer.append(number)
            else:
                sequence = max(milliseconds(at), row.sequence + 1 if row else 0)
                changed.append(Answer(number, answer, sequence, flagged))
        if changed:
            save_answers(grant_of(attempt), changed, at=at)
    return newer


def milliseconds(at: datetime) -> int:
    """A moment as answers are ordered by."""
    return int(at.timestamp() * 1000)


def _upsert(grant: Grant, answers: Sequence[Answer], *, at: datetime) -> list[int]:
    postgres = connection.vendor == "postgresql"
    statement = _SAVE.format(
        rows=", ".join(["(%s, %s, %s, %s)"] * len(answers)),
        timestamp="CAST(%s AS timestamptz)" if postgres else "%s",
        answer="CAST(incoming.answer AS jsonb)" if postgres else "incoming.answer",
        lock="FOR SHARE OF attempt" if postgres else "",
    )
    moment = connection.ops.adapt_datetimefield_value(at)
    values: list[Any] = []
    # Always in one order: two devices that send the same questions must not wait for each other.
    for answer in sorted(answers, key=attrgetter("number")):
        values += (answer.number, answer.sequence, answer.flagged, json.dumps(answer.answer, ensure_ascii=False))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, moment, grant.attempt_id, grant.number, moment])
        return [row[0] for row in cursor.fetchall()]


def _refuse_if_ended(grant: Grant, *, at: datetime) -> None:
    """Say why nothing was written; silence means that everything sent was already there."""
    attempt = Attempt.objects.filter(pk=grant.attempt_id).first()
    if attempt is None or not attempt.is_open() or attempt.closes_at <= at:
        raise AttemptClosed(_("This attempt has ended; nothing can be changed any more."))
    if attempt.grant_number != grant.number:
        raise GrantEnded(_("Please sign in again. Your answers stay on this device."))
