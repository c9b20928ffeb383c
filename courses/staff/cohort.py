"""Who takes part: how they came in and since when; adding somebody whom the rule does not name."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from common.clock import now
from courses.domain.cohorts import add_person, follow_roster
from courses.enums import Origin
from courses.models import Enrolment
from courses.staff.pages import CourseAction, OfCourse
from courses.staff.places import TOWNSHIP_DIGITS, Places, places_of
from members.models import Posting, User
from members.staff.naming import PersonField

PAGE = 50


class CohortFilterSet(WagtailFilterSet):
    township = django_filters.ChoiceFilter(label=gettext_lazy("Township"), method="in_township")
    team = django_filters.ChoiceFilter(label=gettext_lazy("Team"), field_name="team")
    origin = django_filters.ChoiceFilter(label=gettext_lazy("How they came in"), choices=Origin.choices)
    left = django_filters.ChoiceFilter(
        label=gettext_lazy("Left the roster"), method="who_left", choices=[("yes", gettext_lazy("those who left"))]
    )

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["township"].extra["choices"] = places.townships
        self.filters["team"].extra["choices"] = places.teams
        if not places.teams:
            del self.filters["team"]

    def in_township(self, rows: QuerySet[Enrolment], name: str, code: str) -> QuerySet[Enrolment]:
        return rows.filter(division_code__startswith=code[:TOWNSHIP_DIGITS])

    def who_left(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        return rows.exclude(left_on=None)


def _left(row: Enrolment) -> str:
    return row.left_on.isoformat() if row.left_on else ""


class CohortPage(OfCourse, BaseListingView):
    page_title = gettext_lazy("People")
    results_template_name = "wagtailadmin/generic/listing_results.html"
    filterset_class = CohortFilterSet
    paginate_by = PAGE
    table_class = Table
    verbose_name_plural = pgettext_lazy("person", "people")
    default_ordering = "division_code"
    is_searchable = True

    @property
    def columns(self) -> list[Column]:
        return [
            Column("name", label=pgettext("person", "Name"), accessor="person.name"),
            Column("code", label=_("Staff number"), accessor="person.code"),
            Column("team", label=_("Team"), accessor="team.name"),
            Column("role", label=_("Role in the team"), accessor="get_role_display"),
            Column("origin", label=_("How they came in"), accessor="get_origin_display"),
            Column("joined_on", label=pgettext("training", "Since"), accessor=lambda row: row.joined_on.isoformat()),
            Column("left_on", label=_("Left on"), accessor=_left),
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.may_manage or not self.course.is_editable():
            return []
        return [HeaderButton(_("Add somebody by hand"), url=self.course_url("add_person"), icon_name="plus")]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        follow_roster(self.course, at=now())
        return super().get(request, *args, **kwargs)

    def get_index_url(self) -> str:
        return self.course_url("cohort")

    def get_index_results_url(self) -> str:
        return self.course_url("cohort_results")

    @cached_property
    def _bounded(self) -> QuerySet[Enrolment]:
        return self.course.enrolments.visible_to(self.person)

    def get_filterset_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET
        return super().get_filterset_kwargs() | {
            "places": places_of(self._bounded, township=asked.get("township", ""), team=asked.get("team", ""))
        }

    def get_base_queryset(self) -> QuerySet[Enrolment]:
        return self._bounded.select_related("person", "team")

    def search_queryset(self, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        text = self.request.GET.get("q", "").strip()
        if not text:
            return queryset
        return queryset.filter(Q(person__name__icontains=text) | Q(person__code__istartswith=text))

    def order_queryset(self, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        return queryset.order_by("division_code", "team__code", "person__code")


class CohortResults(CohortPage):
    """The list alone, for filters that change it in place."""

    results_only = True


class AddForm(forms.Form):
    person = PersonField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Staff number or name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.people = people


class AddPage(CourseAction):
    page_title = gettext_lazy("Add somebody by hand")
    submit_label = gettext_lazy("Add this person")
    form_class = AddForm
    success_message = gettext_lazy("Added.")

    def get_explanation(self) -> list[str]:
        return [_("Somebody whom the rule does not name. They stay as long as they serve in the course's division.")]

    def get_form_kwargs(self) -> dict[str, Any]:
        serving = Posting.objects.serving(on=localdate(now())).within_any([self.course.division.prefix])
        people = User.objects.filter(Exists(serving.filter(person=OuterRef("pk"))))
        return super().get_form_kwargs() | {"people": people}

    def get_cancel_url(self) -> str:
        return self.course_url("cohort")

    def act(self, cleaned: dict[str, Any]) -> Any:
        return add_person(self.course, cleaned["person"], by=self.person, at=now())

    def after(self, outcome: Any) -> str:
        return self.course_url("cohort")


urlpatterns = [
    path("<uuid:uuid>/cohort/", CohortPage.as_view(), name="cohort"),
    path("<uuid:uuid>/cohort/results/", CohortResults.as_view(), name="cohort_results"),
    path("<uuid:uuid>/cohort/add/", AddPage.as_view(), name="add_person"),
]
