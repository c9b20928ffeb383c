"""Scores: by township, person by person with filters and sorting, and taken out as files with a reason."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.http import FileResponse, HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from common.clock import now
from common.refusals import Refusal
from exams.domain.closing import close_overdue
from exams.domain.exporting import export_scores
from exams.domain.scores import ScoreRow, score_rows, scored_candidates, total_of, township_table
from exams.domain.watching import TOWNSHIP_DIGITS
from exams.enums import SETTLED_EXAM_STATES, Band, ExportFormat
from exams.models import Candidate, Exam
from exams.rules import may_export_scores, may_overrule, may_see_phones, may_see_scores, score_scope
from exams.staff import steps
from exams.staff.gates import person_of
from exams.staff.pages import ExamAction, OfExam, ReadingPage, StaffPage
from members.enums import PostingRole, StaffCategory
from members.models import Division
from members.models.division import inside

PERMISSION = "exams.view_candidate"
PAGE = 50


# -- which exams ------------------------------------------------------------------------------


class ScoresIndex(ReadingPage):
    """Exams whose scores this person may read, newest first."""

    django_permission = PERMISSION
    page_title = gettext_lazy("Scores")
    template_name = "exams/staff/scores_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = Candidate.objects.filter(exam=OuterRef("pk")).filter(
            inside(score_scope(self.person), field="division_code")
        )
        counted = people.order_by().values("exam")
        exams = (
            Exam.objects.visible_to(self.person)
            .filter(state__in=SETTLED_EXAM_STATES, opens_at__lte=now())
            .annotate(
                expected=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0),
                arrived=Coalesce(Subquery(counted.filter(attempts_used__gt=0).annotate(n=Count("pk")).values("n")), 0),
            )
            .select_related("division")
            .order_by("-opens_at")
        )
        return super().get_context_data(exams=exams[:PAGE], now=now(), **kwargs)


class ScoresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return person_of(request).has_perm(PERMISSION)


class ScoresViewSet(ViewSet):
    name = "exams_scores"
    url_prefix = "scores"
    icon = "table"
    menu_label = gettext_lazy("Scores")
    menu_item_class = ScoresMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", ScoresIndex.as_view(), name="index")]


# -- one exam -----------------------------------------------------------------------------------


class ScoreFilterSet(WagtailFilterSet):
    township = django_filters.ChoiceFilter(label=gettext_lazy("Township"), method="in_township")
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role in the team"), choices=PostingRole.choices)
    staff_category = django_filters.ChoiceFilter(label=gettext_lazy("Staff category"), choices=StaffCategory.choices)
    band = django_filters.ChoiceFilter(label=gettext_lazy("Band"), choices=Band.choices, method="in_band")
    present = django_filters.ChoiceFilter(
        label=gettext_lazy("Presence"),
        choices=[("yes", gettext_lazy("came")), ("no", gettext_lazy("did not come"))],
        method="by_presence",
    )

    class Meta:
        model = Candidate
        fields: list[str] = []

    def __init__(self, *args: Any, exam: Exam, townships: list[tuple[str, str]], **kwargs: Any) -> None:
        self.exam = exam
        super().__init__(*args, **kwargs)
        self.filters["township"].extra["choices"] = townships

    def in_township(self, people: QuerySet[Candidate], name: str, code: str) -> QuerySet[Candidate]:
        return people.filter(division_code__startswith=code[:TOWNSHIP_DIGITS])

    def in_band(self, people: QuerySet[Candidate], name: str, band: str) -> QuerySet[Candidate]:
        exam = self.exam
        limits = [
            (Band.EXCELLENT, exam.excellent_percent),
            (Band.GOOD, exam.good_percent),
            (Band.PASS, exam.pass_percent),
            (Band.FAIL, 0),
        ]
        place = [name for name, _limit in limits].index(Band(band))
        people = people.filter(score__gte=exam.points_at(limits[place][1]))
        return people.filter(score__lt=exam.points_at(limits[place - 1][1])) if place else people

    def by_presence(self, people: QuerySet[Candidate], name: str, present: str) -> QuerySet[Candidate]:
        return people.filter(attempts_used__gt=0) if present == "yes" else people.filter(attempts_used=0)


class ScoresPage(OfExam, StaffPage, BaseListingView):
    exam_rule = staticmethod(may_see_scores)
    django_permission = PERMISSION
    page_title = gettext_lazy("Scores")
    template_name = "exams/staff/scores.html"
    results_template_name = "exams/staff/_scores_results.html"
    filterset_class = ScoreFilterSet
    paginate_by = PAGE
    table_classname = "listing scores"
    verbose_name_plural = pgettext_lazy("person", "people")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        if not may_overrule(self.person, self.exam):
            # Whoever only reads scores has no page of the exam to go back to.
            items[1:3] = [{"url": reverse("exams_scores:index"), "label": _("Scores")}]
            items[-1] = {"url": "", "label": self.exam.title}
        return items

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not may_export_scores(self.person, self.exam):
            return []
        return [
            HeaderButton(_("Export"), url=self.exam_url("export"), icon_name="download"),
            HeaderButton(_("Statistics"), url=self.exam_url("statistics"), icon_name="table"),
        ]

    @property
    def columns(self) -> list[Column]:
        linked = may_overrule(self.person, self.exam)

        def url(row: ScoreRow) -> str | None:
            if not linked or row.absent:
                return None
            return reverse("exams_staff:candidate", args=[self.exam.uuid, row.code])

        return [
            TitleColumn("name", label=pgettext("person", "Name"), get_url=url, sort_key="person__name"),
            Column("township", label=_("Township"), accessor="township", sort_key="division_code"),
            Column("team", label=_("Team"), accessor="team"),
            Column("role", label=_("Role in the team"), accessor="role", sort_key="role"),
            Column("score", label=_("Score"), accessor=_points("score"), sort_key="score"),
            Column("band", label=_("Band"), accessor="band"),
            Column("objective", label=_("Objective"), accessor=_points("objective")),
            Column("subjective", label=_("Subjective"), accessor=_points("subjective")),
            Column("minutes", label=_("Minutes used"), accessor="minutes_used"),
            Column("leaves", label=_("Page leaves"), accessor="page_leaves"),
            Column("remark", label=_("Remark"), accessor="remark"),
        ]

    def get_index_url(self) -> str:
        return self.exam_url("scores")

    def get_index_results_url(self) -> str:
        return self.exam_url("scores_results")

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return super().get_filterset_kwargs() | {"exam": self.exam, "townships": self._townships()}

    def _townships(self) -> list[tuple[str, str]]:
        people = Candidate.objects.filter(exam=self.exam).visible_to(self.person)
        places = (
            people.order_by().annotate(place=Substr("division_code", 1, TOWNSHIP_DIGITS)).values("place").distinct()
        )
        codes = [row["place"].ljust(12, "0") for row in places]
        return list(Division.objects.filter(code__in=codes).values_list("code", "name"))

    def get_base_queryset(self) -> QuerySet[Candidate]:
        return scored_candidates(self.exam, by=self.person)

    def order_queryset(self, queryset: QuerySet[Candidate]) -> QuerySet[Candidate]:
        if self.ordering in ("score", "-score"):
            # Who has no score comes last in either direction.
            order = F("score").desc(nulls_last=True) if self.ordering == "-score" else F("score").asc(nulls_last=True)
            return queryset.order_by(order, "division_code", "person__code")
        return queryset.order_by(self.ordering, "person__code") if self.ordering else queryset

    def get_table(self, object_list: Any) -> Any:
        moment = now()
        rows = list(score_rows(self.exam, by=self.person, at=moment, candidates=object_list))
        return super().get_table(rows)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not self.results_only:
            moment = now()
            close_overdue(at=moment, exam=self.exam)
            kwargs |= self._by_township(moment)
        return super().get_context_data(*args, exam=self.exam, **kwargs)

    def _by_township(self, moment: datetime) -> dict[str, Any]:
        table = township_table(self.exam, by=self.person, at=moment)
        return {
            "townships": table,
            "total": total_of(table, _("All together")),
            "state": steps.state_in_words(self.exam, at=moment),
            "release": steps.release_in_words(self.exam, at=moment),
        }


class ScoresResults(ScoresPage):
    """The list alone, for filters that change it in place."""

    results_only = True


def _points(name: str) -> Any:
    def shown(row: ScoreRow) -> str:
        value = getattr(row, name)
        return "" if value is None else f"{value.normalize():f}"

    return shown


# -- taking them out ----------------------------------------------------------------------------


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("File"), choices=ExportFormat.choices, initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("What is the file for?"),
        max_length=200,
        help_text=gettext_lazy("Kept with your name and the time, and printed on the file."),
    )
    with_phones = forms.BooleanField(
        label=gettext_lazy("With full phone numbers"),
        required=False,
        help_text=gettext_lazy("Otherwise the four digits in the middle are hidden."),
    )

    def __init__(self, *args: Any, may_see_phones: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_phones:
            del self.fields["with_phones"]


class ExportPage(ExamAction):
    exam_rule = staticmethod(may_export_scores)
    django_permission = "exams.add_scoreexport"
    page_title = gettext_lazy("Export scores")
    form_class = ExportForm
    submit_label = gettext_lazy("Make the file")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"may_see_phones": may_see_phones(self.person, self.exam)}

    def get_cancel_url(self) -> str:
        return self.exam_url("scores")

    def get_explanation(self) -> list[str]:
        people = Candidate.objects.filter(exam=self.exam).visible_to(self.person).count()
        text = _("The file holds the scores of %(people)s people. Whoever has it answers for it.")
        return [text % {"people": people}]

    def form_valid(self, form: Any) -> Any:
        wishes = {"with_phones": False} | form.cleaned_data
        try:
            file = export_scores(self.exam, by=self.person, at=now(), **wishes)
        except Refusal as refusal:
            return self.refused(form, refusal)
        return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.content_type)


exam_urlpatterns = [
    path("<uuid:uuid>/scores/", ScoresPage.as_view(), name="scores"),
    path("<uuid:uuid>/scores/results/", ScoresResults.as_view(), name="scores_results"),
    path("<uuid:uuid>/scores/export/", ExportPage.as_view(), name="export"),
]
