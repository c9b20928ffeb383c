"""What one person asks and a second decides: an exemption, reopening a closed quarter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as django_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from members.models import User
from members.validators import validate_plain_text
from performance.domain.quarters import ask_exemption, ask_reopening, decide_exemption, decide_reopening
from performance.rules import may_manage_quarter
from performance.staff.quarter_pages import OfQuarter, QuarterAction, may_run
from performance.staff.quarter_steps import to_quarter

LONGEST_REASON = 500


def reason_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class ExemptForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Staff number"), max_length=60)
    reason = reason_field(gettext_lazy("Stands on the scorecard and on the sheets."))

    def clean_code(self) -> User:
        person = User.objects.filter(code=self.cleaned_data["code"].strip()).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this staff number."), code="unknown")
        return person


class ExemptPage(QuarterAction):
    page_title = gettext_lazy("Ask for an exemption")
    submit_label = gettext_lazy("Ask for the exemption")
    form_class = ExemptForm
    success_message = gettext_lazy("Asked. A second administrator decides.")

    def get_explanation(self) -> list[str]:
        return [
            _("Somebody who was on long sick leave, for example, is not appraised this quarter: no total, no grade."),
            _("A second administrator decides. It counts from the next computing on."),
        ]

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get("code", "")}

    def act(self, cleaned: dict[str, Any]) -> Any:
        return ask_exemption(self.quarter, cleaned["code"], reason=cleaned["reason"], by=self.person, at=now())


class ReopenForm(forms.Form):
    reason = reason_field(gettext_lazy("Kept with your name and the time."))


class ReopenPage(QuarterAction):
    page_title = gettext_lazy("Ask for reopening")
    submit_label = gettext_lazy("Ask for reopening")
    form_class = ReopenForm
    success_message = gettext_lazy("Asked. A second administrator decides.")

    def get_explanation(self) -> list[str]:
        return [
            _("A second administrator decides. Then the quarter is open again in its next edition."),
            _("The edition that was closed stays readable for everybody who could read it."),
        ]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return ask_reopening(self.quarter, reason=cleaned["reason"], by=self.person, at=now())


class Decision(OfQuarter, View):
    """Reached by POST; what the verb refuses is said on the quarter's page."""

    quarter_rule = staticmethod(may_manage_quarter)
    office_rule = staticmethod(may_run)
    verb: Callable[..., Any]
    related = ""
    approve = False

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = get_object_or_404(getattr(self.quarter, self.related), pk=kwargs["pk"])
        try:
            type(self).verb(asked, approve=self.approve, by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
        else:
            said = _("Approved.") if self.approve else _("Declined; it stays as it was.")
            messages.success(request, said)
        return to_quarter(self.quarter)


class ExemptionDecision(Decision):
    verb = staticmethod(decide_exemption)
    related = "exemptions"


class ReopeningDecision(Decision):
    verb = staticmethod(decide_reopening)
    related = "reopenings"


urlpatterns = [
    path("<uuid:uuid>/exempt/", ExemptPage.as_view(), name="exempt"),
    path("<uuid:uuid>/reopen/", ReopenPage.as_view(), name="reopen"),
    *[
        path(
            f"<uuid:uuid>/{related}/<int:pk>/{name}/",
            view.as_view(approve=approve),
            name=f"{name}_{related.removesuffix('s')}",
        )
        for related, view in (("exemptions", ExemptionDecision), ("reopenings", ReopeningDecision))
        for name, approve in (("approve", True), ("decline", False))
    ],
]
