"""Taking a file of questions back, while nobody has been asked anything of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from members.models import User
from question_bank.domain.batches.drafting import Placed, from_json, question_from
from question_bank.domain.batches.references import References
from question_bank.domain.batches.refusals import BatchInUse, BatchNotReady
from question_bank.domain.freezing import says
from question_bank.domain.uses import those_used
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question, QuestionVersion
from question_bank.rules import may_retire


def undo_batch(batch: ImportBatch, *, by: User, at: datetime) -> int:
    """Delete the questions the file brought and put back what it changed, all of it or nothing; how many.

    What was sent to review goes too, and so do new questions that were published, for whoever may retire questions.
    Refuses with ``BatchInUse`` when some of it was asked (papers rest on it), changes of it were published or it was
    edited since (nobody's work is thrown away), with ``BatchNotReady`` when the file was not taken over or was undone.
    """
    try:
        return _undo(batch, by=by, at=at)
    except (ProtectedError, IntegrityError) as error:
        # An exam was published with one of them in the same moment.
        raise BatchInUse(_("Questions of this file are just being asked.")) from error


@transaction.atomic
def _undo(batch: ImportBatch, *, by: User, at: datetime) -> int:
    committed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.COMMITTED)
    if not committed.update(state=BatchState.UNDONE, undone_by=by, undone_at=at):
        raise BatchNotReady(_("This file was not taken over, or was undone already."))
    rows = list(batch.rows.filter(made__isnull=False).select_related("made__latest_revision", "revision_before"))
    versions = QuestionVersion.objects.filter(
        question__in=[row.made_id for row in rows], frozen_at__gte=batch.committed_at
    )
    _refuse_what_was_asked(versions)
    _refuse_what_is_published(rows, set(versions.values_list("question", flat=True)), by=by)
    _refuse_what_was_edited(rows, batch)
    for row in rows:
        if row.outcome == RowOutcome.CHANGED and row.made and row.revision_before:
            _put_back(row.made, row.revision_before, by=by)
    _delete([row.made_id for row in rows if row.made_id and row.outcome != RowOutcome.CHANGED])
    log(batch, "question_bank.undo_batch", user=by, timestamp=at, data={"questions": len(rows)})
    return len(rows)


def _refuse_what_was_asked(versions: QuerySet[QuestionVersion]) -> None:
    if asked := those_used(versions).values("question").distinct().count():
        text = _("%(count)s questions of this file have been asked. Retire those that are wrong.")
        raise BatchInUse(text % {"count": asked})


def _refuse_what_is_published(rows: Sequence[ImportRow], published: set[int], *, by: User) -> None:
    changed = sum(row.made_id in published for row in rows if row.outcome == RowOutcome.CHANGED)
    if changed:
        # Two people have looked at what holds now; what held before may have been retired, or a draft beside it.
        text = _("%(count)s questions that this file changed have been published since. Put them right one by one.")
        raise BatchInUse(text % {"count": changed})
    if published and not may_retire(by):
        text = _("%(count)s questions of this file have been published since. An administrator can still undo it.")
        raise BatchInUse(text % {"count": len(published)})


def _refuse_what_was_edited(rows: Sequence[ImportRow], batch: ImportBatch) -> None:
    references = References(batch)
    if edited := sum(_is_edited_since(row, batch, references) for row in rows):
        text = _("%(count)s questions of this file have been edited since. Undoing it would lose that work.")
        raise BatchInUse(text % {"count": edited})


def _is_edited_since(row: ImportRow, batch: ImportBatch, references: References) -> bool:
    """Does the newest draft say anything else than what the file brought? To be sent to review is no edit."""
    made: Question = row.made  # type: ignore[assignment]
    if made.latest_revision is None:
        return False
    if row.outcome == RowOutcome.CHANGED:
        by_file = made.revisions.filter(pk__gt=row.revision_before_id or 0).order_by("pk").first()
        brought = by_file.as_object() if by_file else made
    else:
        draft = from_json(row.words())
        topic = references.topic_of(draft)
        if topic is None:
            return True
        placed = Placed(topic, batch.default_difficulty, references.entry_of(draft))
        brought = question_from(draft, placed, at=made.latest_revision.created_at)
    return says(brought) != says(made.get_latest_revision_as_object())


def _put_back(made: Question, before: Revision, *, by: User) -> None:
    """The draft from before the file is the newest again; what is published was never touched."""
    if made.workflow_in_progress:
        made.current_workflow_state.cancel(user=by)
    newest = made.latest_revision
    Question.objects.filter(pk=made.pk).update(
        latest_revision=before, has_unpublished_changes=not made.live or made.live_revision_id not in {None, before.pk}
    )
    newest.delete()


def _delete(new: list[int]) -> None:
    """Nobody was asked them, so nothing rests on their versions either."""
    Question.objects.filter(pk__in=new).update(current_version=None)
    QuestionVersion.objects.filter(question__in=new).delete()
    Question.objects.filter(pk__in=new).delete()
