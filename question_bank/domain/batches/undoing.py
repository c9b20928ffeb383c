"""Taking a file of questions back, while nobody has been asked anything of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from members.models import User
from question_bank.domain.batches.refusals import BatchInUse, BatchNotReady
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question, QuestionVersion


@transaction.atomic
def undo_batch(batch: ImportBatch, *, by: User, at: datetime) -> int:
    """Delete the questions the file brought and put back what it changed, all of it or nothing; how many.

    Refuses with ``BatchInUse`` when one of them was published or edited since (papers may rest on a version, and
    nobody's work is thrown away), with ``BatchNotReady`` when the file was not taken over or was undone already.
    """
    committed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.COMMITTED)
    if not committed.update(state=BatchState.UNDONE, undone_by=by, undone_at=at):
        raise BatchNotReady(_("This file was not taken over, or was undone already."))
    rows = list(batch.rows.filter(made__isnull=False).select_related("made", "revision_before"))
    _refuse_what_is_in_use(rows, batch)
    new = [row.made_id for row in rows if row.outcome != RowOutcome.CHANGED]
    for row in rows:
        if row.outcome == RowOutcome.CHANGED and row.made and row.revision_before:
            _put_back(row.made, row.revision_before)
    Question.objects.filter(pk__in=new).delete()
    log(batch, "question_bank.undo_batch", user=by, timestamp=at, data={"questions": len(rows)})
    return len(rows)


def _refuse_what_is_in_use(rows: Iterable[ImportRow], batch: ImportBatch) -> None:
    made = Question.objects.filter(pk__in=[row.made_id for row in rows])
    since = QuestionVersion.objects.filter(question=OuterRef("pk"), frozen_at__gte=batch.committed_at)
    published = made.filter(Exists(since)).count()
    if published:
        text = _("%(count)s questions of this file have been published since. Retire those that are wrong.")
        raise BatchInUse(text % {"count": published})
    edited = sum(_is_edited_since(row) for row in rows)
    if edited:
        text = _("%(count)s questions of this file have been edited since. Undoing it would lose that work.")
        raise BatchInUse(text % {"count": edited})


def _is_edited_since(row: ImportRow) -> bool:
    """Is there another revision than the ones this file made?"""
    made: Question = row.made  # type: ignore[assignment]
    later = made.revisions.filter(pk__gt=row.revision_before_id or 0).count()
    return bool(later > (1 if row.outcome == RowOutcome.CHANGED else 0))


def _put_back(made: Question, before: Revision) -> None:
    """The draft from before the file is the newest again; what is published was never touched."""
    newest = made.latest_revision
    Question.objects.filter(pk=made.pk).update(
        latest_revision=before, has_unpublished_changes=not made.live or made.live_revision_id not in {None, before.pk}
    )
    newest.delete()
