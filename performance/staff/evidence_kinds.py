"""The tables behind the forms: items of the lists, kinds of scores."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from members.models import User
from members.staff.scoped import ScopedIndexView, ScopedViewSet, VerbCreateView, VerbEditView
from performance.domain.evidence_kinds import add_kind, add_rating_kind, change_kind, change_rating_kind
from performance.models import LedgerKind, RatingKind
from performance.rules import offices_of
from performance.staff.evidence_policies import LEDGER_KINDS, RATING_KINDS
from performance.staff.numbers import plain


class OfOffice(WagtailAdminModelForm):
    """Offers the divisions of the person who fills it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "division" in self.fields:
            self.fields["division"].queryset = offices_of(self.for_user)  # type: ignore[attr-defined]


class KindIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("division")


# -- the ledger -------------------------------------------------------------------------------


class LedgerKindForm(OfOffice):
    class Meta:
        model = LedgerKind
        fields = ["title", "sign", "target", "points", "quarter_cap", "needs_evidence", "is_active"]
        # Wagtail has another word for the plain "item".
        labels = {"title": pgettext_lazy("ledger", "Item")}  # as Django declares it
        help_texts = {
            "points": gettext_lazy("Without a sign: the list says whether they are added or taken off. "
                                   "Entries that are there keep the points they were given."),
        }  # fmt: skip


class NewLedgerKindForm(LedgerKindForm):
    class Meta(LedgerKindForm.Meta):
        fields = ["division", "code", *LedgerKindForm.Meta.fields]


class LedgerKindCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> LedgerKind:
        return add_kind(**form.cleaned_data, by=by, at=at)


class LedgerKindEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> LedgerKind:
        return change_kind(self.object, **form.cleaned_data, by=by, at=at)


def _signed(kind: LedgerKind) -> str:
    return plain(kind.points if kind.sign == "positive" else -kind.points, signed=True)


def _edit_url(kind: LedgerKind) -> str:
    return reverse("ledger_kinds:edit", args=[kind.pk])


class LedgerKindViewSet(ScopedViewSet):
    model = LedgerKind
    name = "ledger_kinds"
    url_prefix = "ledger/kinds"
    policy = LEDGER_KINDS
    icon = "list-ul"
    menu_label = gettext_lazy("Items of the ledger")
    add_form_class = NewLedgerKindForm
    edit_form_class = LedgerKindForm
    index_view_class = KindIndexView
    add_view_class = LedgerKindCreateView
    edit_view_class = LedgerKindEditView
    ordering = "code"
    search_fields = ["code", "title"]
    list_filter = ["sign", "target", "is_active"]
    list_display = [
        TitleColumn("title", label=pgettext_lazy("ledger", "Item"), get_url=_edit_url, sort_key="title"),
        Column("code", label=pgettext_lazy("ledger", "Number"), sort_key="code"),
        Column("sign", label=pgettext_lazy("ledger", "List"), accessor="get_sign_display", sort_key="sign"),
        Column("target", label=gettext_lazy("Whom it concerns"), accessor="get_target_display"),
        Column("points", label=pgettext_lazy("ledger", "Points"), accessor=_signed, sort_key="points"),
        Column("division", label=gettext_lazy("Division")),
        BooleanColumn("is_active", label=pgettext_lazy("ledger", "May be entered")),
    ]


# -- scores -----------------------------------------------------------------------------------


class RatingKindForm(OfOffice):
    class Meta:
        model = RatingKind
        fields = ["title", "highest", "is_active"]


class NewRatingKindForm(RatingKindForm):
    class Meta(RatingKindForm.Meta):
        fields = ["division", "code", *RatingKindForm.Meta.fields]


class RatingKindCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> RatingKind:
        return add_rating_kind(**form.cleaned_data, by=by, at=at)


class RatingKindEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> RatingKind:
        return change_rating_kind(self.object, **form.cleaned_data, by=by, at=at)


def _highest(kind: RatingKind) -> str:
    return plain(Decimal(kind.highest))


class RatingKindViewSet(ScopedViewSet):
    model = RatingKind
    name = "rating_kinds"
    url_prefix = "ratings/kinds"
    policy = RATING_KINDS
    icon = "list-ul"
    menu_label = gettext_lazy("Kinds of scores")
    add_form_class = NewRatingKindForm
    edit_form_class = RatingKindForm
    index_view_class = KindIndexView
    add_view_class = RatingKindCreateView
    edit_view_class = RatingKindEditView
    ordering = "code"
    search_fields = ["code", "title"]
    list_display = [
        "title",
        Column("code", label=pgettext_lazy("ledger", "Number"), sort_key="code"),
        Column("highest", label=gettext_lazy("Highest score"), accessor=_highest),
        Column("division", label=gettext_lazy("Division")),
        BooleanColumn("is_active", label=pgettext_lazy("ratings", "In use")),
    ]
