"""Scorecards of a quarter: the list with its filters, and one of them with all that it rests on."""

from typing import Any

import django_filters
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from exams.domain.watching import TOWNSHIP_DIGITS
from exams.staff.pages import ReadingPage
from members.enums import PostingRole, StaffCategory
from members.models import Division
from performance.domain import reading_cards
from performance.enums import AppealState, Measure
from performance.models import Appeal, Scorecard
from performance.rules import may_see_card
from performance.staff.quarter_pages import OfQuarter

PAGE = 50


class CardFilterSet(WagtailFilterSet):
    township = django_filters.ChoiceFilter(label=gettext_lazy("Township"), method="in_township")
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role in the team"), choices=PostingRole.choices)
    staff_category = django_filters.ChoiceFilter(label=gettext_lazy("Staff category"), choices=StaffCategory.choices)
    grade = django_filters.ChoiceFilter(label=pgettext("appraisal", "Grade"), field_name="grade")
    measure = django_filters.ChoiceFilter(label=gettext_lazy("Suggested measure"), choices=Measure.choices)
    objections = django_filters.ChoiceFilter(
        label=gettext_lazy("Objections"),
        choices=[("open", gettext_lazy("with one that waits")), ("any", gettext_lazy("with any"))],
        method="with_objections",
    )

    class Meta:
        model = Scorecard
        fields: list[str] = []

    def __init__(self, *args: Any, grades: list[str], townships: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["township"].extra["choices"] = townships
        self.filters["grade"].extra["choices"] = [(grade, grade) for grade in grades]

    def in_township(self, cards: QuerySet[Scorecard], name: str, code: str) -> QuerySet[Scorecard]:
        return cards.filter(division_code__startswith=code[:TOWNSHIP_DIGITS])

    def with_objections(self, cards: QuerySet[Scorecard], name: str, which: str) -> QuerySet[Scorecard]:
        appeals = Appeal.objects.filter(line__scorecard=OuterRef("pk"))
        return cards.filter(Exists(appeals.filter(state=AppealState.OPEN) if which == "open" else appeals))


class CardsPage(OfQuarter, BaseListingView):
    page_title = gettext_lazy("Scorecards")
    template_name = "performance/staff/cards.html"
    results_template_name = "performance/staff/_cards_results.html"
    filterset_class = CardFilterSet
    paginate_by = PAGE
    table_classname = "listing scores"
    verbose_name_plural = gettext_lazy("scorecards")
    default_ordering = "division_code"
    is_searchable = True

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("name", label=pgettext("person", "Name"), accessor="person.name", get_url=self._card_url,
                        sort_key="person__name"),
            Column("code", label=_("Staff number"), accessor="person.code"),
            Column("team", label=_("Team"), accessor="team.name", sort_key="division_code"),
            Column("role", label=_("Role in the team"), accessor="get_role_display"),
            Column("category", label=_("Staff category"), accessor="get_staff_category_display"),
            Column("total", label=_("Total"), accessor=_total, sort_key="total"),
            Column("grade", label=pgettext("appraisal", "Grade"), accessor=_grade, sort_key="grade_place"),
            Column("measure", label=_("Suggested measure"), accessor="get_measure_display"),
            Column("objections", label=_("Objections"), accessor=_objections),
        ]  # fmt: skip

    def _card_url(self, card: Scorecard) -> str:
        return reverse("quarters:card", args=[self.quarter.uuid, card.uuid])

    def get_index_url(self) -> str:
        return self.quarter_url("cards")

    def get_index_results_url(self) -> str:
        return self.quarter_url("cards_results")

    @cached_property
    def _bounded(self) -> QuerySet[Scorecard]:
        return Scorecard.objects.filter(computation=self.computation).visible_to(self.person)

    def get_filterset_kwargs(self) -> dict[str, Any]:
        places = self._bounded.order_by().annotate(place=Substr("division_code", 1, TOWNSHIP_DIGITS))
        codes = [place.ljust(12, "0") for place in places.values_list("place", flat=True).distinct()]
        townships = list(Division.objects.filter(code__in=codes).values_list("code", "name"))
        grades = self._bounded.exclude(grade="").order_by("grade").values_list("grade", flat=True).distinct()
        return super().get_filterset_kwargs() | {"townships": townships, "grades": list(grades)}

    def get_base_queryset(self) -> QuerySet[Scorecard]:
        cards = self._bounded.select_related("person", "team")
        return cards.annotate(
            objections=Count("lines__appeals"),
            open_objections=Count("lines__appeals", filter=Q(lines__appeals__state=AppealState.OPEN)),
        )

    def search_queryset(self, queryset: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
        text = self.request.GET.get("q", "").strip()
        if not text:
            return queryset
        return queryset.filter(Q(person__name__icontains=text) | Q(person__code__istartswith=text))

    def order_queryset(self, queryset: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
        if self.ordering in ("total", "-total"):
            # Who is exempt comes last in either direction.
            total = F("total").desc(nulls_last=True) if self.ordering == "-total" else F("total").asc(nulls_last=True)
            return queryset.order_by(total, "division_code", "person__code")
        return queryset.order_by(self.ordering or "division_code", "team__code", "role", "person__code")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, computation=self.computation, **kwargs)


class CardsResults(CardsPage):
    """The list alone, for filters that change it in place."""

    results_only = True


def _total(card: Scorecard) -> str:
    # Both places, so that figures stand under each other.
    return "–" if card.total is None else f"{card.total:.2f}"


def _grade(card: Scorecard) -> str:
    return card.grade or str(card.get_state_display())


def _objections(card: Any) -> str:
    if not card.objections:
        return ""
    if card.open_objections:
        return _("%(n)s, of these %(open)s waiting") % {"n": card.objections, "open": card.open_objections}
    return str(card.objections)


class CardPage(OfQuarter, ReadingPage):
    """One scorecard, of whichever edition it is."""

    page_title = gettext_lazy("Scorecard")
    template_name = "performance/staff/card.html"

    @cached_property
    def card(self) -> Scorecard:
        cards = Scorecard.objects.filter(computation__quarter=self.quarter)
        related = cards.select_related("person", "team", "computation__quarter__division", "computation__scheme")
        card = get_object_or_404(related, uuid=self.kwargs["card"])
        if not may_see_card(self.person, card):
            raise Http404
        return card

    def get_page_title(self) -> str:
        return self.card.person.name

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": self.quarter_url("cards"), "label": _("Scorecards")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        card = self.card
        facts = {
            "card": card,
            "computation": card.computation,
            "scheme": card.computation.scheme,
            "rows": reading_cards.lines_of(card, for_office=True),
            "posts": reading_cards.posts_of(card),
            "sheets": reading_cards.sheets_of(card),
            "limits": reading_cards.limits_in_words(card),
            "is_newest": card.computation_id == self.quarter.computation_id,
        }
        return super().get_context_data(**{**kwargs, **facts})


urlpatterns = [
    path("<uuid:uuid>/scorecards/", CardsPage.as_view(), name="cards"),
    path("<uuid:uuid>/scorecards/results/", CardsResults.as_view(), name="cards_results"),
    path("<uuid:uuid>/scorecards/<uuid:card>/", CardPage.as_view(), name="card"),
]
