"""Exemptions: asked for with a reason, decided by a second person."""

from typing import Any

from django import forms
from django.contrib import messages as django_messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from courses.domain.exemptions import ask_exemption, decide_exemption
from courses.rules import may_decide_exemption, may_see_course
from courses.staff.choices import may_organise
from courses.staff.course_steps import reason_field
from courses.staff.pages import CourseAction, OfCourse
from members.models import User
from members.staff.naming import PersonField


class ExemptForm(forms.Form):
    person = PersonField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Staff number or name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = reason_field(gettext_lazy("The second person decides by it, and it stays on record."))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.people = people


class ExemptPage(CourseAction):
    """Also for a township, about its own people."""

    course_rule = staticmethod(may_see_course)
    page_title = pgettext_lazy("training", "Ask for an exemption")
    submit_label = gettext_lazy("Ask for the exemption")
    form_class = ExemptForm
    success_message = gettext_lazy("Asked. A second person decides.")

    def get_explanation(self) -> list[str]:
        return [
            _("Whoever is exempt need not complete this course and is no longer expected at its sessions."),
            _("An administrator of the course's division decides, not the person who asks."),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = self.course.enrolments.visible_to(self.person).filter(left_on=None)
        return super().get_form_kwargs() | {"people": User.objects.filter(pk__in=rows.values("person"))}

    def get_initial(self) -> dict[str, Any]:
        return {"person": self.request.GET.get("code", "")}

    def act(self, cleaned: dict[str, Any]) -> Any:
        return ask_exemption(self.course, cleaned["person"], reason=cleaned["reason"], by=self.person, at=now())


class Decision(OfCourse, View):
    """Reached by POST; what the verb refuses is said on the course's page."""

    course_rule = staticmethod(may_decide_exemption)
    office_rule = staticmethod(may_organise)
    approve = False

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = get_object_or_404(self.course.exemptions.select_related("person", "course"), pk=kwargs["pk"])
        try:
            decide_exemption(asked, approve=self.approve, by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
        else:
            messages.success(request, _("Approved.") if self.approve else _("Declined; it stays as it was."))
        return redirect(f"{self.course_url()}#exemptions")


urlpatterns = [
    path("<uuid:uuid>/exempt/", ExemptPage.as_view(), name="exempt"),
    path("<uuid:uuid>/exemptions/<int:pk>/approve/", Decision.as_view(approve=True), name="approve_exemption"),
    path("<uuid:uuid>/exemptions/<int:pk>/decline/", Decision.as_view(approve=False), name="decline_exemption"),
]
