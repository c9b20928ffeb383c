"""Creating, editing and deleting questions: what Wagtail's views do, with this app's rules around it."""

import json
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import CreateView, EditView

from common.clock import now
from common.refusals import Refusal
from members.models import User
from question_bank.domain.freezing import QuestionIncomplete, says
from question_bank.domain.reviewing import APPROVE, against_approving, approve_question, send_back
from question_bank.models import Question, Topic


class _PublishesWhole:
    """Saving, publishing and freezing are one step: refused in one of them, nothing of it stays.

    The form has looked before; what it could not see (rows that were not sent) is said above it.
    """

    produced_error_code: str
    produced_error_message: str

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
                return response
        except QuestionIncomplete as refusal:
            self.produced_error_code, self.produced_error_message = refusal.code, str(refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class QuestionCreateView(_PublishesWhole, CreateView):
    pass


class QuestionEditView(_PublishesWhole, EditView):
    """Wagtail stores the form before the step of the review: whoever approves would approve a version of their own.

    Here a form that says nothing new is not stored, and one that does waits for another person.
    """

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        if self.action == "workflow-action":
            try:
                return self._decide(form)
            except Refusal as refusal:
                self.produced_error_code, self.produced_error_message = refusal.code, str(refusal)
                return cast(HttpResponse, self.form_invalid(form))
        if self.request.POST.get("action-workflow-action"):
            # Not theirs to decide, perhaps since what they typed was stored by itself: then Wagtail only stores.
            messages.warning(self.request, str(against_approving(self.object, by=self.person)))
        return super().form_valid(form)

    @transaction.atomic
    def _decide(self, form: Any) -> HttpResponse:
        self.form = form
        question = Question.objects.get(pk=self.object.pk)
        comment = _comment_in(self.request.POST.get("workflow-action-extra-data", ""))
        if self.workflow_action != APPROVE:
            send_back(question, by=self.person, at=now(), comment=comment)
            self._store_what_is_new(question)
            messages.success(self.request, _("Sent back to whoever wrote it."))
        elif self._store_what_is_new(question):
            text = _("You changed the question, so it is stored as a draft and another person approves it.")
            messages.warning(self.request, text)
            return HttpResponseRedirect(self.get_edit_url())
        else:
            approve_question(question, by=self.person, at=now(), comment=comment)
            messages.success(self.request, _("Approved and published."))
        return HttpResponseRedirect(self.get_success_url())

    def _store_what_is_new(self, question: Question) -> bool:
        """Store the form as the newest draft if it says something else than the draft before; does it?"""
        before = says(question.get_latest_revision_as_object())
        with transaction.atomic():
            self.object = self.save_instance()
            is_new = says(self.new_revision.as_object()) != before
            transaction.set_rollback(not is_new)
        return is_new


def _comment_in(sent: str) -> str:
    """What was written in the dialogue before the decision; nothing if it is no such thing."""
    try:
        said = json.loads(sent)
    except ValueError:
        return ""
    return str(said.get("comment", ""))[:500] if isinstance(said, dict) else ""


def refuse_to_delete_what_was_asked(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """Hook ``before_delete_snippet``: papers rest on the versions of a question, and questions on their topic."""
    objects = list(instances)
    questions = [instance.pk for instance in objects if isinstance(instance, Question)]
    topics = [instance for instance in objects if isinstance(instance, Topic)]
    if Question.objects.filter(pk__in=questions, versions__isnull=False).exists():
        messages.error(
            request,
            _("A question that has been published is never deleted: papers rest on it. Unpublish it to retire it."),
        )
        return HttpResponseRedirect(reverse(Question.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    if Question.objects.filter(topic__in=topics).exists():
        messages.error(request, _("This topic has questions. Move them to another topic first."))
        return HttpResponseRedirect(reverse(Topic.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    return None
