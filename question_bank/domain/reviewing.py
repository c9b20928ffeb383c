"""Review by a second person: a question goes live when somebody who did not write it approves it.

Wagtail's workflow keeps the states; ``cms.domain.reviewing.publish_approved`` publishes what was approved, and
``question_bank.domain.publishing`` freezes it in the same transaction.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import WorkflowState

from common.refusals import Refusal
from members.models import User
from question_bank.domain.freezing import problems_of
from question_bank.models import Question

APPROVE, REJECT = "approve", "reject"

Reason = str | Promise
IN_REVIEW = _("It is being reviewed already.")
NOT_IN_REVIEW = _("It is not in review.")
NOTHING_NEW = _("There is nothing new in it to review.")
INCOMPLETE = _("It is not complete yet.")
NO_WORKFLOW = _("No review is set up for questions.")
OWN_HAND = _("Nobody reviews what they wrote or sent to review themselves.")


class ReviewRefused(Refusal):
    """A step of the review that cannot be taken; the message says why."""

    code: ClassVar[str] = "review_refused"
    status: ClassVar[int] = 409


def under_review() -> Exists:
    """Is a review of the question going on? For a queryset of questions; asks for no query of its own."""
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Question, for_concrete_model=False),
        object_id=Cast(OuterRef("pk"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    return Exists(states)


def against_submitting(question: Question) -> Reason | None:
    """Why the question is not sent to review now; None: it may be."""
    if question.workflow_in_progress:
        return IN_REVIEW
    if question.live and not question.has_unpublished_changes:
        return NOTHING_NEW
    if problems_of(question.get_latest_revision_as_object()):
        return INCOMPLETE
    return None if question.get_workflow() else NO_WORKFLOW


def against_approving(question: Question, *, by: User) -> Reason | None:
    """Why ``by`` does not approve the question now; None: they may."""
    task = question.current_workflow_task
    if task is None:
        return NOT_IN_REVIEW
    if not any(name == APPROVE for name, _label, _modal in task.get_actions(question, by)):
        return OWN_HAND
    return INCOMPLETE if problems_of(question.get_latest_revision_as_object()) else None


@transaction.atomic
def submit_question(question: Question, *, by: User) -> None:
    """Ask for a review of the newest draft. Refuses with ``ReviewRefused``."""
    _refuse(against_submitting(question))
    if question.latest_revision_id is None:
        question.save_revision(user=by, clean=False)
    state = question.current_workflow_state
    if state is not None:
        state.resume(by)
    else:
        question.get_workflow().start(question, by)


@transaction.atomic
def approve_question(question: Question, *, by: User, at: datetime, comment: str = "") -> None:
    """Publish the reviewed draft and freeze it. Of two who approve at once one does; the other is refused."""
    Question.objects.select_for_update().get(pk=question.pk)
    _refuse(against_approving(question, by=by))
    _decide(question, APPROVE, by=by, comment=comment)
    question.refresh_from_db()
    log(question, "question_bank.approve_question", user=by, timestamp=at, data={"version": _number(question)})


@transaction.atomic
def send_back(question: Question, *, by: User, at: datetime, comment: str) -> None:
    """Leave the draft a draft and say why."""
    if question.current_workflow_task is None:
        _refuse(NOT_IN_REVIEW)
    _refuse(None if may_decide(question, by=by) else OWN_HAND)
    _refuse(None if comment.strip() else _("Say in a sentence what has to be changed."))
    _decide(question, REJECT, by=by, comment=comment.strip())
    log(question, "question_bank.send_back_question", user=by, timestamp=at)


def may_decide(question: Question, *, by: User) -> bool:
    """A review is going on, and ``by`` had no hand in what is reviewed."""
    task = question.current_workflow_task
    return task is not None and any(name == APPROVE for name, _label, _modal in task.get_actions(question, by))


def _decide(question: Question, action: str, *, by: User, comment: str) -> None:
    task_state: Any = question.current_workflow_task_state
    question.current_workflow_task.on_action(task_state, by, action, comment=comment)


def _number(question: Question) -> int | None:
    return question.current_version.number if question.current_version else None


def _refuse(reason: Reason | None) -> None:
    if reason is not None:
        raise ReviewRefused(reason)
