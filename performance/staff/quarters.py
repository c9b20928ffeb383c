"""Quarters: the list, opening one, and the page from which each is led from step to step."""

from typing import Any, NamedTuple

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from common.clock import now
from common.refusals import Refusal
from exams.staff.choices import offices_of
from exams.staff.gates import person_of
from exams.staff.pages import FormPage, ReadingPage
from members.models import Division, User
from performance.domain.computing import changes_since
from performance.domain.quarters import open_quarter
from performance.enums import AppealState, SchemeState
from performance.models import Appeal, Exemption, Quarter, Scorecard
from performance.staff import cards, dashboard, objections, quarter_steps, requests
from performance.staff.quarter_pages import OfficePage, OfQuarter, may_look, may_run

PAGE = 50
# Of people named in the list of what is missing.
MOST_NAMED = 200


class QuartersIndex(OfficePage, ReadingPage):
    page_title = gettext_lazy("Quarterly appraisal")
    template_name = "performance/staff/quarters.html"

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not may_run(self.person):
            return []
        return [HeaderButton(_("Open a quarter"), url=reverse("quarters:open"), icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quarters = Quarter.objects.visible_to(self.person).select_related("division", "computation")
        return super().get_context_data(quarters=quarters[:PAGE], **kwargs)


class OpenForm(forms.Form):
    division = forms.ModelChoiceField(Division.objects.none(), label=gettext_lazy("Whose quarter"), empty_label=None)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2200)
    number = forms.TypedChoiceField(
        label=gettext_lazy("Quarter"), coerce=int, choices=[(n, str(n)) for n in range(1, 5)], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division: Any = self.fields["division"]
        division.queryset = offices_of(person)


class OpenPage(OfficePage, FormPage):
    page_title = gettext_lazy("Open a quarter")
    office_rule = staticmethod(may_run)
    template_name = "performance/staff/form.html"
    form_class = OpenForm
    submit_label = gettext_lazy("Open the quarter")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def get_initial(self) -> dict[str, Any]:
        today = localdate(now())
        return {"year": today.year, "number": (today.month + 2) // 3}

    def get_explanation(self) -> list[str]:
        return [
            _("Nobody sees anything of it yet. Next comes its scheme, which can be copied from an earlier quarter."),
        ]

    def get_cancel_url(self) -> str:
        return reverse("quarters:index")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("quarters:index"), "label": _("Quarterly appraisal")},
            {"url": "", "label": self.get_page_title()},
        ]

    def form_valid(self, form: Any) -> Any:
        try:
            quarter = open_quarter(**form.cleaned_data, by=self.person, at=now())
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("The quarter is open."))
        return quarter_steps.to_quarter(quarter)


class MissingItem(NamedTuple):
    """One thing that keeps a quarter from being published, with the people it concerns."""

    text: str
    people: list[User]
    more: int


class QuarterPage(OfQuarter, ReadingPage):
    template_name = "performance/staff/quarter.html"

    def get_page_title(self) -> str:
        return str(self.quarter)

    def get_page_subtitle(self) -> str:
        return self.quarter.division.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items()[:2], {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quarter, computation = self.quarter, self.quarter.computation
        adopted = quarter.schemes.filter(state=SchemeState.ADOPTED).first()
        facts: dict[str, Any] = {
            "computation": computation,
            "steps": quarter_steps.steps_of(quarter),
            "adopted": adopted,
            "drafts": list(quarter.schemes.filter(state=SchemeState.DRAFT)) if self.may_manage else [],
            "standing": self._standing(),
            "missing": self._missing(),
            "changes": changes_since(computation) if computation else [],
            "exemptions": self._exemptions(),
            "reopenings": list(quarter.reopenings.select_related("asked_by", "decided_by")),
            "earlier": self._earlier(),
            "takes_objections": quarter.takes_objections(at=now()),
        }
        facts["next"], facts["others"] = quarter_steps.next_of(
            quarter,
            has_scheme=adopted is not None,
            open_objections=facts["standing"]["open_objections"],
            is_behind=bool(facts["changes"]),
            at=now(),
        )
        return super().get_context_data(**facts, **kwargs)

    def _standing(self) -> dict[str, int]:
        """How many people, objections and requests: what this person may see of them."""
        people = Scorecard.objects.filter(computation=self.quarter.computation_id or 0).visible_to(self.person)
        objections_of = Appeal.objects.visible_to(self.person).filter(
            line__scorecard__computation__quarter=self.quarter, state=AppealState.OPEN
        )
        return {
            **people.order_by().aggregate(
                people=Count("pk"),
                exempt=Count("pk", filter=Q(state="exempt")),
                with_measure=Count("pk", filter=~Q(measure="")),
            ),
            "open_objections": objections_of.count(),
        }

    def _missing(self) -> list[MissingItem]:
        """Each with its people, as far as this person may see them. One query."""
        computation = self.quarter.computation
        if computation is None or not computation.missing:
            return []
        codes = {code for item in computation.missing for code in item.get("people", [])}
        seen = Scorecard.objects.filter(computation=computation, person__code__in=codes).visible_to(self.person)
        people = {card.person.code: card.person for card in seen.select_related("person")}
        found = []
        for item in computation.missing:
            mine = [people[code] for code in item.get("people", []) if code in people]
            found.append(MissingItem(item["text"], mine[:MOST_NAMED], max(0, len(mine) - MOST_NAMED)))
        return found

    def _exemptions(self) -> list[Exemption]:
        found = self.quarter.exemptions.select_related("person", "asked_by", "decided_by")
        return list(found) if self.may_manage else []

    def _earlier(self) -> list[Any]:
        """The last computing of every edition that was shown, but for the one that is looked at now."""
        shown = self.quarter.computations.filter(published_at__isnull=False)
        return list(shown.exclude(pk=self.quarter.computation_id or 0).select_related("scheme").order_by("-number"))


class QuartersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(person_of(request))


class QuartersViewSet(ViewSet):
    name = "quarters"
    url_prefix = "quarters"
    icon = "table"
    menu_label = gettext_lazy("Quarterly appraisal")
    menu_item_class = QuartersMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", QuartersIndex.as_view(), name="index"),
            path("open/", OpenPage.as_view(), name="open"),
            path("<uuid:uuid>/", QuarterPage.as_view(), name="quarter"),
            *quarter_steps.urlpatterns,
            *requests.urlpatterns,
            *cards.urlpatterns,
            *objections.urlpatterns,
            *dashboard.urlpatterns,
        ]
