"""Files of a quarter: asked for with a reason, followed while they are written, downloaded, cancelled."""

from typing import Any, cast

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from exams.staff.pages import ReadingPage
from members.models import Division
from performance.domain.reporting.scope import reported_divisions
from performance.domain.reporting.words import quarter_title
from performance.domain.reporting.writing import FILE_TYPES
from performance.domain.reports import KEPT, ask_report, cancel_report, take_report
from performance.enums import UNFINISHED_REPORTS, ReportKind, ReportState
from performance.models import Report
from performance.rules import may_see_quarter
from performance.staff.quarter_pages import OfQuarter, QuarterAction, may_look, report_for

MOST_SHOWN = 50


class OfReports(OfQuarter):
    """A page about the files of one quarter, or about one of them: to everybody else there is none."""

    @cached_property
    def report(self) -> Report:
        return report_for(self.request, self.kwargs["report"], quarter=self.quarter)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.report if "report" in kwargs else self.quarter
        return super().dispatch(request, *args, **kwargs)

    def url(self, name: str) -> str:
        return reverse(f"quarter_reports:{name}", args=[self.quarter.uuid])

    def listed(self) -> dict[str, Any]:
        """The person's own files of this quarter, newest first."""
        reports = Report.objects.of(self.person).filter(computation__quarter=self.quarter)
        found = list(reports.select_related("division", "computation")[:MOST_SHOWN])
        moment = now()
        return {
            "reports": [ReportRow(report, moment) for report in found],
            "working": any(report.state in UNFINISHED_REPORTS for report in found),
        }


class ReportRow:
    """A file as the list shows it."""

    def __init__(self, report: Report, moment: Any) -> None:
        self.report = report
        self.is_unfinished = report.state in UNFINISHED_REPORTS
        self.is_running = report.state == ReportState.RUNNING
        self.is_over = report.state == ReportState.DONE and (not report.file or report.expires_at <= moment)
        self.is_ready = report.state == ReportState.DONE and not self.is_over
        self.is_outdated = report.computation_id != report.computation.quarter.computation_id


class ReportsPage(OfReports, ReadingPage):
    page_title = gettext_lazy("Files of the quarter")
    template_name = "performance/staff/reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=quarter_title(self.quarter), **self.listed(), **kwargs)


class ReportsFragment(OfReports, View):
    """What the page asks for every few seconds."""

    unattended = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "performance/staff/_reports.html", {"quarter": self.quarter, **self.listed()})


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("File"), choices=ReportKind.choices, initial=ReportKind.WORKBOOK, widget=forms.RadioSelect
    )
    division = forms.ModelChoiceField(
        label=pgettext_lazy("report", "People of"),
        queryset=Division.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    reason = forms.CharField(
        label=gettext_lazy("What is the file for?"),
        max_length=200,
        help_text=gettext_lazy("Kept with your name and the time, and printed on the file."),
    )

    def __init__(self, *args: Any, divisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["division"]).queryset = divisions


class AskPage(OfReports, QuarterAction):
    page_title = gettext_lazy("Ask for a file")
    form_class = ReportForm
    submit_label = gettext_lazy("Make the file")
    quarter_rule = staticmethod(may_see_quarter)
    office_rule = staticmethod(may_look)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"divisions": reported_divisions(self.person, self.quarter)}

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": self.url("index"), "label": _("Files of the quarter")}]

    def get_cancel_url(self) -> str:
        return self.url("index")

    def get_explanation(self) -> list[str]:
        return [
            _("The file is made in the background and is for you alone. It is deleted after %(days)s days.")
            % {"days": KEPT.days},
            _("Whoever has the file answers for it; every download is written down."),
        ]

    def act(self, cleaned: dict[str, Any]) -> Report:
        wishes = {"division": cleaned["division"], "reason": cleaned["reason"]}
        return ask_report(self.quarter, cleaned["kind"], **wishes, by=self.person, at=now())

    def after(self, outcome: Any) -> str:
        return self.url("index")


class DownloadAnswer(OfReports, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> Any:
        try:
            file = take_report(self.report, by=self.person, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.url("index"))
        content_type = FILE_TYPES[self.report.kind].content_type
        answer = FileResponse(file, as_attachment=True, filename=self.report.file_name, content_type=content_type)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class CancelAnswer(OfReports, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            cancel_report(self.report, by=self.person, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self.url("index"))


urlpatterns = [
    path("<uuid:uuid>/reports/", ReportsPage.as_view(), name="index"),
    path("<uuid:uuid>/reports/list/", ReportsFragment.as_view(), name="list"),
    path("<uuid:uuid>/reports/new/", AskPage.as_view(), name="ask"),
    path("<uuid:uuid>/reports/<uuid:report>/file/", DownloadAnswer.as_view(), name="download"),
    path("<uuid:uuid>/reports/<uuid:report>/cancel/", CancelAnswer.as_view(), name="cancel"),
]
