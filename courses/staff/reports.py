"""Reports of training for the office: courses, townships, lecturers, the year, and one course person by person."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import HeaderButton

from common.clock import now
from courses.domain.reporting import columns
from courses.domain.reporting.courses import course_figures, reported_courses
from courses.domain.reporting.lecturers import lecturer_figures
from courses.domain.reporting.scope import may_report
from courses.domain.reporting.sheets import missing_note, year_notes
from courses.domain.reporting.townships import township_figures
from courses.domain.reporting.year import year_table, years_held
from courses.models import Course
from courses.rules import may_see_course
from courses.staff.boards import board
from courses.staff.matrix import matrix_page
from courses.staff.report_boards import kinds_board, periods_board, periods_chart, shares, townships_board
from courses.staff.report_filters import Chosen, ReportFilters, YearFilters, year_filters
from exams.staff.gates import person_of
from exams.staff.pages import ReadingPage

PAGE = 20


class OfficeReport(ReadingPage):
    """For whoever looks after the training of some division; figures are bounded by it."""

    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_report(person_of(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def today(self) -> date:
        return timezone.localdate(now())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            *self.breadcrumbs_between(),
            {"url": "", "label": self.get_page_subtitle() or self.get_page_title()},
        ]

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": reverse("training_reports:index"), "label": _("Training reports")}]

    def url_with_query(self, name: str) -> str:
        query = self.request.GET.urlencode()
        return reverse(f"training_reports:{name}") + (f"?{query}" if query else "")


class FilteredReport(OfficeReport):
    """Filters above, a table below."""

    template_name = "courses/staff/reports/report.html"

    @cached_property
    def filters(self) -> ReportFilters:
        return ReportFilters(self.request.GET, person=self.person)

    @cached_property
    def chosen(self) -> Chosen:
        return self.filters.chosen(today=self.today)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Export"), url=self.url_with_query("export"), icon_name="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Looked at once: an unbound form would be valid for nobody.
        chosen = self.chosen
        return super().get_context_data(filters=self.filters, chosen=chosen, current=self.current, **kwargs)

    current = ""


class CoursesReport(FilteredReport):
    page_title = gettext_lazy("Training reports")
    current = "index"

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen
        found = reported_courses(by=self.person, span=chosen.span, kind=chosen.kind)
        page = Paginator(found, PAGE).get_page(self.request.GET.get("p"))
        figures = course_figures(list(page), by=self.person, at=now(), span=chosen.span, division=chosen.division)
        rates = [(row.course.title, row.tally.rate) for row in figures]
        return super().get_context_data(
            page=page,
            board=board(
                _("Sessions and attendance in these days, completion over the whole course. The latest course first."),
                columns.course_columns(),
                map(columns.course_values, figures),
                urls=[reverse("training_reports:course", args=[row.course.uuid]) for row in figures],
            ),
            chart=shares(rates, _("Attendance rate by course")),
            notes=[missing_note()],
            **kwargs,
        )


class TownshipsReport(FilteredReport):
    page_title = gettext_lazy("Training by township")
    current = "townships"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen
        table = township_figures(
            list(reported_courses(by=self.person, span=chosen.span, kind=chosen.kind)),
            by=self.person,
            at=now(),
            total=_("All together"),
            span=chosen.span,
            kind=chosen.kind,
            division=chosen.division,
        )
        covered = [(row.name, row.coverage) for row in table.rows]
        return super().get_context_data(
            board=townships_board(table),
            chart=shares(covered, _("Coverage by township")),
            notes=[*year_notes(), missing_note()],
            **kwargs,
        )


class LecturersReport(FilteredReport):
    page_title = gettext_lazy("Lecturers' sessions")
    current = "lecturers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.chosen
        figures = lecturer_figures(by=self.person, span=chosen.span, kind=chosen.kind, division=chosen.division)
        return super().get_context_data(
            board=board(
                _("By name, not ranked. Means of feedback from 1 to 5, of sessions after which five or more answered."),
                columns.lecturer_columns(),
                map(columns.lecturer_values, figures),
            ),
            **kwargs,
        )


class YearPage(OfficeReport):
    page_title = gettext_lazy("Year table of training")
    template_name = "courses/staff/reports/year.html"

    @cached_property
    def filters(self) -> YearFilters:
        return year_filters(self.request.GET, person=self.person, years=years_held(by=self.person), today=self.today)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Export"), url=self.url_with_query("year_export"), icon_name="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.filters.is_valid():
            raise Http404
        table = year_table(by=self.person, **self.filters.cleaned_data)
        return super().get_context_data(
            filters=self.filters,
            current="year",
            table=table,
            kinds=kinds_board(table),
            periods=periods_board(table),
            coverage_chart=shares(
                [(row.kind.title, row.reach.coverage) for row in table.kinds if row.reach.sessions],
                _("Coverage by kind"),
            ),
            periods_chart=periods_chart(table),
            notes=year_notes(),
            **kwargs,
        )


class CoursePage(OfficeReport):
    """One course: figures, townships, and who was in which session."""

    page_title = gettext_lazy("Attendance")
    template_name = "courses/staff/reports/course.html"

    @cached_property
    def course(self) -> Course:
        return course_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if may_report(person_of(request)):
            # The gate comes first: what is not theirs looks like what does not exist.
            _gate = self.course
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.course.title

    @property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("training_reports:course_export", args=[self.course.uuid])
        return [HeaderButton(_("Export"), url=url, icon_name="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment, asked = now(), self.request.GET
        (figures,) = course_figures([self.course], by=self.person, at=moment)
        table = township_figures([self.course], by=self.person, at=moment, total=_("All together"))
        return super().get_context_data(
            course=self.course,
            figures=figures,
            townships=townships_board(table),
            chart=shares([(row.name, row.tally.rate) for row in table.rows], _("Attendance rate by township")),
            matrix=matrix_page(self.course, by=self.person, people=asked.get("p"), days=asked.get("s")),
            **kwargs,
        )


def course_for(request: HttpRequest, uuid: Any) -> Course:
    """A course whose people, or some of them, this person looks after."""
    courses = Course.objects.select_related("kind", "division", "audience_division", "exam")
    course = get_object_or_404(courses, uuid=uuid)
    if not may_see_course(person_of(request), course):
        raise Http404
    return course
