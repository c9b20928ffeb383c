"""Uploading a file of questions and reading it: the dry run."""

import hashlib
import logging
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.collecting import without_collecting
from common.refusals import Refusal
from common.storing import store_rows
from members.models import User
from question_bank.domain.batches.comparing import compare
from question_bank.domain.batches.references import References
from question_bank.domain.batches.refusals import BatchNotReady
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.recognising import NeedsLayout, read_file
from question_bank.enums import BatchState, Difficulty
from question_bank.models import ColumnLayout, ImportBatch, ImportRow, Topic

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
STORED_AT_ONCE = 500
FILE_NAME_LENGTH = 255


def upload_batch(
    content: bytes,
    *,
    file_name: str,
    topic: Topic | None = None,
    difficulty: str = Difficulty.MEDIUM,
    by: User,
    at: datetime,
) -> ImportBatch:
    """Keep a file of questions and hand it to the worker, which reads it. Nothing of the bank changes."""
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            file_name=file_name[-FILE_NAME_LENGTH:],
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            default_topic=topic,
            default_difficulty=difficulty,
            uploaded_by=by,
            uploaded_at=at,
        )
        log(batch, "question_bank.upload_batch", user=by, timestamp=at, data={"file": batch.file_name})
        transaction.on_commit(lambda: read_in_background.enqueue(batch.pk))
    return batch


@transaction.atomic
def choose_layout(
    batch: ImportBatch,
    layout: dict[str, object] | None,
    *,
    topic: Topic | None,
    difficulty: str,
    by: User,
    at: datetime,
) -> None:
    """Read the file once more with columns as a person corrected them (None: as they are), and with another topic.

    The layout is remembered for tables with the same headings. Refuses with ``BatchNotReady`` once it was taken over.
    """
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=[BatchState.READ, BatchState.REFUSED])
    changes: dict[str, object] = {"default_topic": topic, "default_difficulty": difficulty}
    if layout is not None:
        chosen = Layout.from_json(layout)
        ColumnLayout.objects.update_or_create(
            signature=chosen.signature(),
            defaults={"layout": chosen.to_json(), "confirmed_by": by, "confirmed_at": at},
        )
        changes["layout"] = chosen.to_json()
    if not waiting.update(**changes, state=BatchState.READING, error="", done=0, total=0, lease_until=None):
        raise BatchNotReady(_("This file is being read or was taken over already."))
    transaction.on_commit(lambda: read_in_background.enqueue(batch.pk))


@task(backend="background")
def read_in_background(batch_id: int) -> None:
    read_batch(batch_id, at=now())


@without_collecting()
def read_batch(batch_id: int, *, at: datetime) -> None:
    """Read one file and store its dry run. Whatever the file holds, it ends as read or as refused with the reason.

    Two workers at once: one reads. A worker that died is followed by another after ``LEASE``.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    mine = ImportBatch.objects.filter(free, pk=batch_id, state=BatchState.READING)
    if not mine.update(lease_until=at + LEASE):
        return
    batch = ImportBatch.objects.select_related("default_topic", "uploaded_by").get(pk=batch_id)
    try:
        file = read_file(bytes(batch.content), layout=batch.layout, remembered=_remembered)
    except NeedsLayout as question:
        _end(batch, BatchState.READ, format=question.format, layout=question.layout.to_json(), file=None)
    except Refusal as refusal:
        _refuse(batch, str(refusal))
    except Exception:
        logger.exception("file of questions %s could not be read", batch.pk)
        _refuse(batch, _("This file could not be read. It has been noted; please tell the office."))
    else:
        layout = file.layout.to_json() if file.layout else None
        _end(batch, BatchState.READ, format=file.format, layout=layout, file=file.questions)


def _remembered(signature: str) -> dict[str, object] | None:
    found = ColumnLayout.objects.filter(signature=signature).first()
    return found.layout if found else None


def _refuse(batch: ImportBatch, why: str) -> None:
    ImportRow.objects.filter(batch=batch).delete()
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.REFUSED, error=why[:500], lease_until=None)


def _end(
    batch: ImportBatch,
    state: str,
    *,
    format: str,
    layout: dict[str, object] | None,
    file: QuestionFile | None,
) -> None:
    """Store the rows and say that the file was read; progress is committed beside it, the rows all at once."""
    this = ImportBatch.objects.filter(pk=batch.pk)
    total = len(file.drafts) + len(file.refused) if file else 0
    this.update(total=total)
    references = References(batch)
    rows = compare(file, batch, references, tell=lambda done: this.update(done=done)) if file else iter(())
    with transaction.atomic():
        ImportRow.objects.filter(batch=batch).delete()
        while some := list(islice(rows, STORED_AT_ONCE)):
            store_rows(some)
        this.update(
            state=state,
            format=format,
            layout=layout,
            done=total,
            total=total,
            losses=[*map(str, file.losses), *references.losses(file.drafts)] if file else [],
            lease_until=None,
        )
