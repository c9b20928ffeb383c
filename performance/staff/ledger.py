"""The ledger on the staff pages: the list, entering, and what a second person decides."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages as django_messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.models import ModelLogEntry

from common.clock import now
from common.refusals import Refusal
from exams.staff.gates import person_of
from exams.staff.pages import FormPage, ReadingPage, StaffPage
from members.models.division import inside
from members.staff.places import TownshipFilterSet
from members.staff.scoped import ScopedIndexView, ScopedViewSet
from performance.domain.ledger import confirm_item, decline_item, enter_item, reverse_item
from performance.domain.refusals import FileNotAccepted
from performance.enums import LedgerSign, LedgerState
from performance.models import LedgerEntry, LedgerKind, Quarter
from performance.rules import (
    is_about,
    kinds_to_enter,
    ledger_kinds_visible_to,
    may_decide_entry,
)
from performance.staff.evidence_policies import ENTRIES
from performance.staff.ledger_form import EntryForm
from performance.staff.numbers import plain


def _about(entry: LedgerEntry) -> str:
    return f"{entry.person.name} {entry.person.code}" if entry.person else str(entry.team)


def _day(entry: LedgerEntry) -> str:
    return entry.occurred_on.isoformat()


def entry_url(entry: LedgerEntry) -> str:
    return reverse("ledger:inspect", args=[entry.uuid])


def _points(entry: LedgerEntry) -> str:
    return plain(entry.points, signed=True)


# -- the list ---------------------------------------------------------------------------------


class LedgerFilterSet(TownshipFilterSet):
    division_field = "division_code"
    sign = django_filters.ChoiceFilter(
        label=pgettext_lazy("ledger", "List"), choices=LedgerSign.choices, field_name="kind__sign"
    )
    quarter = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Quarter"),
        queryset=lambda request: Quarter.objects.visible_to(request.user).select_related("division"),
        method="in_quarter",
    )
    kind = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("ledger", "Item"), queryset=lambda request: ledger_kinds_visible_to(request.user)
    )

    class Meta:
        model = LedgerEntry
        fields = ["sign", "state", "township", "quarter", "kind"]

    def in_quarter(self, entries: QuerySet[LedgerEntry], name: str, quarter: Quarter) -> QuerySet[LedgerEntry]:
        within = inside([quarter.division.prefix], field="division_code")
        return entries.filter(within, occurred_on__range=(quarter.starts_on, quarter.ends_on))


class LedgerIndexView(ScopedIndexView):
    page_title = gettext_lazy("Ledger of positive and negative items")
    add_item_label = gettext_lazy("Enter an item")

    def with_related(self, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return rows.select_related("kind", "person", "team", "entered_by")

    def get_edit_url(self, instance: Any) -> str:
        return entry_url(instance)


# -- pages around it --------------------------------------------------------------------------


class LedgerPage(StaffPage):
    django_permission = "performance.view_ledgerentry"
    header_icon = "list-ul"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("ledger:index"), "label": _("Ledger of positive and negative items")},
            {"url": "", "label": self.get_page_title()},
        ]


class ChooseKindPage(LedgerPage, ReadingPage):
    """Entering begins with what is entered: only then is it known what must be asked."""

    django_permission = "performance.add_ledgerentry"
    page_title = gettext_lazy("Enter an item")
    template_name = "performance/staff/ledger_kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = list(kinds_to_enter(self.person).order_by("code"))
        lists = [
            (sign, [(kind, _kind_points(kind)) for kind in kinds if kind.sign == sign.value]) for sign in LedgerSign
        ]
        return super().get_context_data(lists=lists, has_kinds=bool(kinds), **kwargs)


def _kind_points(kind: LedgerKind) -> str:
    return plain(kind.points if kind.sign == LedgerSign.POSITIVE else -kind.points, signed=True)


class EnterPage(LedgerPage, FormPage):
    django_permission = "performance.add_ledgerentry"
    page_title = gettext_lazy("Enter an item")
    template_name = "performance/staff/ledger_enter.html"
    form_class = EntryForm
    submit_label = pgettext_lazy("ledger", "Enter")

    @cached_property
    def kind(self) -> LedgerKind:
        return get_object_or_404(kinds_to_enter(self.person), pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request).has_perm(self.django_permission):
            _gate = self.kind
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"kind": self.kind, "user": self.person}

    def get_initial(self) -> dict[str, Any]:
        return {"occurred_on": localdate(now())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, points=_kind_points(self.kind), **kwargs)

    def get_explanation(self) -> list[str]:
        return [_("It counts once a second person has confirmed it. Afterwards it is never changed, only reversed.")]

    def get_cancel_url(self) -> str:
        return reverse("ledger:add")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            files = form.cleaned_data.pop("documents")
            entry = enter_item(self.kind, **form.cleaned_data, files=files, by=self.person, at=now())
        except FileNotAccepted as refusal:
            form.add_error("documents", str(refusal))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("Entered. It waits for a second person."))
        return redirect("ledger:inspect", entry.uuid)


def entry_for(request: HttpRequest, uuid: UUID) -> LedgerEntry:
    """The same 404 for absent and not yours."""
    entries = LedgerEntry.objects.visible_to(person_of(request)).select_related(
        "kind__division", "person", "team", "entered_by", "decided_by", "reverses"
    )
    return get_object_or_404(entries, uuid=uuid)


class OfEntry(LedgerPage):
    """A page about one entry: outside one's divisions there is none."""

    @cached_property
    def entry(self) -> LedgerEntry:
        return entry_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request).has_perm(self.django_permission):
            _gate = self.entry
        return super().dispatch(request, *args, **kwargs)


class EntryPage(OfEntry, ReadingPage):
    page_title = gettext_lazy("Ledger entry")
    template_name = "performance/staff/ledger_entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry
        waits = entry.state == LedgerState.WAITING
        decides = may_decide_entry(self.person, entry) and not is_about(self.person, entry)
        reversal = entry.reversal()
        facts = {
            "entry": entry,
            "about": _about(entry),
            "points": _points(entry),
            "files": list(entry.files.all()),
            "reversal": reversal,
            "declined_because": _reason_of(entry) if entry.state == LedgerState.DECLINED else "",
            "waits": waits,
            "is_mine": entry.entered_by_id == self.person.pk,
            "may_decide": waits and decides and entry.entered_by_id != self.person.pk,
            "may_reverse": self._may_reverse(entry, decides=decides, reversal=reversal),
        }
        return super().get_context_data(**facts, **kwargs)

    def _may_reverse(self, entry: LedgerEntry, *, decides: bool, reversal: LedgerEntry | None) -> bool:
        is_free = reversal is None or reversal.state == LedgerState.DECLINED
        return decides and entry.state == LedgerState.CONFIRMED and entry.reverses_id is None and is_free


def _reason_of(entry: LedgerEntry) -> str:
    row = ModelLogEntry.objects.for_instance(entry).filter(action="performance.decline_item").last()
    return str(row.data.get("reason", "")) if row else ""


class Decision(OfEntry, View):
    """A verb reached by POST; what it refuses is said on the entry's page."""

    django_permission = "performance.change_ledgerentry"
    http_method_names = ["post"]  # as Django declares it
    verb: Callable[..., LedgerEntry]
    asks_reason = False
    said: Any = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        reason = {"reason": request.POST.get("reason", "")} if self.asks_reason else {}
        try:
            entry = type(self).verb(self.entry, **reason, by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
            entry = self.entry
        else:
            messages.success(request, self.said)
        return redirect("ledger:inspect", entry.uuid)


class Confirm(Decision):
    verb = staticmethod(confirm_item)
    said = gettext_lazy("Confirmed. From now on it counts.")


class Decline(Decision):
    verb = staticmethod(decline_item)
    asks_reason = True
    said = gettext_lazy("Declined. It does not count.")


class Reverse(Decision):
    verb = staticmethod(reverse_item)
    asks_reason = True
    said = gettext_lazy("The reversal is entered. It waits for a second person.")


class LedgerViewSet(ScopedViewSet):
    model = LedgerEntry
    name = "ledger"
    policy = ENTRIES
    icon = "clipboard-list"
    menu_label = pgettext_lazy("ledger", "Ledger")
    index_view_class = LedgerIndexView
    ordering = "-occurred_on"
    filterset_class = LedgerFilterSet
    search_fields = ["person__name", "person__code", "team__name", "description"]
    list_display = [
        TitleColumn("about", label=gettext_lazy("About whom"), accessor=_about, get_url=entry_url),
        Column("kind", label=pgettext_lazy("ledger", "Item"), sort_key="kind__code"),
        Column("occurred_on", label=pgettext_lazy("ledger", "Day"), sort_key="occurred_on", accessor=_day),
        Column("points", label=pgettext_lazy("ledger", "Points"), accessor=_points, sort_key="points"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        Column("entered_by", label=gettext_lazy("Entered by")),
    ]
    kept_urls = frozenset({"index", "index_results"})

    def get_form_class(self, for_update: bool = False) -> Any:
        return EntryForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("new/", ChooseKindPage.as_view(), name="add"),
            path("new/<int:pk>/", EnterPage.as_view(), name="enter"),
            path("<uuid:uuid>/", EntryPage.as_view(), name="inspect"),
            path("<uuid:uuid>/confirm/", Confirm.as_view(), name="confirm"),
            path("<uuid:uuid>/decline/", Decline.as_view(), name="decline"),
            path("<uuid:uuid>/reverse/", Reverse.as_view(), name="reverse"),
        ]
