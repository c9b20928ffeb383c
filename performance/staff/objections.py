"""Objections of a quarter: those that wait and those decided; one of them, and deciding it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from cms.domain.files import content_type_of
from common.clock import now
from exams.staff.pages import ReadingPage
from members.models import User
from members.validators import validate_plain_text
from performance.domain import reading_cards
from performance.domain.appeals import also_affected, decide_appeal
from performance.enums import AppealState
from performance.models import Appeal, Scorecard
from performance.rules import may_decide_appeal, may_manage_quarter, may_see_quarter
from performance.staff.quarter_pages import OfQuarter, QuarterAction, may_look

PAGE = 50
LONGEST_ANSWER = 2000
# In the message after a decision; its log has them all.
MOST_NAMED = 20
POLICY = "default-src 'none'; sandbox"


class ObjectionsPage(OfQuarter, ReadingPage):
    """Those that wait first; bounded by the reader's divisions."""

    page_title = gettext_lazy("Objections")
    template_name = "performance/staff/objections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = (
            Appeal.objects.visible_to(self.person)
            .filter(line__scorecard__computation__quarter=self.quarter)
            .select_related("line__indicator", "line__scorecard__person", "line__scorecard__team", "decided_by")
        )
        waiting = found.filter(state=AppealState.OPEN).order_by("filed_at")
        decided = found.exclude(state=AppealState.OPEN).order_by("-decided_at")
        page = Paginator(decided, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(waiting=waiting, decided=page, **kwargs)


class DecisionForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", pgettext_lazy("objection", "Accept it and correct the points")),
            ("no", pgettext_lazy("objection", "Decline it")),
        ],
        widget=forms.RadioSelect,
    )
    points = forms.DecimalField(
        label=gettext_lazy("Points to add or to take off"),
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text=gettext_lazy("Only when it is accepted; with a minus sign they are taken off."),
    )
    also = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("The same correction for these people too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Their line rests on the same evidence. Tick whom the mistake concerns too."),
    )
    answer = forms.CharField(
        label=pgettext_lazy("objection", "Answer"),
        max_length=LONGEST_ANSWER,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The member reads it, and with an accepted objection so does everybody it corrects."),
    )

    def __init__(self, *args: Any, affected: list[Scorecard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also: Any = self.fields["also"]
        if not affected:
            del self.fields["also"]
            return
        also.queryset = User.objects.filter(pk__in=[card.person_id for card in affected])
        also.choices = [(card.person_id, f"{card.person.name}·{card.team.name}") for card in affected]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("accept") and not cleaned.get("points") and "points" not in self.errors:
            self.add_error("points", _("Say how many points are added or taken off."))
        return cleaned


class ObjectionPage(QuarterAction):
    """What is objected to and what it rests on, and under it the decision, for whoever may take it."""

    page_title = gettext_lazy("Objection")
    template_name = "performance/staff/objection.html"
    submit_label = gettext_lazy("Save the decision")
    success_message = gettext_lazy("The decision is saved; the member reads it with the answer.")
    form_class = DecisionForm
    # To be read by all who may see the scorecard; who decides is asked of ``may_decide_appeal``.
    quarter_rule = staticmethod(may_see_quarter)
    office_rule = staticmethod(may_look)

    @cached_property
    def appeal(self) -> Appeal:
        return appeal_for(self.person, self.quarter, self.kwargs["appeal"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.appeal
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def affected(self) -> list[Scorecard]:
        """People whose line rests on the same; shown to nobody but who decides."""
        if self.appeal.state != AppealState.OPEN or self.why_not:
            return []
        return [card for card in also_affected(self.appeal) if card.person_id != self.person.pk]

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": self.quarter_url("objections"), "label": _("Objections")}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"affected": self.affected}

    def get_cancel_url(self) -> str:
        return self.quarter_url("objections")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal = self.appeal
        card = appeal.line.scorecard
        rows = reading_cards.lines_of(card, for_office=True)
        facts = {
            "appeal": appeal,
            "card": card,
            "row": next(row for row in rows if row.line.pk == appeal.line_id),
            "is_open": appeal.state == AppealState.OPEN,
            "why_not": self.why_not,
            "corrections": list(appeal.corrections.select_related("person")),
        }
        return super().get_context_data(**facts, **kwargs)

    @cached_property
    def why_not(self) -> str:
        """Why this person does not decide it; empty where they may."""
        return why_not(self.person, self.appeal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.why_not and self.appeal.state == AppealState.OPEN:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def act(self, cleaned: dict[str, Any]) -> Any:
        points: Decimal | None = cleaned["points"] if cleaned["accept"] else None
        also = cleaned.get("also", ()) if cleaned["accept"] else ()
        return decide_appeal(
            self.appeal, accept=cleaned["accept"], answer=cleaned["answer"], points=points, also=also,
            by=self.person, at=now(),
        )  # fmt: skip

    def after(self, outcome: Any) -> str:
        if others := others_in_words(self.appeal, outcome):
            messages.info(self.request, others)
        return self.quarter_url("objections")


def others_in_words(appeal: Appeal, changed: Iterable[int]) -> str:
    """Whose scorecards a decision changed besides its author's: they were corrected too, or graded anew."""
    people = User.objects.filter(pk__in=changed).exclude(pk=appeal.line.scorecard.person_id).order_by("code")
    names = list(people.values_list("name", flat=True))
    if not names:
        return ""
    text = ngettext(
        "The scorecard of %(n)s other person has changed with it: %(names)s.",
        "The scorecards of %(n)s other people have changed with it: %(names)s.",
        len(names),
    )
    shown = names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], "…"]
    return text % {"n": len(names), "names": "、".join(shown)}


def why_not(person: User, appeal: Appeal) -> str:
    if may_decide_appeal(person, appeal):
        return ""
    if not may_manage_quarter(person, appeal.line.scorecard.computation.quarter):
        return _("An administrator of the division decides.")
    if appeal.line.scorecard.person_id == person.pk:
        return _("This is your own scorecard; somebody else decides.")
    return _("Whoever published the results or has decided before does not decide this.")


def appeal_for(person: User, quarter: Any, uuid: Any) -> Appeal:
    appeals = Appeal.objects.visible_to(person).filter(line__scorecard__computation__quarter=quarter)
    related = appeals.select_related(
        "line__indicator", "line__scorecard__person", "line__scorecard__team", "decided_by",
        "line__scorecard__computation__quarter__division", "line__scorecard__computation__scheme",
    )  # fmt: skip
    return get_object_or_404(related, uuid=uuid)


class ObjectionFile(OfQuarter, View):
    """The member's document; only ever saved, never opened here."""

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        appeal = appeal_for(self.person, self.quarter, kwargs["appeal"])
        if not appeal.file:
            raise Http404
        name = appeal.file_name or str(appeal.file.name)
        response = FileResponse(appeal.file.open("rb"), as_attachment=True, filename=name)
        response["Content-Type"] = content_type_of(name)
        response["Content-Security-Policy"] = POLICY
        response["X-Content-Type-Options"] = "nosniff"
        return response


urlpatterns = [
    path("<uuid:uuid>/objections/", ObjectionsPage.as_view(), name="objections"),
    path("<uuid:uuid>/objections/<uuid:appeal>/", ObjectionPage.as_view(), name="objection"),
    path("<uuid:uuid>/objections/<uuid:appeal>/file/", ObjectionFile.as_view(), name="objection_file"),
]
