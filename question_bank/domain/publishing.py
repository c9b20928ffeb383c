"""Publishing and retiring questions.

Whether somebody may is asked before, of Wagtail's permissions. The editor's own Publish and Unpublish buttons end in
Wagtail's signals; ``question_bank.apps`` connects the two receivers below to them, so that every way of publishing
leaves the same rows.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Revision

from common.clock import now
from members.models import User
from question_bank.domain.freezing import freeze_question, keep_current_version
from question_bank.domain.rechecking import cites_another_entry, settle_as_edited, settle_as_retired
from question_bank.models import Question, QuestionVersion


@transaction.atomic
def publish_question(question: Question, *, by: User, at: datetime) -> QuestionVersion:
    """Freeze what the question says and let papers draw it. Safe to repeat; refuses with ``QuestionIncomplete``.

    A question that says something else than before needs no re-check any more.
    """
    version = _freeze(question, by=by, at=at)
    revision = question.save_revision(user=by, clean=False)
    revision.publish(user=by, log_action=False, skip_permission_checks=True)
    log(question, "wagtail.publish", user=by, timestamp=at, revision=revision, data={"version": version.number})
    question.refresh_from_db()
    return version


@transaction.atomic
def retire_question(question: Question, *, by: User, at: datetime) -> None:
    """No new paper draws the question any more; papers that hold a version of it keep it. Safe to repeat."""
    if not question.live:
        return
    settle_as_retired(question, by=by, at=at)
    UnpublishAction(question, user=by, log_action=False).execute(skip_permission_checks=True)
    log(question, "wagtail.unpublish", user=by, timestamp=at)


def freeze_what_was_published(sender: type[Question], instance: Question, revision: Revision, **kwargs: Any) -> None:
    """Receiver of ``wagtail.signals.published``: a question that goes live is frozen in the same breath.

    The caller holds the transaction: a ``QuestionIncomplete`` raised here must undo the publishing.
    """
    if instance.live and instance.last_published_at is not None:
        _freeze(instance, by=_whoever_acts() or revision.user, at=instance.last_published_at)
    else:
        keep_current_version(instance)


def keep_version_of_retired(sender: type[Question], instance: Question, **kwargs: Any) -> None:
    """Receiver of ``wagtail.signals.unpublished``, which names neither the person nor the time."""
    keep_current_version(instance)
    settle_as_retired(instance, by=_whoever_acts(), at=now())


def _freeze(question: Question, *, by: User | None, at: datetime) -> QuestionVersion:
    before = question.versions.values_list("pk", flat=True).first()
    version = freeze_question(question, at=at)
    if version.pk != before or cites_another_entry(question):
        settle_as_edited(question, by=by, at=at)
    return version


def _whoever_acts() -> User | None:
    """The person signed in to the staff interface, as Wagtail's own log knows them; None for a timer."""
    person: User | None = get_active_log_context().user
    return person
