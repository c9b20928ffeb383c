"""Where the reports of training stand in the staff interface."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from courses.domain.reporting.scope import may_report
from courses.staff.report_exports import CourseExport, OverviewExport, YearExport
from courses.staff.reports import CoursePage, CoursesReport, LecturersReport, TownshipsReport, YearPage
from exams.staff.gates import person_of


class ReportsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_report(person_of(request))


class TrainingReportsViewSet(ViewSet):
    name = "training_reports"
    url_prefix = "training/reports"
    icon = "table"
    menu_label = gettext_lazy("Training reports")
    menu_item_class = ReportsMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", CoursesReport.as_view(), name="index"),
            path("townships/", TownshipsReport.as_view(), name="townships"),
            path("lecturers/", LecturersReport.as_view(), name="lecturers"),
            path("export/", OverviewExport.as_view(), name="export"),
            path("year/", YearPage.as_view(), name="year"),
            path("year/export/", YearExport.as_view(), name="year_export"),
            path("courses/<uuid:uuid>/", CoursePage.as_view(), name="course"),
            path("courses/<uuid:uuid>/export/", CourseExport.as_view(), name="course_export"),
        ]
