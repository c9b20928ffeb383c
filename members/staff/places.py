"""Divisions, sending units, teams and postings."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from common.clock import now
from members import rules
from members.domain.divisions import add_division, change_division
from members.domain.teams import (
    add_posting,
    add_sending_unit,
    add_team,
    change_posting,
    change_team,
    rename_sending_unit,
)
from members.enums import PostingRole
from members.models import Division, Posting, SendingUnit, Team, User
from members.models.division import inside
from members.staff import policies
from members.staff.forms import (
    DivisionForm,
    NewDivisionForm,
    NewPostingForm,
    PostingForm,
    SendingUnitForm,
    TeamForm,
)
from members.staff.scoped import ScopedIndexView, ScopedViewSet, VerbCreateView, VerbEditView


def _townships(user: User) -> QuerySet[Division]:
    return rules.divisions_visible_to(user).townships()  # type: ignore[attr-defined,no-any-return]


class TownshipFilterSet(WagtailFilterSet):
    """By township; ``division_field`` is where the row's division code stands."""

    division_field = "division__code"
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"), queryset=lambda request: _townships(request.user), method="in_township"
    )

    def in_township(self, rows: QuerySet[Any], name: str, township: Division) -> QuerySet[Any]:
        return rows.filter(inside([township.prefix], field=self.division_field))


# -- divisions --------------------------------------------------------------------------------


class DivisionCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> Division:
        return add_division(**form.cleaned_data, by=by, at=at)


class DivisionEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> Division:
        return change_division(self.object, **form.cleaned_data, by=by, at=at)


class DivisionFilterSet(TownshipFilterSet):
    division_field = "code"

    class Meta:
        model = Division
        fields = ["township"]


class DivisionViewSet(ScopedViewSet):
    """To look at; new codes come with a new list of divisions and are a superuser's to enter."""

    model = Division
    name = "divisions"
    policy = policies.DIVISIONS
    icon = "site"
    add_form_class = NewDivisionForm
    edit_form_class = DivisionForm
    add_view_class = DivisionCreateView
    edit_view_class = DivisionEditView
    ordering = "code"
    filterset_class = DivisionFilterSet
    search_fields = ["name", "code"]
    list_display = ["name", "code", "valid_from", "valid_to"]


# -- sending units ----------------------------------------------------------------------------


class UnitIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[SendingUnit]) -> QuerySet[SendingUnit]:
        return rows.annotate(team_count=Count("teams"))


class UnitCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> SendingUnit:
        return add_sending_unit(**form.cleaned_data, by=by, at=at)


class UnitEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> SendingUnit:
        return rename_sending_unit(self.object, **form.cleaned_data, by=by, at=at)


class SendingUnitViewSet(ScopedViewSet):
    model = SendingUnit
    name = "sending-units"
    policy = policies.UNITS
    icon = "home"
    add_form_class = SendingUnitForm
    edit_form_class = SendingUnitForm
    index_view_class = UnitIndexView
    add_view_class = UnitCreateView
    edit_view_class = UnitEditView
    ordering = "name"
    search_fields = ["name"]
    list_display = ["name", Column("team_count", label=gettext_lazy("Teams"), sort_key="team_count")]


# -- teams ------------------------------------------------------------------------------------


class TeamFilterSet(TownshipFilterSet):
    class Meta:
        model = Team
        fields = ["township"]


class TeamIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[Team]) -> QuerySet[Team]:
        today = localdate(now())
        serving = Q(postings__starts_on__lte=today, postings__person__is_active=True) & (
            Q(postings__ends_on=None) | Q(postings__ends_on__gte=today)
        )
        return rows.select_related("division", "sending_unit").annotate(people_now=Count("postings", filter=serving))


class TeamCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> Team:
        return add_team(**form.cleaned_data, by=by, at=at)


class TeamEditView(VerbEditView):
    template_name = "members/staff/team_edit.html"

    def carry_out(self, form: Any, *, by: User, at: datetime) -> Team:
        return change_team(self.object, **form.cleaned_data, by=by, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        postings = Posting.objects.filter(team=self.object).select_related("person").order_by("-starts_on", "role")
        return super().get_context_data(postings=postings, today=localdate(now()), **kwargs)


class TeamViewSet(ScopedViewSet):
    model = Team
    name = "teams"
    policy = policies.TEAMS
    icon = "group"
    add_form_class = TeamForm
    edit_form_class = TeamForm
    index_view_class = TeamIndexView
    add_view_class = TeamCreateView
    edit_view_class = TeamEditView
    ordering = "code"
    filterset_class = TeamFilterSet
    search_fields = ["name", "code", "division__name", "sending_unit__name"]
    list_display = [
        "name",
        "code",
        Column("division", label=gettext_lazy("Village"), sort_key="division__code"),
        Column("sending_unit", label=gettext_lazy("Sending unit"), sort_key="sending_unit__name"),
        Column("people_now", label=gettext_lazy("People now"), sort_key="people_now"),
        "starts_on",
        "ends_on",
    ]


# -- postings ---------------------------------------------------------------------------------


class PostingFilterSet(TownshipFilterSet):
    division_field = "team__division__code"
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role in the team"), choices=PostingRole.choices)
    in_force = django_filters.BooleanFilter(label=gettext_lazy("In force today"), method="force")

    class Meta:
        model = Posting
        fields = ["township", "role", "in_force"]

    def force(self, postings: QuerySet[Posting], name: str, wanted: bool) -> QuerySet[Posting]:
        today = Posting.objects.serving(on=localdate(now()))
        return postings.filter(pk__in=today) if wanted else postings.exclude(pk__in=today)


class PostingIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[Posting]) -> QuerySet[Posting]:
        return rows.select_related("person", "team__division")


class PostingCreateView(VerbCreateView):
    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get("code", ""), "team": self.request.GET.get("team", "")}

    def carry_out(self, form: NewPostingForm, *, by: User, at: datetime) -> Posting:
        values = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        return add_posting(person=form.instance.person, **values, by=by, at=at)


class PostingEditView(VerbEditView):
    def carry_out(self, form: PostingForm, *, by: User, at: datetime) -> Posting:
        return change_posting(self.object, **form.cleaned_data, by=by, at=at)


class PostingViewSet(ScopedViewSet):
    model = Posting
    name = "postings"
    policy = policies.POSTINGS
    icon = "calendar-alt"
    add_form_class = NewPostingForm
    edit_form_class = PostingForm
    index_view_class = PostingIndexView
    add_view_class = PostingCreateView
    edit_view_class = PostingEditView
    ordering = "team__code"
    filterset_class = PostingFilterSet
    search_fields = ["person__name", "person__code", "team__name"]
    list_display = [
        Column("person", label=gettext_lazy("Person"), sort_key="person__code"),
        Column("team", label=gettext_lazy("Team"), sort_key="team__code"),
        "role",
        "staff_category",
        "starts_on",
        "ends_on",
    ]
