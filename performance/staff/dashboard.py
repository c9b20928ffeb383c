"""The quarter at a glance: figures of the reader's divisions, charts with their tables beside them, no names."""

from typing import Any

from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts import Point, share_bars, trend_chart
from exams.staff.pages import ReadingPage
from performance.domain import dashboard
from performance.models import Computation
from performance.staff.quarter_pages import OfQuarter

CHART_LETTERS = 16


class DashboardPage(OfQuarter, ReadingPage):
    page_title = gettext_lazy("At a glance")
    template_name = "performance/staff/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        computation = self.computation
        facts: dict[str, Any] = {"computation": computation}
        if computation is not None:
            facts |= self._figures(computation) | self._questions() | self._trend()
        return super().get_context_data(**facts, **kwargs)

    def _figures(self, computation: Computation) -> dict[str, Any]:
        person = self.person
        indicators = dashboard.indicators(computation, by=person)
        titles = [each.title for each in indicators]
        townships = dashboard.by_township(computation, titles, by=person)
        grades = dashboard.grades_by_category(computation, by=person)
        asked = self.township if any(row.code == self.township for row in townships) else ""
        return {
            "participation": dashboard.participation(computation, by=person),
            "grades": [(each, _grade_chart(each)) for each in grades],
            "indicators": indicators,
            "indicator_chart": _indicator_chart(indicators),
            "titles": titles,
            "townships": townships,
            "township": next((row for row in townships if row.code == asked), None),
            "teams": dashboard.by_team(computation, asked, titles, by=person) if asked else [],
        }

    @cached_property
    def township(self) -> str:
        """The township whose teams are asked for, as its twelve digits."""
        code = self.request.GET.get("township", "")
        return code if len(code) == 12 and code.isascii() and code.isdigit() else ""

    def _questions(self) -> dict[str, Any]:
        topics = dashboard.weakest_topics(self.quarter)
        chapters = dashboard.weakest_chapters(self.quarter)
        return {
            "weak": [
                (_("Weakest topics"), _("Topic"), topics, _weak_chart(topics, _("Weakest topics"))),
                (
                    _("Weakest chapters of handbooks"),
                    _("Chapter"),
                    chapters,
                    _weak_chart(chapters, _("Weakest chapters of handbooks")),
                ),
            ],
            "figures_at": dashboard.newest_figures(self.quarter),
        }  # fmt: skip

    def _trend(self) -> dict[str, Any]:
        rows = dashboard.trend(self.quarter, by=self.person)
        points = [Point(row.quarter.name[2:], row.total, is_now=row.quarter == self.quarter) for row in rows]
        chart = trend_chart(points, title=_("Mean totals by quarter")) if len(points) > 1 else ""
        return {"trend": rows, "trend_chart": chart}


def _grade_chart(grades: dashboard.CategoryGrades) -> str:
    bars = [(grade.label, grade.share) for grade in grades.grades]
    return share_bars(bars, title=_("Grades: %(category)s") % {"category": grades.category})


def _indicator_chart(rows: list[dashboard.Known]) -> str:
    bars = [(_cut(row.title), row.mean / 100) for row in rows if row.mean is not None]
    return share_bars(bars, title=_("Means of the indicators")) if bars else ""


def _weak_chart(rows: list[dashboard.Weak], title: str) -> str:
    return share_bars([(_cut(row.title), row.facility) for row in rows], title=title) if rows else ""


def _cut(text: str) -> str:
    return text if len(text) <= CHART_LETTERS else f"{text[: CHART_LETTERS - 1]}…"


urlpatterns = [path("<uuid:uuid>/dashboard/", DashboardPage.as_view(), name="dashboard")]
