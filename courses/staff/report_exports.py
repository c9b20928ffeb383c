"""Taking reports of training out: what it is for is asked and kept."""

from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.clock import now
from common.refusals import Refusal
from courses.domain.reporting.exporting import export_course, export_overview, export_year
from courses.domain.reporting.matrix import enrolled
from courses.domain.reporting.scope import may_report, reported_divisions
from courses.domain.reporting.year import years_held
from courses.models import Course
from courses.staff.report_filters import ReportFilters, YearFilters, year_filters
from courses.staff.reports import OfficeReport, course_for
from exams.domain.exporting import ScoreFile
from exams.enums import ExportFormat
from exams.staff.gates import person_of
from exams.staff.pages import FormPage
from members.models import Division


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("File"), choices=ExportFormat.choices, initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("What is the file for?"),
        max_length=200,
        help_text=gettext_lazy("Kept with your name and the time, and printed on the file."),
    )


class ReportExport(FormPage, OfficeReport):
    """One form, one file. What is exported stands in the address, as for the page it belongs to."""

    template_name = "exams/staff/form.html"
    form_class = ExportForm
    submit_label = gettext_lazy("Make the file")

    def make(self, cleaned: dict[str, Any]) -> ScoreFile:
        raise NotImplementedError

    def form_valid(self, form: Any) -> Any:
        try:
            file = self.make(form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.content_type)


class OverviewExport(ReportExport):
    page_title = gettext_lazy("Export courses, townships and lecturers")

    @cached_property
    def filters(self) -> ReportFilters:
        return ReportFilters(self.request.GET, person=self.person)

    def get_cancel_url(self) -> str:
        return self.url_with_query("index")

    def get_explanation(self) -> list[str]:
        chosen = self.filters.chosen(today=self.today)
        what = _("The file holds the figures of courses, townships and lecturers, %(span)s, and no names of members.")
        return [what % {"span": chosen.span}]

    def make(self, cleaned: dict[str, Any]) -> ScoreFile:
        chosen = self.filters.chosen(today=self.today)
        division = chosen.division or own_division(self.request)
        return export_overview(division, chosen.span, kind=chosen.kind, by=self.person, at=now(), **cleaned)


class YearExport(ReportExport):
    page_title = gettext_lazy("Export the year table")

    @cached_property
    def filters(self) -> YearFilters:
        return year_filters(self.request.GET, person=self.person, years=years_held(by=self.person), today=self.today)

    def get_cancel_url(self) -> str:
        return self.url_with_query("year")

    def get_explanation(self) -> list[str]:
        if not self.filters.is_valid():
            raise Http404
        chosen = self.filters.cleaned_data
        place = {"division": chosen["division"], "year": chosen["year"]}
        return [_("The file holds the year table of %(division)s for %(year)s and no names.") % place]

    def make(self, cleaned: dict[str, Any]) -> ScoreFile:
        if not self.filters.is_valid():
            raise Http404
        return export_year(by=self.person, at=now(), **self.filters.cleaned_data, **cleaned)


class CourseExport(ReportExport):
    page_title = gettext_lazy("Export the attendance")

    @cached_property
    def course(self) -> Course:
        return course_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if may_report(person_of(request)):
            _gate = self.course
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.course.title

    def get_cancel_url(self) -> str:
        return reverse("training_reports:course", args=[self.course.uuid])

    def get_explanation(self) -> list[str]:
        people = enrolled(self.course, by=self.person).count()
        text = _("The file holds the attendance of %(people)s people. Whoever has it answers for it.")
        return [text % {"people": people}]

    def make(self, cleaned: dict[str, Any]) -> ScoreFile:
        return export_course(self.course, by=self.person, at=now(), **cleaned)


def own_division(request: HttpRequest) -> Division:
    """The first one this person looks after: the highest, if they look after one with all its townships."""
    division = reported_divisions(person_of(request)).first()
    if division is None:
        raise Http404
    return division
