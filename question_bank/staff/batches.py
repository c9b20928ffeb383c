"""Files of questions: the list, bringing one in, the form to fill in."""

from typing import Any, cast

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic.edit import FormMixin
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from question_bank.domain.batches import upload_batch
from question_bank.domain.importing.template import write_template
from question_bank.models import ImportBatch, ImportRow, Topic
from question_bank.staff.batch_forms import UploadForm
from question_bank.staff.batch_pages import (
    MAY_ADD,
    BatchPage,
    ColumnsPage,
    CommitView,
    ProgressAnswer,
    ReadAgainView,
    RowsView,
    UndoPage,
)
from question_bank.staff.coverage import XLSX
from question_bank.staff.reports import ReportMenuItem, ReportPage


def listed_batches() -> QuerySet[ImportBatch]:
    """Without what is in the files, which is large."""
    made = ImportRow.objects.filter(batch=OuterRef("pk"), is_taken=True).order_by().values("batch")
    return (
        ImportBatch.objects.select_related("uploaded_by")
        .defer("content", "layout", "losses")
        .annotate(taken=Coalesce(Subquery(made.annotate(n=Count("pk")).values("n")), 0))
    )


class BatchList(ReportPage):
    page_title = pgettext_lazy("menu", "Files of questions")
    header_icon = "upload"
    template_name = "question_bank/staff/batch_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.paged(listed_batches())
        return super().get_context_data(page=page, may_add=self.person.has_perm(MAY_ADD), **kwargs)


class UploadPage(FormMixin[UploadForm], ReportPage):
    page_title = gettext_lazy("Bring a file of questions")
    header_icon = "upload"
    template_name = "question_bank/staff/batch_upload.html"
    needs = (MAY_ADD,)
    form_class = UploadForm

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        file = form.cleaned_data.pop("file")
        batch = upload_batch(file.read(), file_name=file.name, by=self.person, at=now(), **form.cleaned_data)
        return redirect("question_files:batch", batch.uuid)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home, here = super().get_breadcrumbs_items()
        return [home, {"url": reverse("question_files:index"), "label": _("Files of questions")}, here]


class TemplateFile(ReportPage):
    """The table to fill in, with the topics there are."""

    needs = (MAY_ADD,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        topics = [f"{topic.code} {topic.title}" for topic in Topic.objects.order_by("code")]
        response = HttpResponse(write_template(topics), content_type=XLSX)
        response["Content-Disposition"] = (
            "attachment; filename=\"questions.xlsx\"; filename*=UTF-8''%E8%AF%95%E9%A2%98%E6%A8%A1%E6%9D%BF.xlsx"
        )
        return cast(HttpResponse, response)


class QuestionFilesViewSet(ViewSet):
    name = "question_files"
    url_prefix = "question-files"
    icon = "upload"
    menu_label = pgettext_lazy("menu", "Files of questions")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", BatchList.as_view(), name="index"),
            path("new/", UploadPage.as_view(), name="add"),
            path("template/", TemplateFile.as_view(), name="template"),
            path("<uuid:uuid>/", BatchPage.as_view(), name="batch"),
            path("<uuid:uuid>/progress/", ProgressAnswer.as_view(), name="progress"),
            path("<uuid:uuid>/columns/", ColumnsPage.as_view(), name="columns"),
            path("<uuid:uuid>/again/", ReadAgainView.as_view(), name="again"),
            path("<uuid:uuid>/rows/", RowsView.as_view(), name="rows"),
            path("<uuid:uuid>/commit/", CommitView.as_view(), name="commit"),
            path("<uuid:uuid>/undo/", UndoPage.as_view(), name="undo"),
        ]
