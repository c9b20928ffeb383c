"""Bringing in a roster: upload, dry run, carry out, initial passwords."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_variables
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from common.chinese import mask_phone
from common.clock import now
from common.refusals import Refusal
from common.spreadsheets.reading import UnreadableSpreadsheet
from members import rules
from members.domain.roster import (
    carry_out_roster,
    issue_initial_passwords,
    people_without_sign_in,
    plan_roster,
    read_roster,
)
from members.domain.roster.plan import Change
from members.enums import PostingRole, StaffCategory
from members.models import RosterImport
from members.staff.forms import RosterForm
from members.staff.policies import ROSTERS
from members.staff.requests import StaffRequest
from members.staff.roster_files import XLSX, password_sheet, template
from members.staff.scoped import ScopedIndexView, ScopedInspectView, ScopedViewSet

_MOST_BYTES = 20 * 1024 * 1024
_FIELD_LABELS = {
    "name": pgettext_lazy("person", "Name"),
    "phone": gettext_lazy("Mobile phone"),
    "team": gettext_lazy("Team"),
    "sending_unit": gettext_lazy("Sending unit"),
    "role": gettext_lazy("Role in the team"),
    "staff_category": gettext_lazy("Staff category"),
    "starts_on": gettext_lazy("Starts on"),
    "ends_on": gettext_lazy("Ends on"),
}


def _state(roster: RosterImport) -> str:
    return pgettext("roster", "Carried out") if roster.committed_at else _("Dry run")


class RosterIndexView(ScopedIndexView):
    page_title = gettext_lazy("Roster import")
    add_item_label = gettext_lazy("Bring in a roster")

    def with_related(self, rows: Any) -> Any:
        # The rows of the files are large and not shown here.
        return rows.select_related("division", "uploaded_by", "committed_by").defer("rows")


class UploadView(WagtailAdminTemplateMixin, FormView):
    request: StaffRequest
    template_name = "members/staff/roster_upload.html"
    page_title = gettext_lazy("Bring in a roster")
    header_icon = "upload"
    form_class = RosterForm

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        if not ROSTERS.user_has_permission(self.request.user, "add"):
            raise PermissionDenied
        return super().dispatch(*args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"effective_on": localdate(now())}

    def form_valid(self, form: RosterForm) -> HttpResponse:
        file = form.cleaned_data.pop("file")
        if file.size > _MOST_BYTES:
            form.add_error("file", _("This file is too large."))
            return self.form_invalid(form)
        try:
            roster = read_roster(file.read(), file_name=file.name, by=self.request.user, at=now(), **form.cleaned_data)
        except (Refusal, UnreadableSpreadsheet) as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        return redirect("rosters:inspect", roster.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(template_url=reverse("rosters:template"), **kwargs)

    def get_breadcrumbs_items(self) -> list[Any]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("rosters:index"), "label": _("Roster import")},
            {"url": "", "label": self.page_title},
        ]


class RosterView(ScopedInspectView):
    """The dry run, and later what was done."""

    template_name = "members/staff/roster.html"
    page_title = gettext_lazy("Roster")

    def get_fields(self) -> list[str]:
        return ["file_name"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roster = self.object
        may_carry_out = self.may("add")
        context = super().get_context_data(roster=roster, may_carry_out=may_carry_out, **kwargs)
        if roster.committed_at:
            waiting = people_without_sign_in(roster).count() if may_carry_out else 0
            return {**context, "waiting": waiting}
        if not roster.rows:
            return context
        plan = plan_roster(roster)
        return {
            **context,
            "plan": plan,
            "counts": plan.counts(),
            "digest": plan.digest(),
            "changed": [(person, shown(person.changes)) for person in plan.changed],
            "changed_teams": [(team, shown(team.changes)) for team in plan.teams if not team.is_new],
            "new_teams": [team for team in plan.teams if team.is_new],
        }


def shown(changes: Sequence[Change]) -> list[tuple[Any, str, str]]:
    """Changes with their labels in the reader's language; phones masked as in every list."""
    return [(_FIELD_LABELS[each.field], _value(each.field, each.old), _value(each.field, each.new)) for each in changes]


def _value(field: str, text: str) -> str:
    if field == "phone":
        return mask_phone(text)
    if text and field == "role":
        return str(PostingRole(text).label)
    return str(StaffCategory(text).label) if text and field == "staff_category" else text


def _roster_to_change(request: StaffRequest, pk: int) -> RosterImport:
    """The same 404 for absent and not yours."""
    roster = get_object_or_404(RosterImport.objects.select_related("division"), pk=pk)
    if not ROSTERS.user_has_permission_for_instance(request.user, "add", roster):
        raise Http404
    return roster


class CarryOutView(View):
    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        roster = _roster_to_change(request, pk)
        try:
            carry_out_roster(roster, shown=request.POST.get("shown", ""), by=request.user, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The roster has been carried out."))
        return redirect("rosters:inspect", roster.pk)


class PasswordsView(View):
    """The sheet of initial passwords, straight to the administrator: it is kept nowhere."""

    @method_decorator(sensitive_variables("issued"))
    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        roster = _roster_to_change(request, pk)
        issued = issue_initial_passwords(roster, by=request.user, at=now())
        response = HttpResponse(password_sheet(issued, by=str(request.user)), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="passwords-{roster.pk}.xlsx"'
        response["Cache-Control"] = "no-store"
        return response


class TemplateView(View):
    def get(self, request: StaffRequest) -> HttpResponse:
        if not ROSTERS.user_has_permission(request.user, "add"):
            raise PermissionDenied
        villages = rules.divisions_administered_by(request.user).exclude(code__endswith="000")
        response = HttpResponse(template(villages), content_type=XLSX)
        response["Content-Disposition"] = (
            "attachment; filename=\"roster.xlsx\"; filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"
        )
        return response


class RosterViewSet(ScopedViewSet):
    model = RosterImport
    name = "rosters"
    policy = ROSTERS
    icon = "upload"
    menu_label = gettext_lazy("Roster import")
    index_view_class = RosterIndexView
    inspect_view_class = RosterView
    inspect_view_enabled = True
    ordering = "-uploaded_at"
    search_fields = ["file_name", "division__name"]
    list_display = [
        "file_name",
        Column("division", label=gettext_lazy("Division"), sort_key="division__code"),
        "effective_on",
        Column("state", label=gettext_lazy("State"), accessor=_state),
        Column("uploaded_by", label=gettext_lazy("Uploaded by")),
        DateColumn("uploaded_at", label=gettext_lazy("Uploaded at"), sort_key="uploaded_at"),
    ]
    kept_urls = frozenset({"index", "index_results", "inspect"})

    def get_form_class(self, for_update: bool = False) -> Any:
        return RosterForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("new/", UploadView.as_view(), name="add"),
            path("template/", TemplateView.as_view(), name="template"),
            path("carry-out/<int:pk>/", CarryOutView.as_view(), name="carry_out"),
            path("passwords/<int:pk>/", PasswordsView.as_view(), name="passwords"),
        ]
