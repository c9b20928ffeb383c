"""One thing done to many questions: first what would happen to each, then all of it or nothing.

A plan asks about each question by itself; a page of the list holds fifty.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from common.refusals import Refusal
from members.models import User
from question_bank.domain.publishing import retire_question
from question_bank.domain.rechecking import confirm_questions
from question_bank.domain.reviewing import (
    IN_REVIEW,
    Reason,
    against_approving,
    against_submitting,
    approve_question,
    submit_question,
)
from question_bank.models import Question, Recheck, Topic
from question_bank.rules import may_retire

NOT_WAITING = _("It does not wait for a re-check.")
NOT_LIVE = _("It is not published.")
NOT_ALLOWED = _("Only an administrator retires questions.")
SAME_ALREADY = _("It is so already.")


class PlanChanged(Refusal):
    """Between the preview and the order somebody changed one of the questions; nothing was done."""

    code: ClassVar[str] = "plan_changed"
    status: ClassVar[int] = 409


class Plan(NamedTuple):
    ready: list[Question]
    left_out: list[tuple[Question, Reason]]


Against = Callable[[Question], Reason | None]
Act = Callable[[Question], object]


def plan(questions: Iterable[Question], against: Against) -> Plan:
    """Which are ready, and why the others are left out."""
    ready: list[Question] = []
    left_out: list[tuple[Question, Reason]] = []
    for question in questions:
        reason = against(question)
        if reason is None:
            ready.append(question)
        else:
            left_out.append((question, reason))
    return Plan(ready, left_out)


@transaction.atomic
def carry_out(questions: Iterable[Question], against: Against, act: Act) -> int:
    """Do it to all of them or to none; returns to how many. Refuses with ``PlanChanged``."""
    chosen = list(questions)
    list(
        Question.objects.select_for_update().filter(pk__in=[row.pk for row in chosen]).order_by("pk").values_list("pk")
    )
    planned = plan(chosen, against)
    if planned.left_out:
        raise PlanChanged(_("Some of these questions have been changed meanwhile; nothing was done. Look again."))
    for question in planned.ready:
        act(question)
    return len(planned.ready)


def submitting(*, by: User, at: datetime) -> tuple[Against, Act]:
    return against_submitting, lambda question: submit_question(question, by=by)


def approving(*, by: User, at: datetime) -> tuple[Against, Act]:
    return (
        lambda question: against_approving(question, by=by),
        lambda question: approve_question(question, by=by, at=at),
    )


def confirming(*, by: User, at: datetime) -> tuple[Against, Act]:
    def against(question: Question) -> Reason | None:
        return None if Recheck.objects.open().filter(question=question).exists() else NOT_WAITING

    return against, lambda question: confirm_questions([question], by=by, at=at)


def retiring(*, by: User, at: datetime) -> tuple[Against, Act]:
    def against(question: Question) -> Reason | None:
        if not may_retire(by):
            return NOT_ALLOWED
        return None if question.live else NOT_LIVE

    return against, lambda question: retire_question(question, by=by, at=at)


def moving(topic: Topic, *, by: User, at: datetime) -> tuple[Against, Act]:
    """To another topic: a new draft, which a second person approves before papers see it."""
    return _revising("topic_id", topic.pk, by=by, at=at)


def regrading(difficulty: str, *, by: User, at: datetime) -> tuple[Against, Act]:
    """To another difficulty, as ``moving``."""
    return _revising("difficulty", difficulty, by=by, at=at)


def _revising(field: str, value: object, *, by: User, at: datetime) -> tuple[Against, Act]:
    def against(question: Question) -> Reason | None:
        if question.workflow_in_progress:
            return IN_REVIEW
        return SAME_ALREADY if getattr(question.get_latest_revision_as_object(), field) == value else None

    def act(question: Question) -> None:
        draft = question.get_latest_revision_as_object()
        setattr(draft, field, value)
        revision = draft.save_revision(user=by, clean=False)
        if not question.live:
            # Nobody is asked a draft: the list may show at once what its newest version says.
            Question.objects.filter(pk=question.pk).update(**{field: value})
        log(question, "wagtail.edit", user=by, timestamp=at, revision=revision, data={"field": field})

    return against, act
