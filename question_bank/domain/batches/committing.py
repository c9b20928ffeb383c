"""Taking a file of questions over: everything that was chosen, or nothing."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.collecting import without_collecting
from common.refusals import Refusal
from members.models import User
from question_bank.domain.batches.drafting import Placed, from_json, overwrite, written_from
from question_bank.domain.batches.references import References
from question_bank.domain.batches.refusals import BatchNotReady, NothingToTake
from question_bank.domain.loading import add_checked_drafts
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question

logger = logging.getLogger(__name__)

STORED_AT_ONCE = 1000
# Both databases name the columns of bare values so.
_MADE = "UPDATE {table} SET made_id = made.column2 FROM (VALUES {pairs}) AS made WHERE {table}.id = made.column1"


@transaction.atomic
def request_commit(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Hand the chosen rows to the worker. Two people at once: one of them is told.

    Refuses with ``BatchNotReady`` and ``NothingToTake``.
    """
    if not batch.rows.taken().exists():
        raise NothingToTake(_("Choose at least one question."))
    ready = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.READ)
    if not ready.update(state=BatchState.COMMITTING, committed_by=by, error=""):
        raise BatchNotReady(_("This file is being read or was taken over already."))
    transaction.on_commit(lambda: commit_in_background.enqueue(batch.pk))


@task(backend="background")
def commit_in_background(batch_id: int) -> None:
    run_commit(batch_id, at=now())


def run_commit(batch_id: int, *, at: datetime) -> None:
    """``commit_batch``; where it fails nothing was taken over, and the dry run is back with the reason."""
    try:
        commit_batch(batch_id, at=at)
    except Refusal as refusal:
        _give_back(batch_id, str(refusal))
    except Exception:
        logger.exception("file of questions %s could not be taken over", batch_id)
        _give_back(batch_id, _("This file could not be taken over. It has been noted; please tell the office."))


def _give_back(batch_id: int, why: str) -> None:
    committing = ImportBatch.objects.filter(pk=batch_id, state=BatchState.COMMITTING)
    committing.update(state=BatchState.READ, committed_by=None, error=why[:500])


@without_collecting()
@transaction.atomic
def commit_batch(batch_id: int, *, at: datetime) -> int:
    """Bring the chosen rows into the bank as drafts, in one transaction; how many. Safe to repeat: the second finds 0.

    A new question is a draft; a changed one gets a newer draft beside what is published. Both wait for a review.
    """
    # Of itself alone: PostgreSQL locks nothing that may be absent, and a batch need not have a topic.
    locked = ImportBatch.objects.select_for_update(of=("self",))
    batch = locked.select_related("default_topic", "committed_by", "uploaded_by").get(pk=batch_id)
    if batch.state != BatchState.COMMITTING or batch.committed_by is None:
        return 0
    references = References(batch)
    taken = batch.rows.taken()
    count = taken.count()
    for some in _parts(taken.exclude(outcome=RowOutcome.CHANGED)):
        _add(some, batch, references, at=at)
    for some in _parts(taken.filter(outcome=RowOutcome.CHANGED)):
        _change(some, references, by=batch.committed_by, at=at)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.COMMITTED, committed_at=at, content=b"")
    log(batch, "question_bank.commit_batch", user=batch.committed_by, timestamp=at, data={"questions": count})
    return count


def _add(rows: list[ImportRow], batch: ImportBatch, references: References, *, at: datetime) -> None:
    written = []
    for row in rows:
        draft = from_json(row.words())
        topic = references.topic_of(draft)
        if topic is None:
            raise BatchNotReady(_("A topic of this file was deleted meanwhile. Read the file again."))
        placed = Placed(topic, batch.default_difficulty, references.entry_of(draft), batch.file_name)
        written.append(written_from(draft, placed, at=at))
    _note_what_was_made(rows, add_checked_drafts(written))


def _note_what_was_made(rows: Sequence[ImportRow], made: Sequence[Question]) -> None:
    pairs = [(row.pk, question.pk) for row, question in zip(rows, made, strict=True)]
    statement = _MADE.format(table=ImportRow._meta.db_table, pairs=", ".join(["(%s, %s)"] * len(pairs)))
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(pairs)))


def _change(rows: list[ImportRow], references: References, *, by: User, at: datetime) -> None:
    for row in rows:
        question = Question.objects.select_for_update().filter(pk=row.question_id).first()
        if question is None:
            raise BatchNotReady(_("A question of this file was deleted meanwhile. Read the file again."))
        # What was there can be gone back to, also where nobody had edited it yet.
        is_first = question.latest_revision is None
        row.revision_before = question.latest_revision or question.save_revision(user=by, clean=False)
        row.published_before = row.revision_before if is_first and question.live else question.live_revision
        draft = from_json(row.words())
        newer = question.get_latest_revision_as_object()
        overwrite(newer, draft, topic=references.topic_named_by(draft), entry=references.entry_of(draft), at=at)
        newer.save_revision(user=by, clean=False)
        row.made = question
    ImportRow.objects.bulk_update(rows, ["made", "revision_before", "published_before"])


def _parts(rows: QuerySet[ImportRow, Any]) -> Iterator[list[ImportRow]]:
    """In the order of their numbers, so many at once that their words fit into memory."""
    last = 0
    while some := list(rows.filter(number__gt=last).order_by("number")[:STORED_AT_ONCE]):
        yield some
        last = some[-1].number
