"""Scores that others give: those in force, the story of one, and entering one by hand."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from common.clock import now
from common.refusals import Refusal
from exams.staff.gates import person_of
from exams.staff.pages import FormPage, ReadingPage, StaffPage
from members.models import Division
from members.staff.naming import PersonField
from members.staff.places import TownshipFilterSet
from members.staff.scoped import ScopedIndexView, ScopedViewSet
from performance.domain.ratings import rate
from performance.models import Quarter, Rating
from performance.rules import people_to_enter, rating_kinds_visible_to, ratings_visible_to, served_within
from performance.staff.evidence_policies import RATINGS
from performance.staff.numbers import plain
from performance.staff.sheets import QuarterForm, quarter_label


def _score(rating: Rating) -> str:
    return plain(rating.score)


def rating_url(rating: Rating) -> str:
    return reverse("ratings:rating", args=[rating.pk])


# -- the list ---------------------------------------------------------------------------------


class RatingFilterSet(TownshipFilterSet):
    quarter = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Quarter"),
        queryset=lambda request: Quarter.objects.visible_to(request.user).select_related("division"),
    )
    kind = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Kind of scores"), queryset=lambda request: rating_kinds_visible_to(request.user)
    )

    class Meta:
        model = Rating
        fields = ["quarter", "kind", "township"]

    def in_township(self, rows: QuerySet[Rating], name: str, township: Division) -> QuerySet[Rating]:
        return rows.filter(served_within([township.prefix]))


class RatingIndexView(ScopedIndexView):
    page_title = gettext_lazy("Scores given by others")
    add_item_label = gettext_lazy("Enter a score")

    def with_related(self, rows: QuerySet[Rating]) -> QuerySet[Rating]:
        return rows.filter(is_current=True).select_related("person", "quarter__division", "kind", "entered_by")

    def get_edit_url(self, instance: Any) -> str:
        return rating_url(instance)


# -- one score --------------------------------------------------------------------------------


class RatingsPage(StaffPage):
    django_permission = "performance.view_rating"
    header_icon = "form"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("ratings:index"), "label": _("Scores given by others")},
            {"url": "", "label": self.get_page_title()},
        ]


class RatingPage(RatingsPage, ReadingPage):
    """Where a score came from, and what it replaced."""

    page_title = gettext_lazy("Score given by others")
    template_name = "performance/staff/rating.html"

    @cached_property
    def rating(self) -> Rating:
        ratings = ratings_visible_to(self.person).select_related("person", "kind", "quarter__division")
        return get_object_or_404(ratings, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request).has_perm(self.django_permission):
            _gate = self.rating
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rating = self.rating
        story = Rating.objects.filter(quarter=rating.quarter, kind=rating.kind, person=rating.person)
        rows = [(each, _score(each)) for each in story.select_related("sheet", "entered_by").order_by("-pk")]
        facts = {"rating": rating, "rows": rows, "quarter_label": quarter_label(rating.quarter)}
        return super().get_context_data(**facts, **kwargs)


class RateForm(QuarterForm):
    person = PersonField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Staff number or name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    score = forms.CharField(
        label=gettext_lazy("Score"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Needed where another score is replaced."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["person"].people = people_to_enter(user)  # type: ignore[attr-defined]


class RateByHand(RatingsPage, FormPage):
    django_permission = "performance.add_rating"
    page_title = gettext_lazy("Enter a score")
    form_class = RateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.person}

    def get_explanation(self) -> list[str]:
        return [_("For a whole list bring in a file. A score that is replaced stays on record.")]

    def get_cancel_url(self) -> str:
        return reverse("ratings:index")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            rating = rate(**form.cleaned_data, by=self.person, at=now())
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("The score is entered."))
        return redirect("ratings:rating", rating.pk)


class RatingViewSet(ScopedViewSet):
    model = Rating
    name = "ratings"
    policy = RATINGS
    icon = "form"
    menu_label = gettext_lazy("Scores given by others")
    index_view_class = RatingIndexView
    ordering = "-quarter__starts_on"
    filterset_class = RatingFilterSet
    search_fields = ["person__name", "person__code"]
    list_display = [
        TitleColumn("person", label=gettext_lazy("Person"), sort_key="person__code", get_url=rating_url),
        Column("code", label=pgettext_lazy("ratings", "Staff number"), accessor="person.code"),
        Column("kind", label=gettext_lazy("Kind of scores"), sort_key="kind__code"),
        Column("score", label=gettext_lazy("Score"), accessor=_score, sort_key="score"),
        Column("quarter", label=gettext_lazy("Quarter"), accessor=lambda rating: quarter_label(rating.quarter)),
        DateColumn("entered_at", label=gettext_lazy("Entered at"), sort_key="entered_at"),
    ]
    kept_urls = frozenset({"index", "index_results"})

    def get_form_class(self, for_update: bool = False) -> Any:
        return RateForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("by-hand/", RateByHand.as_view(), name="add"),
            path("<int:pk>/", RatingPage.as_view(), name="rating"),
        ]
