"""What the office does with one account: roles, a new initial password, closing and opening it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_variables
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from members import rules
from members.domain.access import deactivate, reactivate
from members.domain.passwords import reset_password
from members.domain.roles import grant_role, revoke_role
from members.enums import Role
from members.models import RoleAssignment, User
from members.staff.forms import GrantForm
from members.staff.policies import PEOPLE
from members.staff.requests import StaffRequest


def managed_person(request: StaffRequest, pk: int) -> User:
    """The person, if the one who asks may manage them; the same 404 for "absent" and "not yours"."""
    person = get_object_or_404(User, pk=pk)
    if not PEOPLE.user_has_permission_for_instance(request.user, "change", person):
        raise Http404
    return person


class AccountView(View):
    """Asks first (GET), does it after (POST), and returns to the person's page."""

    heading: Any = ""
    question: Any = ""
    button: Any = ""
    is_grave = True

    def get(self, request: StaffRequest, pk: int) -> HttpResponse:
        person = managed_person(request, pk)
        context = {
            "person": person,
            "page_title": self.heading,
            "header_icon": "user",
            "question": self.question % {"name": person.name},
            "button": self.button,
            "is_grave": self.is_grave,
        }
        return render(request, "members/staff/confirm.html", context)

    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        person = managed_person(request, pk)
        try:
            return self.carry_out(request, person) or redirect("people:inspect", person.pk)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("people:inspect", person.pk)

    def carry_out(self, request: StaffRequest, person: User) -> HttpResponse | None:
        raise NotImplementedError


class DeactivateView(AccountView):
    heading = gettext_lazy("Close the account")
    question = gettext_lazy(
        "%(name)s will no longer be able to sign in, and open sessions end. Postings and records stay."
    )
    button = gettext_lazy("Close the account")

    def carry_out(self, request: StaffRequest, person: User) -> None:
        deactivate(person, by=request.user, at=now())
        messages.success(request, _("The account is closed."))


class ReactivateView(AccountView):
    heading = gettext_lazy("Open the account again")
    question = gettext_lazy("%(name)s will be able to sign in again with the present password.")
    button = gettext_lazy("Open the account again")
    is_grave = False

    def carry_out(self, request: StaffRequest, person: User) -> None:
        reactivate(person, by=request.user, at=now())
        messages.success(request, _("The account is open again."))


class ResetPasswordView(AccountView):
    heading = gettext_lazy("Give a new initial password")
    question = gettext_lazy(
        "The present password of %(name)s ends, and so do open sessions. The new one is shown once, on the next page."
    )
    button = gettext_lazy("Give a new initial password")

    @method_decorator(sensitive_variables("password"))
    def carry_out(self, request: StaffRequest, person: User) -> HttpResponse:
        if person == request.user:
            messages.error(request, _("You change your own password on your own page."))
            return redirect("change_password")
        password = reset_password(person, by=request.user, at=now())
        context = {
            "person": person,
            "password": password,
            "page_title": self.heading,
            "header_icon": "user",
        }
        response = render(request, "members/staff/initial_password.html", context)
        response["Cache-Control"] = "no-store"
        return response


class GrantView(View):
    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        person = managed_person(request, pk)
        form = GrantForm(request.POST, user=request.user, person=person)
        if form.is_valid():
            role = Role(form.cleaned_data["role"])
            grant_role(person, role, form.cleaned_data["division"], by=request.user, at=now())
            messages.success(request, _("The role has been granted."))
        else:
            messages.error(request, " ".join(str(reason) for reasons in form.errors.values() for reason in reasons))
        return redirect("people:inspect", person.pk)


class RevokeView(View):
    def post(self, request: StaffRequest, pk: int, assignment: int) -> HttpResponse:
        person = managed_person(request, pk)
        held = get_object_or_404(RoleAssignment.objects.select_related("division"), pk=assignment, user=person)
        if not rules.may_revoke(request.user, held):
            raise Http404
        revoke_role(held, by=request.user, at=now())
        messages.success(request, _("The role has been taken away."))
        return redirect("people:inspect", person.pk)
