"""Pages about one quarter: outside one's divisions there is none, and the same 404 says so for all."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from exams.staff.gates import person_of
from exams.staff.pages import ActionPage, StaffPage
from members.enums import SCORE_ROLES, Role
from members.models import User
from performance.models import Computation, Quarter, Report
from performance.rules import may_manage_quarter, may_see_quarter

QuarterRule = Callable[[User, Quarter], bool]


def quarter_for(request: HttpRequest, uuid: UUID, *, rule: QuarterRule = may_see_quarter) -> Quarter:
    quarters = Quarter.objects.select_related("division", "computation__scheme")
    quarter = get_object_or_404(quarters, uuid=uuid)
    if not rule(person_of(request), quarter):
        raise Http404
    return quarter


def report_for(request: HttpRequest, uuid: UUID, *, quarter: Quarter) -> Report:
    """A file that this person asked for; to everybody else there is none."""
    reports = Report.objects.of(person_of(request)).filter(computation__quarter=quarter)
    return get_object_or_404(reports.select_related("computation__quarter", "division"), uuid=uuid)


def may_look(person: User) -> bool:
    return bool(person.scope(*SCORE_ROLES))


def may_run(person: User) -> bool:
    return bool(person.scope(Role.ADMINISTRATOR))


class OfficePage(StaffPage):
    """For whoever may see scores of some division; which ones, the gates say."""

    header_icon = "table"
    office_rule: Callable[[User], bool] = staticmethod(may_look)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not type(self).office_rule(person_of(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfQuarter(OfficePage):
    quarter_rule: QuarterRule = staticmethod(may_see_quarter)

    @cached_property
    def quarter(self) -> Quarter:
        return quarter_for(self.request, self.kwargs["uuid"], rule=type(self).quarter_rule)

    @cached_property
    def may_manage(self) -> bool:
        return may_manage_quarter(self.person, self.quarter)

    @cached_property
    def computation(self) -> Computation | None:
        """The one the quarter rests on, or an earlier one that was asked for by its number."""
        number = self.request.GET.get("computation", "")
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            return self.quarter.computation
        found = self.quarter.computations.select_related("scheme", "quarter__division")
        return get_object_or_404(found, number=int(number))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The gate comes first: also a request that is refused for its form must not tell that the quarter exists.
        _gate = self.quarter
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.quarter)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("quarters:index"), "label": _("Quarterly appraisal")},
            {"url": self.quarter_url(), "label": f"{self.quarter}·{self.quarter.division.name}"},
            *self.breadcrumbs_between(),
            {"url": "", "label": self.get_page_title()},
        ]

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return []

    def quarter_url(self, name: str = "quarter") -> str:
        return reverse(f"quarters:{name}", args=[self.quarter.uuid])

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        facts = {"quarter": self.quarter, "may_manage": self.may_manage}
        return cast(dict[str, Any], super().get_context_data(*args, **facts, **kwargs))


class QuarterAction(OfQuarter, ActionPage):
    """Something done to a quarter: said first, and done by POST only."""

    quarter_rule = staticmethod(may_manage_quarter)
    office_rule = staticmethod(may_run)
    template_name = "performance/staff/form.html"
    form_class: type[forms.Form] = forms.Form

    def get_thing_url(self) -> str:
        return self.quarter_url()
