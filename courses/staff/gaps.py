"""The gap list: who is still missing, what, why, and where they can make it up."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages as django_messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from courses.domain.attending import settle_overdue
from courses.domain.cohorts import follow_roster
from courses.domain.explaining import explain_people
from courses.domain.gap_list import behind
from courses.domain.progress import Progress
from courses.enums import AbsenceReason, CourseState
from courses.rules import TRAINING_ROLES
from courses.staff.choices import may_organise
from courses.staff.pages import OfCourse
from courses.staff.places import TOWNSHIP_DIGITS, Places, places_of, township_of
from exams.staff.pages import ReadingPage
from members.enums import STAFF_ROLES
from members.models import User
from members.validators import validate_plain_text

PAGE = 50
MOST_AT_ONCE = 200


class ExplainForm(forms.Form):
    """One reason for everybody who is marked; an empty one takes it back."""

    people = forms.TypedMultipleChoiceField(coerce=int, required=True)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[*AbsenceReason.choices, ("", gettext_lazy("take the reason back"))],
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Remark"), max_length=300, required=False, validators=[validate_plain_text]
    )

    def __init__(self, *args: Any, people: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.choices = [(pk, str(pk)) for pk in people]
        field.error_messages["required"] = _("Mark at least one person.")


class Row(NamedTuple):
    """One line of the list; ``may_explain``: by whoever looks at it."""

    progress: Progress
    may_explain: bool


class Township(NamedTuple):
    name: str
    rows: list[Row]


def rows_by_township(found: Iterable[Progress], places: Places, *, person: User, manages: bool) -> list[Township]:
    own = tuple(person.scope(*TRAINING_ROLES))
    grouped = groupby(found, key=lambda each: township_of(each.enrolment.division_code))
    return [
        Township(
            places.name_of(code),
            [
                Row(
                    each,
                    (manages or each.enrolment.division_code.startswith(own)) and each.enrolment.person_id != person.pk,
                )
                for each in part
            ],
        )
        for code, part in grouped
    ]


def narrowed(scope: Iterable[str], township: str) -> list[str]:
    """The parts of ``scope`` that lie in the township (nine digits; none: everywhere)."""
    parts = ((prefix, township) for prefix in scope)
    return [max(pair, key=len) for pair in parts if pair[0].startswith(pair[1]) or pair[1].startswith(pair[0])]


class GapsPage(OfCourse, ReadingPage):
    """Bounded by the divisions of whoever looks: a township sees its own people."""

    page_title = gettext_lazy("Gap list")
    template_name = "courses/staff/gaps.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        moment = now()
        settle_overdue(at=moment, course=self.course)
        follow_roster(self.course, at=moment)
        return super().get(request, *args, **kwargs)

    @cached_property
    def places(self) -> Places:
        rows = self.course.enrolments.active(on=localdate(now())).visible_to(self.person)
        asked = self.request.GET
        return places_of(rows, township=asked.get("township", ""), team=asked.get("team", ""))

    @cached_property
    def found(self) -> Sequence[Progress]:
        scope = narrowed(self.person.scope(*STAFF_ROLES), self.places.township[:TOWNSHIP_DIGITS])
        found = behind(self.course, at=now(), within=scope)
        if self.places.team is not None:
            found = [each for each in found if each.enrolment.team_id == self.places.team]
        if self.request.GET.get("only") == "unexplained":
            found = [each for each in found if each.lacks_reason]
        return found

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        page: Page = Paginator(self.found, PAGE).get_page(self.request.GET.get("p"))
        shown = list(page.object_list)
        townships = rows_by_township(shown, self.places, person=self.person, manages=self.may_manage)
        is_open = self.course.state == CourseState.OPEN
        facts = {
            "places": self.places,
            "which": self.request.GET.get("only", ""),
            "page": page,
            "count": len(self.found),
            "unexplained": sum(each.lacks_reason for each in self.found),
            "townships": townships,
            "may_explain": is_open and any(row.may_explain for township in townships for row in township.rows),
            "form": ExplainForm(),
        }
        return super().get_context_data(*args, **{**facts, **kwargs})


def query_of(asked: Any) -> str:
    return urlencode({name: asked[name] for name in ("township", "team", "only") if asked.get(name)})


class ExplainAnswer(OfCourse, View):
    """Reached by POST; comes back to the list as it was filtered."""

    office_rule = staticmethod(may_organise)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self.course.enrolments.visible_to(self.person)
        asked = [int(pk) for pk in request.POST.getlist("people")[:MOST_AT_ONCE] if pk.isascii() and pk.isdigit()]
        chosen = list(rows.filter(pk__in=asked).select_related("person", "course__division"))
        form = ExplainForm(request.POST, people=[row.pk for row in chosen])
        if form.is_valid():
            self._explain(chosen, form.cleaned_data)
        else:
            for error in (text for errors in form.errors.values() for text in errors):
                django_messages.error(request, str(error))
        return redirect(f"{self.course_url('gaps')}?{query_of(request.POST)}")

    def _explain(self, chosen: list[Any], cleaned: dict[str, Any]) -> None:
        try:
            people = explain_people(chosen, reason=cleaned["reason"], note=cleaned["note"], by=self.person, at=now())
        except Refusal as refusal:
            django_messages.error(self.request, str(refusal))
            return
        said = ngettext("The reason of %(n)s person is entered.", "The reasons of %(n)s people are entered.", people)
        messages.success(self.request, said % {"n": people})


urlpatterns = [
    path("<uuid:uuid>/gaps/", GapsPage.as_view(), name="gaps"),
    path("<uuid:uuid>/gaps/explain/", ExplainAnswer.as_view(), name="explain"),
]
