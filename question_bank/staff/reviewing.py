"""What a second person needs before approving a question, and the two ways to end the review."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.snippets.views.snippets import WorkflowActionView

from cms.models.desk import is_closed
from common.clock import now
from common.refusals import Refusal
from members.models import User
from question_bank.domain.freezing import QuestionIncomplete, problems_of
from question_bank.domain.neighbours import neighbours_of
from question_bank.domain.reviewing import APPROVE, approve_question, may_decide, send_back, submit_question
from question_bank.domain.track_records import figures_of
from question_bank.enums import Kind
from question_bank.models import Question


class ReviewView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The newest draft as a member would see it, with key, cited entry, look-alikes and figures.

    A POST says ``action``: submit, approve or reject (with ``comment``).
    """

    any_permission_required = ["add", "change", "delete", "view"]
    template_name = "question_bank/staff/review.html"
    page_title = gettext_lazy("Review of a question")
    header_icon = "view"
    model = Question
    index_url_name = ""
    inspect_url_name = ""
    breadcrumbs_items: list[dict[str, Any]] = []

    @cached_property
    def question(self) -> Question:
        return get_object_or_404(Question.objects.select_related("latest_revision"), pk=self.kwargs["pk"])

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def get_page_subtitle(self) -> str:
        return str(self.question)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(Question._meta.verbose_name_plural)},
            {"url": reverse(self.inspect_url_name, args=[self.question.pk]), "label": str(self.question)},
            {"url": "", "label": self.page_title, "sublabel": str(self.question)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.question.get_latest_revision_as_object()
        entry = draft.entry if draft.entry and not is_closed(draft.entry, self.person) else None
        in_progress = self.question.workflow_in_progress
        writes = self.user_has_permission("change")
        return super().get_context_data(
            question=self.question,
            draft=draft,
            shown=draft.shown_content(),
            key=key_of(draft),
            entry=entry,
            problems=[message for of_field in problems_of(draft).values() for message in of_field],
            neighbours=neighbours_of(draft),
            figure=figures_of([self.question])[self.question.pk],
            in_progress=in_progress,
            may_decide=may_decide(self.question, by=self.person),
            may_submit=writes and not in_progress and (not self.question.live or self.question.has_unpublished_changes),
            may_edit=writes,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission("change"):
            return HttpResponseRedirect(reverse("wagtailadmin_home"))
        try:
            messages.success(request, self._act(request.POST.get("action", ""), request.POST.get("comment", "")))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)

    def _act(self, action: str, comment: str) -> Any:
        if action == "submit":
            submit_question(self.question, by=self.person)
            return gettext_lazy("Sent to review: another person approves it.")
        if action == APPROVE:
            approve_question(self.question, by=self.person, at=now(), comment=comment[:500])
            return gettext_lazy("Approved and published.")
        send_back(self.question, by=self.person, at=now(), comment=comment[:500])
        return gettext_lazy("Sent back to whoever wrote it.")


def key_of(question: Question) -> list[str]:
    """What counts as right, a line each."""
    if question.kind == Kind.TRUE_FALSE:
        return ["对" if question.statement_is_true else "错"]
    if question.kind == Kind.FILL:
        return [" / ".join(blank.accepted_answers()) for blank in question.blanks.all()]
    if question.kind == Kind.SHORT:
        return [question.marking_guide]
    return [option.text for option in question.options.all() if option.is_right]


class QuestionWorkflowActionView(WorkflowActionView):
    """Wagtail's own button in the editor: what cannot be frozen is said, not raised."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().post(request, *args, **kwargs))
        except QuestionIncomplete as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.redirect_url)
