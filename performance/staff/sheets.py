"""Scores from files: upload, dry run, carry out, and a template to fill in."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as django_messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn

from common.clock import now
from common.refusals import Refusal
from common.spreadsheets.writing import Column as SheetColumn
from common.spreadsheets.writing import Properties, SheetSpec, write_workbook
from exams.staff.gates import person_of
from exams.staff.pages import FormPage, ReadingPage, StaffPage
from members.models import Division
from members.staff.scoped import ScopedIndexView, ScopedViewSet
from performance.domain.evidence_days import posts_between
from performance.domain.ratings import RatingPlan, RowState, commit_rating_sheet, plan_rating_sheet, read_rating_sheet
from performance.models import Quarter, RatingKind, RatingSheet
from performance.rules import may_manage_quarter, quarters_to_rate, rating_kinds_of, sheets_visible_to
from performance.staff.evidence_policies import SHEETS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERMISSION = "performance.add_ratingsheet"
_MOST_BYTES = 20 * 1024 * 1024
_PAGE = 100
# What needs somebody's eye comes first.
_ORDER = (RowState.REFUSED, RowState.CHANGED, RowState.NEW, RowState.EMPTY, RowState.IDENTICAL)
STATE_LABELS = {
    RowState.NEW: pgettext_lazy("ratings", "New"),
    RowState.CHANGED: gettext_lazy("Replaces another score"),
    RowState.IDENTICAL: gettext_lazy("There already"),
    RowState.EMPTY: gettext_lazy("Left empty"),
    RowState.REFUSED: pgettext_lazy("ratings", "To be mended"),
}


def quarter_label(quarter: Quarter) -> str:
    return f"{quarter}·{quarter.division.name}"


class QuarterForm(forms.Form):
    """Which quarter, and which scores; only those this person may bring in."""

    quarter = forms.ModelChoiceField(label=gettext_lazy("Quarter"), queryset=Quarter.objects.none())
    kind = forms.ModelChoiceField(label=gettext_lazy("Kind of scores"), queryset=RatingKind.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].queryset = quarters_to_rate(user)  # type: ignore[attr-defined]
        self.fields["quarter"].label_from_instance = quarter_label  # type: ignore[attr-defined]
        self.fields["kind"].queryset = rating_kinds_of(user)  # type: ignore[attr-defined]
        for name in ("quarter", "kind"):
            self._choose_the_only(name)

    def _choose_the_only(self, name: str) -> None:
        choices = list(self.fields[name].queryset[:2])  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0].pk)


class UploadForm(QuarterForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, XLS, ODS or CSV with the columns 工号, 姓名 and 得分."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )


class SheetsPage(StaffPage):
    django_permission = PERMISSION
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("ratings:index"), "label": _("Scores given by others")},
            {"url": reverse("rating_sheets:index"), "label": _("Files of scores")},
            {"url": "", "label": self.get_page_title()},
        ]


class UploadPage(SheetsPage, FormPage):
    page_title = gettext_lazy("Bring in scores")
    template_name = "performance/staff/sheet_upload.html"
    form_class = UploadForm
    submit_label = gettext_lazy("Read the file")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.person}

    def get_explanation(self) -> list[str]:
        return [_("The file is only read at first. You see what each row would do; then you decide.")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quarters = [(quarter, quarter_label(quarter)) for quarter in quarters_to_rate(self.person)]
        return super().get_context_data(quarters=quarters, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        said = form.cleaned_data
        file = said["file"]
        if file.size > _MOST_BYTES:
            form.add_error("file", _("This file is too large."))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        try:
            sheet = read_rating_sheet(file, quarter=said["quarter"], kind=said["kind"], by=self.person, at=now())
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        return redirect("rating_sheets:sheet", sheet.uuid)


def sheet_for(request: HttpRequest, uuid: UUID) -> RatingSheet:
    """The same 404 for absent and not yours."""
    sheets = sheets_visible_to(person_of(request)).select_related(
        "quarter__division", "kind__division", "uploaded_by", "committed_by"
    )
    return get_object_or_404(sheets, uuid=uuid)


class OfSheet(SheetsPage):
    django_permission = "performance.view_ratingsheet"

    @cached_property
    def sheet(self) -> RatingSheet:
        return sheet_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request).has_perm(self.django_permission):
            _gate = self.sheet
        return super().dispatch(request, *args, **kwargs)


class SheetPage(OfSheet, ReadingPage):
    """The dry run, and later what was done."""

    page_title = gettext_lazy("File of scores")
    template_name = "performance/staff/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = self.sheet
        facts: dict[str, Any] = {"sheet": sheet, "quarter_label": quarter_label(sheet.quarter)}
        facts |= self._done() if sheet.committed_at else self._dry_run()
        return super().get_context_data(**facts, **kwargs)

    def _dry_run(self) -> dict[str, Any]:
        sheet = self.sheet
        plan = plan_rating_sheet(sheet, by=self.person)
        rows = [row for state in _ORDER for row in plan.of(state)]
        page = Paginator(rows, _PAGE).get_page(self.request.GET.get("p"))
        may_rate_here = self.person.has_perm(PERMISSION) and may_manage_quarter(self.person, sheet.quarter)
        return {
            "plan": plan,
            "counts": plan.counts(),
            "digest": plan.digest(),
            "rows": page,
            "labelled": [(row, STATE_LABELS[row.state]) for row in page],
            "button": button_words(plan),
            "is_settled": not sheet.quarter.takes_evidence(),
            "may_commit": may_rate_here and sheet.quarter.takes_evidence(),
        }

    def _done(self) -> dict[str, Any]:
        ratings = self.sheet.ratings.select_related("person", "replaces").order_by("pk")
        return {"rows": Paginator(ratings, _PAGE).get_page(self.request.GET.get("p"))}


def button_words(plan: RatingPlan) -> str:
    """What pressing it will do, and to how many."""
    new, changed = len(plan.of(RowState.NEW)), len(plan.of(RowState.CHANGED))
    enter = ngettext("Enter %(new)s score", "Enter %(new)s scores", new) % {"new": new}
    if not changed:
        return enter
    replace = ngettext("replace %(changed)s", "replace %(changed)s", changed) % {"changed": changed}
    return _("%(enter)s, %(replace)s") % {"enter": enter, "replace": replace}


class CommitView(OfSheet, View):
    django_permission = PERMISSION
    http_method_names = ["post"]  # as Django declares it

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        shown, reason = request.POST.get("shown", ""), request.POST.get("reason", "")
        try:
            commit_rating_sheet(self.sheet, shown=shown, reason=reason, by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
        else:
            messages.success(request, _("The scores are entered."))
        return redirect("rating_sheets:sheet", self.sheet.uuid)


# -- the template to fill in ------------------------------------------------------------------


class TemplateView(StaffPage, View):
    django_permission = PERMISSION
    http_method_names = ["get", "head"]  # as Django declares it

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        quarters = quarters_to_rate(self.person)
        number = request.GET.get("quarter", "")
        if not number.isdecimal():
            raise PermissionDenied
        quarter = get_object_or_404(quarters, pk=int(number))
        response = HttpResponse(template(quarter), content_type=XLSX)
        response["Content-Disposition"] = (
            f"attachment; filename=\"scores-{quarter.name}.xlsx\"; filename*=UTF-8''{quarter.name}"
            "-%E8%AF%84%E5%88%86%E6%A8%A1%E6%9D%BF.xlsx"
        )
        return response


def template(quarter: Quarter) -> bytes:
    """Everybody posted in the quarter, with an empty column for the score. Numbers are text: nothing is rounded."""
    content = BytesIO()
    sheet = SheetSpec(
        name="评分",
        columns=[
            SheetColumn("工号", width=14),
            SheetColumn("姓名", width=14),
            SheetColumn("乡镇", width=16),
            SheetColumn("工作队", width=24),
            SheetColumn("得分", width=10, kind="decimal", places=2),
            SheetColumn("更改原因", width=30),
        ],
        rows=_people(quarter),
        frozen_columns=2,
    )
    write_workbook(content, [sheet], Properties(title=f"{quarter.name} 评分"))
    return content.getvalue()


def _people(quarter: Quarter) -> list[list[object]]:
    posts = posts_between(quarter).select_related("person", "team__division")
    last = {post.person_id: post for post in posts.order_by("starts_on", "pk")}
    townships = dict(Division.objects.within(quarter.division).townships().values_list("code", "name"))  # type: ignore[attr-defined]
    ordered = sorted(last.values(), key=lambda post: (post.team.division.code, post.team.code, post.person.code))
    return [
        [
            post.person.code,
            post.person.name,
            townships.get(post.team.division.township_code, ""),
            post.team.name,
            None,
            "",
        ]
        for post in ordered
    ]


# -- the list ---------------------------------------------------------------------------------


class SheetIndexView(ScopedIndexView):
    page_title = gettext_lazy("Files of scores")
    add_item_label = gettext_lazy("Bring in scores")

    def with_related(self, rows: QuerySet[RatingSheet]) -> QuerySet[RatingSheet]:
        # The rows of the files are large and not shown here.
        return rows.select_related("quarter__division", "kind", "uploaded_by").defer("rows")

    def get_edit_url(self, instance: Any) -> str:
        return reverse("rating_sheets:sheet", args=[instance.uuid])


def _state(sheet: RatingSheet) -> str:
    return pgettext("ratings", "Carried out") if sheet.committed_at else pgettext("ratings", "Dry run")


class RatingSheetViewSet(ScopedViewSet):
    model = RatingSheet
    name = "rating_sheets"
    url_prefix = "ratings/files"
    policy = SHEETS
    icon = "upload"
    menu_label = gettext_lazy("Files of scores")
    index_view_class = SheetIndexView
    ordering = "-uploaded_at"
    search_fields = ["file_name"]
    list_display = [
        "file_name",
        Column("quarter", label=gettext_lazy("Quarter"), accessor=lambda sheet: quarter_label(sheet.quarter)),
        Column("kind", label=gettext_lazy("Kind of scores")),
        Column("state", label=pgettext_lazy("ratings", "State"), accessor=_state),
        Column("uploaded_by", label=gettext_lazy("Uploaded by")),
        DateColumn("uploaded_at", label=gettext_lazy("Uploaded at"), sort_key="uploaded_at"),
    ]
    kept_urls = frozenset({"index", "index_results"})

    def get_form_class(self, for_update: bool = False) -> Any:
        return UploadForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("new/", UploadPage.as_view(), name="add"),
            path("template/", TemplateView.as_view(), name="template"),
            path("<uuid:uuid>/", SheetPage.as_view(), name="sheet"),
            path("<uuid:uuid>/commit/", CommitView.as_view(), name="commit"),
        ]
