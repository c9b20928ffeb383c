"""Taking a file of questions over: everything that was chosen, or nothing."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.refusals import Refusal
from members.models import User
from question_bank.domain.batches.comparing import topic_of, topics_by_name
from question_bank.domain.batches.drafting import from_json, overwrite, question_from
from question_bank.domain.batches.refusals import BatchNotReady, NothingToTake
from question_bank.domain.loading import add_drafts
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question, Topic

logger = logging.getLogger(__name__)

STORED_AT_ONCE = 500


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


@transaction.atomic
def commit_batch(batch_id: int, *, at: datetime) -> int:
    """Bring the chosen rows into the bank as drafts, in one transaction; how many. Safe to repeat: the second finds 0.

    A new question is a draft; a changed one gets a newer draft beside what is published. Both wait for a review.
    """
    # Of itself alone: PostgreSQL locks nothing that may be absent, and a batch need not have a topic.
    locked = ImportBatch.objects.select_for_update(of=("self",))
    batch = locked.select_related("default_topic", "committed_by").get(pk=batch_id)
    if batch.state != BatchState.COMMITTING or batch.committed_by is None:
        return 0
    topics = topics_by_name()
    rows = list(batch.rows.taken().order_by("number"))
    _add([row for row in rows if row.outcome != RowOutcome.CHANGED], batch, topics, at=at)
    _change([row for row in rows if row.outcome == RowOutcome.CHANGED], batch, topics, by=batch.committed_by, at=at)
    ImportRow.objects.bulk_update(rows, ["made"], batch_size=STORED_AT_ONCE)
    changed = [row for row in rows if row.revision_before_id]
    ImportRow.objects.bulk_update(changed, ["revision_before"], batch_size=STORED_AT_ONCE)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.COMMITTED, committed_at=at, content=b"")
    log(batch, "question_bank.commit_batch", user=batch.committed_by, timestamp=at, data={"questions": len(rows)})
    return len(rows)


def _add(rows: Sequence[ImportRow], batch: ImportBatch, topics: dict[str, Topic], *, at: datetime) -> None:
    for some in _parts(rows):
        questions = []
        for row in some:
            draft = from_json(row.words())
            topic = topic_of(draft, topics, batch)
            if topic is None:
                raise BatchNotReady(_("A topic of this file was deleted meanwhile. Read the file again."))
            questions.append(
                question_from(draft, topic=topic, difficulty=batch.default_difficulty, source=batch.file_name, at=at)
            )
        add_drafts(questions, are_checked=True)
        for row, question in zip(some, questions, strict=True):
            row.made = question


def _change(rows: Sequence[ImportRow], batch: ImportBatch, topics: dict[str, Topic], *, by: User, at: datetime) -> None:
    for row in rows:
        question = Question.objects.select_for_update().filter(pk=row.question_id).first()
        if question is None:
            raise BatchNotReady(_("A question of this file was deleted meanwhile. Read the file again."))
        # What was there can be gone back to, also where nobody had edited it yet.
        row.revision_before = question.latest_revision or question.save_revision(user=by, clean=False)
        draft = from_json(row.words())
        newer = question.get_latest_revision_as_object()
        overwrite(newer, draft, topic=topic_of(draft, topics, batch) if draft.topic else None, at=at)
        newer.save_revision(user=by, clean=False)
        row.made = question


def _parts(rows: Sequence[ImportRow]) -> Iterator[Sequence[ImportRow]]:
    for start in range(0, len(rows), STORED_AT_ONCE):
        yield rows[start : start + STORED_AT_ONCE]
