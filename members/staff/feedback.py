"""Complaints and suggestions: what people wrote, and the office's answer."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from members.domain.feedback import answer_feedback
from members.enums import FeedbackKind
from members.models import Feedback, User
from members.staff import policies
from members.staff.scoped import ScopedIndexView, ScopedInspectView, ScopedViewSet, VerbEditView
from members.validators import validate_plain_text

_SHOWN = 60


class AnswerForm(WagtailAdminModelForm):
    # The model lets it stay empty, an answer that is sent may not be.
    answer = forms.CharField(
        label=pgettext_lazy("feedback", "Answer"),
        max_length=Feedback._meta.get_field("answer").max_length,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The person reads it on their page of complaints and suggestions."),
    )

    class Meta:
        model = Feedback
        fields = ["answer"]


class FeedbackFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("open", pgettext_lazy("feedback", "to be answered")),
            ("answered", pgettext_lazy("feedback", "answered")),
        ],
        method="in_state",
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("What it is"), choices=FeedbackKind.choices)

    class Meta:
        model = Feedback
        fields = ["state", "kind"]

    def in_state(self, rows: Any, name: str, state: str) -> QuerySet[Feedback]:
        return rows.open() if state == "open" else rows.answered()  # type: ignore[no-any-return]


class FeedbackIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
        return rows.select_related("person", "division", "answered_by")


class FeedbackView(ScopedInspectView):
    template_name = "members/staff/feedback.html"
    page_title = gettext_lazy("Complaint or suggestion")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = not self.object.is_answered and self.may("change")
        return super().get_context_data(feedback=self.object, may_answer=waiting, **kwargs)

    def get_fields(self) -> list[str]:
        return ["text"]  # the template shows it; the generic list of fields is not used


class AnswerView(VerbEditView):
    template_name = "members/staff/feedback_answer.html"
    page_title = pgettext_lazy("feedback", "Answer")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        feedback = self.get_object()
        if feedback.is_answered:
            return redirect("feedback:inspect", feedback.pk)
        return super().get(request, *args, **kwargs)

    def carry_out(self, form: AnswerForm, *, by: User, at: datetime) -> Feedback:
        return answer_feedback(self.object, form.cleaned_data["answer"], by=by, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # As it is in the database: the form has set on its own copy what was typed.
        feedback = Feedback.objects.select_related("person", "division", "answered_by").get(pk=self.object.pk)
        return super().get_context_data(feedback=feedback, **kwargs)

    def get_success_url(self) -> str:
        return reverse("feedback:inspect", args=[self.object.pk])

    def get_success_message(self) -> str:
        return _("The answer has been sent.")

    def get_success_buttons(self) -> list[Any]:
        return []


class FeedbackViewSet(ScopedViewSet):
    model = Feedback
    name = "feedback"
    url_prefix = "feedback"
    policy = policies.FEEDBACK
    icon = "comment"
    menu_label = gettext_lazy("Complaints and suggestions")
    edit_form_class = AnswerForm
    index_view_class = FeedbackIndexView
    inspect_view_class = FeedbackView
    edit_view_class = AnswerView
    inspect_view_enabled = True
    ordering = "-sent_at"
    filterset_class = FeedbackFilterSet
    search_fields = ["text", "person__name", "person__code"]
    list_display = [
        TitleColumn(
            "text",
            label=gettext_lazy("What was written"),
            accessor=lambda row: Truncator(row.text).chars(_SHOWN),
            get_url=lambda row: reverse("feedback:inspect", args=[row.pk]),
        ),
        Column("kind", label=gettext_lazy("What it is"), accessor="get_kind_display", sort_key="kind"),
        Column("person", label=gettext_lazy("Person"), accessor="person.name", sort_key="person__code"),
        Column("division", label=gettext_lazy("Division"), sort_key="division__code"),
        DateColumn("sent_at", label=gettext_lazy("Sent at"), sort_key="sent_at"),
        Column(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda row: (
                pgettext("feedback", "answered") if row.is_answered else pgettext("feedback", "to be answered")
            ),
            sort_key="answered_at",
        ),
    ]
    kept_urls = frozenset({"index", "index_results", "edit", "inspect", "history", "history_results"})

    def get_form_class(self, for_update: bool = False) -> type[WagtailAdminModelForm]:
        return AnswerForm
