"""Repairing a wrong key: proposed on one page, looked over and decided on another."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages as django_messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from common.clock import now
from common.refusals import Refusal
from exams.domain.repair_checks import check_proposal
from exams.domain.repair_preview import Affected, carried_out_rows, preview_repair, summary_of
from exams.domain.repairing import approve_repair, decline_repair, propose_repair, withdraw_repair
from exams.domain.rulings import key_by
from exams.enums import OPEN_REPAIR_STATES, RULING_REPAIR_STATES, SETTLED_EXAM_STATES, RepairState
from exams.models import ExamQuestion, KeyRepair
from exams.rules import exams_left_alone, may_manage_exam
from exams.staff.gates import asked_version_for, person_of, repair_for
from exams.staff.pages import FormPage, ReadingPage, StaffPage
from exams.staff.repair_form import RepairForm
from members.enums import Role
from members.models import User
from members.models.division import inside
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion

PERMISSION = "exams.change_exam"
PAGE = 50
FIRST_ROWS = 20
_RULING_OR_ASKED = OPEN_REPAIR_STATES | RULING_REPAIR_STATES


def repair_buttons(versions: Sequence[QuestionVersion], person: User) -> dict[int, Button]:
    """For the pages of a question: where this person runs an exam that asked the version. One query."""
    if not person.has_perm(PERMISSION):
        return {}
    asked = ExamQuestion.objects.filter(version__in=versions, exam__state__in=SETTLED_EXAM_STATES)
    own = asked.filter(inside(person.scope(Role.ADMINISTRATOR), field="exam__division__code"))
    return {
        version: Button(
            _("Repair the key"), url=reverse("exams_repairs:propose", args=[version]), icon_name="edit", priority=30
        )
        for version in own.values_list("version", flat=True).distinct()
    }


def key_lines(version: QuestionVersion, repair: KeyRepair | None = None) -> list[tuple[bool, str]]:
    """Each option, or what each blank accepts, and whether it is right by the version's key or the repaired one."""
    key = key_by(repair, version.key)
    if version.kind in CHOICE_KINDS:
        return [(option["id"] in key["options"], option["text"]) for option in version.shown["options"]]
    if version.kind == Kind.FILL:
        return [(True, " / ".join(accepted)) for accepted in key["blanks"]]
    return [(True, key["guide"])]


class RepairsPage(StaffPage):
    django_permission = PERMISSION
    header_icon = "edit"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("exams_repairs:index"), "label": _("Key repairs")},
            {"url": "", "label": self.get_page_title()},
        ]


class RepairsIndex(RepairsPage, ReadingPage):
    """Repairs that concern exams of this person, newest first."""

    page_title = gettext_lazy("Key repairs")
    template_name = "exams/staff/repairs.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return super().get_breadcrumbs_items()[:2]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        repairs = KeyRepair.objects.visible_to(self.person).select_related("version", "proposed_by", "decided_by")
        return super().get_context_data(repairs=_page(self.request, list(repairs)), **kwargs)


def _page(request: HttpRequest, rows: Sequence[Any]) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("p"))


class ProposePage(RepairsPage, FormPage):
    """What is to be done, and before anything is proposed: who is affected and how."""

    page_title = gettext_lazy("Repair the key")
    template_name = "exams/staff/repair_propose.html"
    form_class = RepairForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.version
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def version(self) -> QuestionVersion:
        return asked_version_for(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"version": self.version, "person": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "version": self.version,
            "key_lines": key_lines(self.version),
            "open_repair": self.version.key_repairs.open().first(),
            "earlier_repairs": self.version.key_repairs.filter(state=RepairState.DONE).order_by("decided_at", "pk"),
        }
        return super().get_context_data(**facts, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            if "preview" in self.request.POST:
                return self._previewed(form)
            repair = propose_repair(
                self.version, reason=form.cleaned_data["reason"], by=self.person, at=now(), **form.proposal()
            )
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("The repair is proposed. A second administrator has to approve it."))
        return redirect("exams_repairs:repair", repair.uuid)

    def _previewed(self, form: RepairForm) -> HttpResponse:
        said = form.proposal()
        exams = check_proposal(self.version, by=self.person, **said)
        rows = list(preview_repair(KeyRepair(version=self.version, kind=said["kind"], new_key=said["new_key"]), exams))
        told = {
            "summary": summary_of(rows),
            "rows": changed(rows)[:FIRST_ROWS],
            "more": max(0, len(changed(rows)) - FIRST_ROWS),
        }
        return self.render_to_response(self.get_context_data(form=form, **told))


def changed(rows: Sequence[Affected]) -> list[Affected]:
    return [row for row in rows if row.is_changed or row.by_hand]


class OfRepair(RepairsPage):
    """A page about one repair: outside one's divisions there is none."""

    @cached_property
    def repair(self) -> KeyRepair:
        return repair_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.repair
        return super().dispatch(request, *args, **kwargs)


class RepairPage(OfRepair, ReadingPage):
    page_title = gettext_lazy("Key repair")
    template_name = "exams/staff/repair.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        repair = self.repair
        exams = list(repair.exams.select_related("blueprint", "division").order_by("opens_at", "pk"))
        mine = repair.proposed_by_id == self.person.pk
        undecided = repair.state == RepairState.PROPOSED
        facts = {
            "repair": repair,
            "version": repair.version,
            "exams": exams,
            "old_key": key_lines(repair.version),
            "new_key": key_lines(repair.version, repair) if repair.new_key else [],
            "may_decide": undecided and not mine and all(may_manage_exam(self.person, exam) for exam in exams),
            "may_withdraw": undecided and mine,
            "is_undecided": undecided,
            "left_alone": exams_left_alone(repair, self.person) if repair.state in _RULING_OR_ASKED else [],
        }
        rows = self._rows(exams)
        facts |= {"summary": summary_of(rows), "rows": _page(self.request, changed(rows))}
        return super().get_context_data(**facts, **kwargs)

    def _rows(self, exams: Sequence[Any]) -> list[Affected]:
        if self.repair.state == RepairState.DONE:
            return carried_out_rows(self.repair)
        return list(preview_repair(self.repair, exams)) if self.repair.is_open() else []


class Decision(OfRepair, View):
    """A verb reached by POST; what it refuses is said on the repair's page."""

    verb: Callable[..., KeyRepair]
    said: Any = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            type(self).verb(self.repair, by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
        else:
            messages.success(request, self.said)
        return redirect("exams_repairs:repair", self.repair.uuid)


class Approve(Decision):
    verb = staticmethod(approve_repair)
    said = gettext_lazy("Approved. The marks are being changed.")


class Decline(Decision):
    verb = staticmethod(decline_repair)
    said = gettext_lazy("Declined. Nothing was changed.")


class Withdraw(Decision):
    verb = staticmethod(withdraw_repair)
    said = gettext_lazy("Withdrawn. Nothing was changed.")


class RepairsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return person_of(request).has_perm(PERMISSION)


class RepairsViewSet(ViewSet):
    name = "exams_repairs"
    url_prefix = "repairs"
    icon = "edit"
    menu_label = gettext_lazy("Key repairs")
    menu_item_class = RepairsMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", RepairsIndex.as_view(), name="index"),
            path("propose/<int:pk>/", ProposePage.as_view(), name="propose"),
            path("<uuid:uuid>/", RepairPage.as_view(), name="repair"),
            path("<uuid:uuid>/approve/", Approve.as_view(), name="approve"),
            path("<uuid:uuid>/decline/", Decline.as_view(), name="decline"),
            path("<uuid:uuid>/withdraw/", Withdraw.as_view(), name="withdraw"),
        ]
