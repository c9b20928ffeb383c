"""Doing one thing to many questions of the list: what will happen and to how many is said first."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from common.clock import now
from members.models import User
from question_bank.domain import bulk
from question_bank.enums import Difficulty
from question_bank.models import Question, Topic
from question_bank.staff.reports import MAY_EDIT

# Chosen one by one or page by page; “all in the list” would reach beyond what the filters show.
MOST = 200


class QuestionBulkAction(SnippetBulkAction):
    """``plan`` and ``act`` come from ``question_bank.domain.bulk``."""

    models = [Question]
    template_name = "question_bank/staff/bulk.html"
    says: Any = ""

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.person.has_perm(MAY_EDIT):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        return []

    @classmethod
    def get_queryset(cls, model: type[Question], object_ids: list[str]) -> list[Question]:
        numbers = [int(text) for text in object_ids[:MOST] if text.isascii() and text.isdigit() and len(text) < 18]
        questions = Question.objects.filter(pk__in=numbers).select_related("topic", "latest_revision")
        return list(questions.order_by("topic__code", "pk"))

    def _plan(self, form: Any = None) -> bulk.Plan:
        questions = self.get_queryset(self.model, self.request.GET.getlist("id"))
        return bulk.plan(questions, self.rules(form, now())[0])

    def get_actionable_objects(self) -> tuple[list[Question], dict[str, Any]]:
        valid = self.cleaned_form if self.cleaned_form is not None and self.cleaned_form.is_valid() else None
        planned = self._plan(valid)
        return planned.ready, {"items_with_no_access": [], "left_out": planned.left_out}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(says=self.says, page_title=self.display_name, **kwargs)

    def get_execution_context(self) -> dict[str, Any]:
        return {"view": self}

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        view = kwargs["view"]
        return bulk.carry_out(objects, *view.rules(view.cleaned_form, now())), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        done = ngettext("Done for %(n)s question.", "Done for %(n)s questions.", num_parent_objects)
        return done % {"n": num_parent_objects}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().form_valid(form))
        except bulk.PlanChanged as refusal:
            messages.error(self.request, str(refusal))
            return HttpResponseRedirect(self.next_url)


class SubmitAction(QuestionBulkAction):
    display_name = _("Send to review")
    action_type = "submit_questions"
    aria_label = _("Send the chosen questions to review")
    action_priority = 40
    says = _("Another person reviews these questions before papers draw them.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        return bulk.submitting(by=self.person, at=at)


class ApproveAction(QuestionBulkAction):
    display_name = pgettext_lazy("questions", "Approve")
    action_type = "approve_questions"
    aria_label = _("Approve the chosen questions of others")
    action_priority = 50
    says = _("These questions are published as they stand; new papers draw them from now on.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        return bulk.approving(by=self.person, at=at)


class ConfirmAction(QuestionBulkAction):
    display_name = _("Confirm re-check")
    action_type = "confirm_questions"
    aria_label = _("Confirm that the chosen questions still hold")
    action_priority = 60
    says = _("This says that these questions still hold.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        return bulk.confirming(by=self.person, at=at)


class RetireAction(QuestionBulkAction):
    display_name = pgettext_lazy("question", "Retire")
    action_type = "retire_questions"
    aria_label = _("Retire the chosen questions")
    action_priority = 70
    classes = {"serious"}
    says = _("No new paper draws these questions; papers that hold them keep them.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        return bulk.retiring(by=self.person, at=at)


class TopicForm(forms.Form):
    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.all())


class MoveAction(QuestionBulkAction):
    display_name = _("Change topic")
    action_type = "move_questions"
    aria_label = _("Give the chosen questions another topic")
    action_priority = 80
    form_class = TopicForm
    says = _("Each gets a new draft with this topic; published ones are asked as before until it is approved.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        topic = form.cleaned_data["topic"] if form is not None else Topic()
        return bulk.moving(topic, by=self.person, at=at)


class DifficultyForm(forms.Form):
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=Difficulty.choices)


class RegradeAction(QuestionBulkAction):
    display_name = _("Change difficulty")
    action_type = "regrade_questions"
    aria_label = _("Give the chosen questions another difficulty")
    action_priority = 90
    form_class = DifficultyForm
    says = _("Each gets a new draft with this difficulty; published ones are asked as before until it is approved.")

    def rules(self, form: Any, at: datetime) -> tuple[bulk.Against, bulk.Act]:
        return bulk.regrading(form.cleaned_data["difficulty"] if form is not None else "", by=self.person, at=at)


ACTIONS = (SubmitAction, ApproveAction, ConfirmAction, RetireAction, MoveAction, RegradeAction)
