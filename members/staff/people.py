"""People: list, page, particulars."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column

from common.chinese import mask_phone
from common.clock import now
from members import rules
from members.domain.people import add_person, change_person, note_phone_seen
from members.enums import Role
from members.models import Division, Posting, RoleAssignment, User
from members.models.division import inside
from members.staff import accounts, policies
from members.staff.forms import GrantForm, NewPersonForm, PersonForm
from members.staff.scoped import ScopedIndexView, ScopedInspectView, ScopedViewSet, VerbCreateView, VerbEditView


def _team(person: User) -> str:
    return "、".join(posting.team.name for posting in person.postings_now)  # type: ignore[attr-defined]


def _roles(person: User) -> str:
    return "、".join(str(held) for held in person.role_assignments.all())


class PeopleFilterSet(WagtailFilterSet):
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"), queryset=lambda request: _townships(request.user), method="in_township"
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role"), choices=Role.choices, method="with_role")

    class Meta:
        model = User
        fields = ["township", "role", "is_active"]

    def in_township(self, people: QuerySet[User], name: str, township: Division) -> QuerySet[User]:
        roles = RoleAssignment.objects.filter(inside([township.prefix], field="division__code"))
        postings = Posting.objects.serving(on=localdate(now())).within_any([township.prefix])
        return people.filter(Q(pk__in=roles.values("user")) | Q(pk__in=postings.values("person")))

    def with_role(self, people: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        return people.filter(pk__in=RoleAssignment.objects.filter(role=role).values("user"))


def _townships(user: User) -> QuerySet[Division]:
    return rules.divisions_visible_to(user).townships()  # type: ignore[attr-defined,no-any-return]


class PeopleIndexView(ScopedIndexView):
    @cached_property
    def columns(self) -> list[Any]:
        columns = super().columns
        columns[0].label = pgettext_lazy("person", "Name")  # of a person, which Chinese tells from that of a place
        return columns  # type: ignore[no-any-return]

    def with_related(self, rows: QuerySet[User]) -> QuerySet[User]:
        today = Posting.objects.serving(on=localdate(now())).select_related("team")
        roles = RoleAssignment.objects.select_related("division")
        return rows.prefetch_related(
            Prefetch("postings", queryset=today, to_attr="postings_now"),
            Prefetch("role_assignments", queryset=roles),
        )


class PersonView(ScopedInspectView):
    """Everything about one person on one page, with what the reader may do about it."""

    template_name = "members/staff/person.html"
    page_title = gettext_lazy("Person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user = self.object, self.request.user
        may_manage = self.may("change")
        return super().get_context_data(
            person=person,
            phone=mask_phone(person.phone or ""),
            postings=person.postings.select_related("team__division", "team__sending_unit").order_by("-starts_on"),
            roles=[(held, may_manage and rules.may_revoke(user, held)) for held in person.roles_held],
            grant_form=GrantForm(user=user, person=person) if may_manage and person != user else None,
            may_manage=may_manage,
            is_oneself=person == user,
            **kwargs,
        )

    def get_fields(self) -> list[str]:
        return ["name"]  # the template shows the person; the generic list of fields is not used


class PersonCreateView(VerbCreateView):
    def carry_out(self, form: NewPersonForm, *, by: User, at: datetime) -> User:
        return add_person(**form.cleaned_data, by=by, at=at)

    def get_success_url(self) -> str:
        return reverse("people:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class PersonEditView(VerbEditView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        # The form has to show the number that it corrects; lists and the person's page mask it.
        note_phone_seen(self.object, by=request.user, at=now())  # type: ignore[arg-type]
        return response

    def carry_out(self, form: PersonForm, *, by: User, at: datetime) -> User:
        return change_person(self.object, **form.cleaned_data, by=by, at=at)

    def get_success_url(self) -> str:
        return reverse("people:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class PeopleViewSet(ScopedViewSet):
    model = User
    name = "people"
    policy = policies.PEOPLE
    icon = "user"
    menu_label = gettext_lazy("People")
    add_form_class = NewPersonForm
    edit_form_class = PersonForm
    index_view_class = PeopleIndexView
    inspect_view_class = PersonView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    inspect_view_enabled = True
    ordering = "code"
    filterset_class = PeopleFilterSet
    search_fields = ["name", "code", "phone"]
    list_display = [
        "name",
        Column("code", label=gettext_lazy("Staff number"), sort_key="code"),
        Column("phone", label=gettext_lazy("Mobile phone"), accessor=lambda person: mask_phone(person.phone or "")),
        Column("team", label=gettext_lazy("Team"), accessor=_team),
        Column("roles", label=gettext_lazy("Roles"), accessor=_roles),
        BooleanColumn("is_active", label=gettext_lazy("Active")),
    ]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("grant/<int:pk>/", accounts.GrantView.as_view(), name="grant"),
            path("revoke/<int:pk>/<int:assignment>/", accounts.RevokeView.as_view(), name="revoke"),
            path("reset-password/<int:pk>/", accounts.ResetPasswordView.as_view(), name="reset_password"),
            path("deactivate/<int:pk>/", accounts.DeactivateView.as_view(), name="deactivate"),
            path("reactivate/<int:pk>/", accounts.ReactivateView.as_view(), name="reactivate"),
        ]
