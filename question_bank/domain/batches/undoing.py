"""Taking a file of questions back, while nobody has been asked anything of it."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task
from wagtail.log_actions import log
from wagtail.models import Revision

from common.clock import now
from common.refusals import Refusal
from members.models import User
from question_bank.domain.batches.drafting import Placed, from_json, question_from
from question_bank.domain.batches.references import References
from question_bank.domain.batches.refusals import BatchInUse, BatchNotReady
from question_bank.domain.freezing import keep_current_version, says
from question_bank.domain.publishing import publish_question, retire_question
from question_bank.domain.uses import those_used
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question, QuestionVersion, Recheck
from question_bank.rules import may_retire

logger = logging.getLogger(__name__)

_NOT_THERE = gettext_lazy("This file was not taken over, or was undone already.")


@transaction.atomic
def request_undo(batch: ImportBatch, *, by: User) -> None:
    """Hand the file to the worker, which undoes it. Two people at once: one of them is told with ``BatchNotReady``."""
    committed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.COMMITTED)
    if not committed.update(state=BatchState.UNDOING, undone_by=by, error=""):
        raise BatchNotReady(_NOT_THERE)
    transaction.on_commit(lambda: undo_in_background.enqueue(batch.pk))


@task(backend="background")
def undo_in_background(batch_id: int) -> None:
    run_undo(batch_id, at=now())


def run_undo(batch_id: int, *, at: datetime) -> None:
    """``undo_batch``; where it fails nothing was undone, and the file is as it was, with the reason."""
    batch = ImportBatch.objects.select_related("undone_by").get(pk=batch_id)
    if batch.state != BatchState.UNDOING or batch.undone_by is None:
        return
    try:
        undo_batch(batch, by=batch.undone_by, at=at)
    except Refusal as refusal:
        _give_back(batch_id, str(refusal))
    except Exception:
        logger.exception("file of questions %s could not be undone", batch_id)
        _give_back(batch_id, _("This file could not be undone. It has been noted; please tell the office."))


def _give_back(batch_id: int, why: str) -> None:
    undoing = ImportBatch.objects.filter(pk=batch_id, state=BatchState.UNDOING)
    undoing.update(state=BatchState.COMMITTED, undone_by=None, error=why[:500])


def undo_batch(batch: ImportBatch, *, by: User, at: datetime) -> int:
    """Delete the questions the file brought and put back what it changed, all of it or nothing; how many.

    What was sent to review goes too, and so does what was published, for whoever may retire questions. Refuses with
    ``BatchInUse`` when some of it was asked (papers rest on it) or edited since (nobody's work is thrown away), or when
    what was published before a change is not known, or settled a doubt; with ``BatchNotReady`` when the file was not
    taken over or was undone.
    """
    try:
        return _undo(batch, by=by, at=at)
    except (ProtectedError, IntegrityError) as error:
        # An exam was published with one of them in the same moment.
        raise BatchInUse(_("Questions of this file are just being asked.")) from error


@transaction.atomic
def _undo(batch: ImportBatch, *, by: User, at: datetime) -> int:
    there = ImportBatch.objects.filter(pk=batch.pk, state__in=[BatchState.COMMITTED, BatchState.UNDOING])
    if not there.update(state=BatchState.UNDONE, undone_by=by, undone_at=at):
        raise BatchNotReady(_NOT_THERE)
    kept = ("made__latest_revision", "made__live_revision", "revision_before", "published_before")
    made = batch.rows.filter(made__isnull=False)
    # Whoever edits, publishes or changes one of them by another file does so before or after.
    list(Question.objects.select_for_update().filter(pk__in=made.values("made")).order_by("pk").values_list("pk"))
    rows = list(made.order_by("number").select_related(*kept))
    versions = QuestionVersion.objects.filter(question__in=made.values("made"), frozen_at__gte=batch.committed_at)
    published = set(versions.values_list("question", flat=True))
    _refuse_what_was_asked(versions)
    _refuse_what_is_published(published, by=by)
    changed = _first_of_each([row for row in rows if row.outcome == RowOutcome.CHANGED and row.revision_before])
    _refuse_what_nobody_can_put_back([row for row in changed if row.made_id in published], batch)
    _refuse_what_another_file_changed(rows, batch)
    _refuse_what_was_edited(_first_of_each(rows[::-1]), batch)
    _forget(versions)
    for row in changed:
        _put_back(row, is_published=row.made_id in published, by=by, at=at)
    _delete([row.made_id for row in rows if row.made_id and row.outcome != RowOutcome.CHANGED])
    log(batch, "question_bank.undo_batch", user=by, timestamp=at, data={"questions": len(rows)})
    return len(rows)


def _first_of_each(rows: Sequence[ImportRow]) -> Sequence[ImportRow]:
    """One row for each question: of a question that the file holds twice, the first of ``rows``."""
    return list({row.made_id: row for row in reversed(rows)}.values())


def _refuse_what_was_asked(versions: QuerySet[QuestionVersion]) -> None:
    if asked := those_used(versions).values("question").distinct().count():
        text = _("%(count)s questions of this file have been asked. Retire those that are wrong.")
        raise BatchInUse(text % {"count": asked})


def _refuse_what_is_published(published: set[int], *, by: User) -> None:
    if published and not may_retire(by):
        text = _("%(count)s questions of this file have been published since. An administrator can still undo it.")
        raise BatchInUse(text % {"count": len(published)})


def _refuse_what_nobody_can_put_back(changed: Sequence[ImportRow], batch: ImportBatch) -> None:
    """Published changes of questions that were published or retired before, without a revision of what held then; and
    those that settled a doubt, which what held before would bring back unseen."""
    unknown = [row.made_id for row in changed if row.published_before is None]
    older = QuestionVersion.objects.filter(question__in=unknown, frozen_at__lt=batch.committed_at)
    settled = Recheck.objects.filter(question__in=[row.made_id for row in changed], settled_at__gte=batch.committed_at)
    if count := len({*older.values_list("question", flat=True), *settled.values_list("question", flat=True)}):
        text = _("%(count)s questions that this file changed have been published since. Put them right one by one.")
        raise BatchInUse(text % {"count": count})


def _refuse_what_another_file_changed(rows: Sequence[ImportRow], batch: ImportBatch) -> None:
    """Also where both say the same: it would go with this file, and the other one could not be undone any more."""
    before = {row.made_id: row.revision_before_id or 0 for row in reversed(rows)}
    others = ImportRow.objects.filter(outcome=RowOutcome.CHANGED, batch__state=BatchState.COMMITTED)
    others = others.filter(made__in=batch.rows.values("made")).exclude(batch=batch)
    found = others.values_list("made_id", "revision_before_id")
    if count := len({made for made, revision in found if (revision or 0) > before[made]}):
        text = _("%(count)s questions of this file were changed by another file since. Undo that file first.")
        raise BatchInUse(text % {"count": count})


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
    by_file = made.revisions.filter(pk__gt=row.revision_before_id or 0).order_by("pk").first()
    if row.outcome == RowOutcome.CHANGED and by_file and by_file.pk == made.latest_revision_id:
        return False  # nothing was stored since: most rows, and to take two revisions apart is twenty queries
    newest: Question = made.get_latest_revision_as_object()
    if row.outcome == RowOutcome.CHANGED:
        brought = by_file.as_object() if by_file else made
    else:
        draft = from_json(row.words())
        topic = references.topic_of(draft)
        if topic is None:
            return True
        placed = Placed(topic, batch.default_difficulty, references.entry_then(draft, newest.entry))
        brought = question_from(draft, placed, at=made.latest_revision.created_at)
    return says(brought) != says(newest)


def _forget(versions: QuerySet[QuestionVersion]) -> None:
    """Nobody was asked them, so nothing rests on them: the question points at the one before, if there is one."""
    questions = Question.objects.filter(pk__in=list(versions.values_list("question", flat=True)))
    questions.update(current_version=None)
    versions.delete()
    for question in questions:
        keep_current_version(question)


def _put_back(row: ImportRow, *, is_published: bool, by: User, at: datetime) -> None:
    """The draft from before the file is the newest again, and published is what was published then.

    What was retired meanwhile stays retired.
    """
    made: Question = row.made  # type: ignore[assignment]
    if made.workflow_in_progress:
        made.current_workflow_state.cancel(user=by)
    by_file = list(made.revisions.filter(pk__gt=row.revision_before_id or 0).values_list("pk", flat=True))
    if is_published and made.live and row.published_before:
        publish_question(row.published_before.as_object(), by=by, at=at)
    elif is_published:
        _make_draft_again(made, row.revision_before, by=by, at=at)
    made.refresh_from_db()
    is_beside = row.published_before_id not in {None, row.revision_before_id}
    if not is_published or is_beside or not made.live:
        made.latest_revision = row.revision_before
    made.has_unpublished_changes = not made.live or made.live_revision_id not in {None, made.latest_revision_id}
    made.save(update_fields=["latest_revision", "has_unpublished_changes"])
    Revision.objects.filter(pk__in=by_file).delete()


def _make_draft_again(made: Question, before: Revision, *, by: User, at: datetime) -> None:
    """Of what is not published the lists show the draft."""
    retire_question(made, by=by, at=at)
    draft = before.as_object()
    draft.live, draft.current_version = False, made.versions.first()
    draft.save()


def _delete(new: list[int]) -> None:
    Question.objects.filter(pk__in=new).delete()
