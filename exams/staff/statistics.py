"""How questions and exams fared: figures in words with their intervals, charts with their tables, and the way out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from common.charts import Bar, Group, Whisker, grouped_bars, histogram, interval_chart
from common.clock import now
from common.refusals import Refusal
from exams.domain.statistics import reports
from exams.domain.statistics.exporting import export_item_table
from exams.domain.statistics.nightly import order_statistics_of
from exams.domain.statistics.reports import Distribution, ItemRow, VersionFigures
from exams.domain.statistics.thresholds import thresholds
from exams.enums import ExportFormat
from exams.models import ItemStatistics
from exams.rules import may_manage_exam, may_overrule, may_see_scores
from exams.staff.pages import ExamAction, OfExam, ReadingPage
from exams.staff.repairs import repair_buttons
from question_bank.models import Question

# So many of the hardest and of the easiest, and of those that are conspicuous.
ENDS = 10
SHOWN_FLAGGED = 30
CHART_LETTERS = 20


# -- a question ---------------------------------------------------------------------------------


class QuestionStatisticsPage(ReadingPage):
    """What the answers tell about each version of a question."""

    django_permission = "question_bank.view_question"
    page_title = gettext_lazy("Statistics")
    template_name = "exams/staff/question_statistics.html"

    @cached_property
    def question(self) -> Question:
        return get_object_or_404(Question.objects.select_related("topic"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.question)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        inspect = reverse("wagtailsnippets_question_bank_question:inspect", args=[self.question.pk])
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("wagtailsnippets_question_bank_question:list"), "label": _("Questions")},
            {"url": inspect, "label": str(self.question)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = reports.version_figures_of(self.question)
        repairs = repair_buttons([each.version for each in figures], self.person)
        return super().get_context_data(
            question=self.question,
            versions=[shown_version(each, repairs.get(each.version.pk)) for each in figures],
            limits=thresholds(),
            **kwargs,
        )


def shown_version(figures: VersionFigures, repair: Button | None) -> dict[str, Any]:
    """One version for the page: its figures in words, and its charts where there is something to draw."""
    row = figures.all_time
    return {
        "number": figures.version.number,
        "is_current": figures.is_current,
        "frozen_at": figures.version.frozen_at,
        "row": row,
        "words": words_of(row) if row else None,
        "flags": reports.flag_words(row, figures.version) if row else [],
        "people": figures.people,
        "options": figures.options,
        "options_missing": reports.options_missing_words(figures),
        "correction": figures.correction,
        "repair": repair,
        "option_chart": _option_chart(figures),
        "quarters": [{"quarter": each.quarter, "n": each.n, "words": words_of(each)} for each in figures.quarters],
        "quarter_chart": _quarter_chart(figures.quarters),
    }


def words_of(row: ItemStatistics) -> dict[str, str]:
    return {
        "facility": reports.facility_words(row),
        "discrimination": reports.discrimination_words(row),
        "seconds": reports.seconds_words(row),
        "exposure": reports.exposure_words(row),
    }


def _option_chart(figures: VersionFigures) -> str:
    if not figures.options:
        return ""
    groups = [Group(_cut(row.text), row.shares, is_marked=row.is_right) for row in figures.options]
    names = [_("lower third"), _("middle third"), _("upper third")]
    return grouped_bars(groups, names, title=_("How many of each third picked which option"))


def _quarter_chart(rows: list[ItemStatistics]) -> str:
    whiskers = [
        Whisker(row.quarter, row.facility, row.facility_low or 0, row.facility_high or 0)
        for row in rows
        if row.facility is not None
    ]
    return interval_chart(whiskers, title=_("Facility by quarter with its interval")) if whiskers else ""


def _cut(text: str) -> str:
    return text if len(text) <= CHART_LETTERS else f"{text[: CHART_LETTERS - 1]}…"


class QuestionStatisticsViewSet(ViewSet):
    name = "question_statistics"
    url_prefix = "question-statistics"

    def get_urlpatterns(self) -> list[Any]:
        return [path("<int:pk>/", QuestionStatisticsPage.as_view(), name="question")]


# -- an exam --------------------------------------------------------------------------------------


class ExamStatisticsPage(OfExam, ReadingPage):
    """How well an exam measured, how its scores lie, and which of its questions to look at."""

    exam_rule = staticmethod(may_see_scores)
    django_permission = "exams.view_candidate"
    page_title = gettext_lazy("Statistics")
    template_name = "exams/staff/exam_statistics.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        if not may_overrule(self.person, self.exam):
            # Whoever only reads scores has no page of the exam to go back to.
            items[1:3] = [
                {"url": reverse("exams_scores:index"), "label": _("Scores")},
                {"url": self.exam_url("scores"), "label": self.exam.title},
            ]
        return items

    @property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = [HeaderButton(_("Export"), url=self.exam_url("statistics_export"), icon_name="download")]
        if may_manage_exam(self.person, self.exam) and self.exam.is_over(at=now()):
            buttons.append(HeaderButton(_("Compute now"), url=self.exam_url("statistics_compute"), icon_name="rotate"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {"exam": self.exam, "is_over": self.exam.is_over(at=now()), "limits": thresholds()}
        if facts["is_over"]:
            rows = reports.item_rows(self.exam)
            known = [row for row in rows if row.figures and row.figures.facility is not None]
            distribution = reports.score_distribution(self.exam, by=self.person)
            flagged = [row for row in rows if row.figures and row.figures.is_flagged]
            facts |= {
                "figures": reports.exam_figures(self.exam),
                "distribution": distribution,
                "score_chart": _score_chart(distribution),
                "questions": len(rows),
                "known": len(known),
                "hardest": [shown_item(row) for row in known[:ENDS]],
                "easiest": [shown_item(row) for row in known[: -ENDS - 1 : -1]],
                "flagged": [shown_item(row) for row in flagged[:SHOWN_FLAGGED]],
                "flagged_more": max(len(flagged) - SHOWN_FLAGGED, 0),
            }
        return super().get_context_data(**facts, **kwargs)


def shown_item(row: ItemRow) -> dict[str, Any]:
    return {
        "url": reverse("question_statistics:question", args=[row.version.question_id]),
        "stem": row.version.shown["stem"],
        "number": row.version.number,
        "topic": row.version.topic.title,
        "difficulty": row.version.get_difficulty_display(),
        "papers": row.papers,
        "n": row.figures.n if row.figures else 0,
        "words": words_of(row.figures) if row.figures else None,
        "flags": reports.flag_words(row.figures, row.version) if row.figures else [],
    }


def _score_chart(distribution: Distribution | None) -> str:
    if distribution is None:
        return ""
    bars = [Bar(f"{band.low}", band.people) for band in distribution.bands]
    return histogram(bars, title=_("How many people reached which share of the points, in steps of ten per cent"))


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[choice for choice in ExportFormat.choices if choice[0] != ExportFormat.PDF],
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
    )


class ExportPage(ExamAction):
    exam_rule = staticmethod(may_see_scores)
    django_permission = "exams.add_scoreexport"
    page_title = gettext_lazy("Export the questions with their figures")
    form_class = ExportForm
    submit_label = gettext_lazy("Make the file")

    def get_cancel_url(self) -> str:
        return self.exam_url("statistics")

    def get_explanation(self) -> list[str]:
        return [
            _("The file holds the questions of the exam with their figures, and no people. They may be asked again.")
        ]

    def form_valid(self, form: Any) -> Any:
        try:
            file = export_item_table(
                self.exam, format=ExportFormat(form.cleaned_data["format"]), by=self.person, at=now()
            )
        except Refusal as refusal:
            return self.refused(form, refusal)
        return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.content_type)


class ComputePage(ExamAction):
    django_permission = "exams.change_exam"
    page_title = gettext_lazy("Compute the statistics")
    form_class = forms.Form
    submit_label = gettext_lazy("Compute now")

    def get_cancel_url(self) -> str:
        return self.exam_url("statistics")

    def get_explanation(self) -> list[str]:
        return [
            _("The figures of all questions of this exam are computed again, with what they earned in other tests."),
            _("It happens every night by itself. Questions that are conspicuous go to the re-check list."),
        ]

    def act(self, cleaned: dict[str, Any]) -> None:
        order_statistics_of(self.exam)
        messages.success(self.request, _("The figures are being computed; look again in a minute."))

    def after(self, outcome: None) -> str:
        return self.exam_url("statistics")


exam_urlpatterns = [
    path("<uuid:uuid>/statistics/", ExamStatisticsPage.as_view(), name="statistics"),
    path("<uuid:uuid>/statistics/export/", ExportPage.as_view(), name="statistics_export"),
    path("<uuid:uuid>/statistics/compute/", ComputePage.as_view(), name="statistics_compute"),
]
