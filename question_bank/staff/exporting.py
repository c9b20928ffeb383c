"""Taking questions out of the bank: how many, in which format, what is lost, what for."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.refusals import Refusal
from question_bank.domain.exporting.files import (
    MAY_EXPORT,
    REASON_LENGTH,
    ExportFormat,
    ExportRefused,
    export_questions,
    losses_of,
)
from question_bank.models import Question
from question_bank.staff.listing import QuestionFilterSet, listed_questions
from question_bank.staff.reports import ReportPage

SEARCHED = ("stem", "explanation", "basis")
# Of the list's address; the filters alone decide what is exported.
_NOT_FILTERS = frozenset({"p", "ordering", "format", "_w_filter_fragment"})

__all__ = ["MAY_EXPORT", "QuestionExportViewSet"]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is the file for?"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Kept with your name and the time: the file holds the answers."),
    )


class ExportPage(ReportPage):
    """The list's own filters in the address, and ``format``; the POST to the same address is the file."""

    page_title = gettext_lazy("Export questions")
    header_icon = "download"
    template_name = "question_bank/staff/export.html"
    needs = (MAY_EXPORT,)

    @cached_property
    def questions(self) -> QuerySet[Question]:
        filters = QuestionFilterSet(self.request.GET, queryset=listed_questions(), request=self.request)
        # A filter that is not understood filters nothing, as in the list.
        found = filters.qs if filters.is_valid() else listed_questions()
        words = self.request.GET.get("q", "").strip()
        anywhere = Q()
        for name in SEARCHED:
            anywhere |= Q(**{f"{name}__icontains": words})
        return found.filter(anywhere) if words else found

    @property
    def format(self) -> ExportFormat:
        asked = self.request.GET.get("format", "")
        return ExportFormat(asked) if asked in ExportFormat.values else ExportFormat.XLSX

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            # Writing the file is the only way to know for certain.
            known = {"losses": losses_of(self.questions, format=self.format, by=self.person), "refusal": ""}
        except ExportRefused as refusal:
            known = {"losses": [], "refusal": str(refusal)}
        return super().get_context_data(
            count=self.questions.count(),
            format=self.format,
            formats=[(each, each.label, f"?{self._address(format=each.value)}") for each in ExportFormat],
            here=f"?{self._address(format=self.format.value)}",
            back=f"{reverse(Question.snippet_viewset.get_url_name('list'))}?{self._address()}",
            **known,
            **{"form": ReasonForm(), **kwargs},
        )

    def _address(self, **more: str) -> str:
        address = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():
            if name not in _NOT_FILTERS:
                address.setlist(name, values)
        address.update(more)
        return address.urlencode()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            file = export_questions(
                self.questions, format=self.format, reason=form.cleaned_data["reason"], by=self.person, at=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        response = HttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = content_disposition_header(True, file.name) or ""
        response["Cache-Control"] = "no-store"
        return response


class _ForExporters(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_EXPORT))


class QuestionExportViewSet(ViewSet):
    name = "question_export"
    url_prefix = "question-export"
    icon = "download"
    menu_label = gettext_lazy("Export questions")
    menu_item_class = _ForExporters

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", ExportPage.as_view(), name="index")]
