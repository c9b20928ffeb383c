"""The same again every week or month: a form, what it would plan, and planning it."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from common.clock import now
from common.refusals import Refusal
from courses.domain.series import LAST, MOST_SESSIONS, Planned, Rule, plan_series, preview_series
from courses.enums import SeriesRhythm
from courses.staff.pages import CourseAction
from courses.staff.session_form import SessionForm, initial_of_new

_WHICH = (
    (1, pgettext_lazy("of a month", "first")),
    (2, pgettext_lazy("of a month", "second")),
    (3, pgettext_lazy("of a month", "third")),
    (4, pgettext_lazy("of a month", "fourth")),
    (LAST, pgettext_lazy("of a month", "last")),
)
_BETWEEN_DAYS = re.compile(r"[\s,，、;；]+")
_RULE = ("rhythm", "first", "begins", "minutes", "interval", "nth", "count", "until", "skips")


class SeriesForm(SessionForm):
    starts_at = ends_at = host_team = despite = None  # type: ignore[assignment]
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Repeats"),
        choices=SeriesRhythm.choices,
        initial=SeriesRhythm.WEEKLY,
        widget=forms.RadioSelect,
    )
    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=AdminDateInput,
        help_text=gettext_lazy("Its weekday is the one of all of them."),
    )
    begins = forms.TimeField(label=gettext_lazy("Begins at"), widget=AdminTimeInput)
    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=5, max_value=1440)
    interval = forms.IntegerField(
        label=gettext_lazy("Every so many weeks or months"), min_value=1, max_value=12, initial=1
    )
    nth = forms.TypedChoiceField(
        label=gettext_lazy("Which such weekday of the month"),
        choices=_WHICH,
        coerce=int,
        initial=1,
        help_text=gettext_lazy("Only where it repeats every month."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=MOST_SESSIONS,
        required=False,
        help_text=gettext_lazy("Or leave it empty and say until when."),
    )
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=AdminDateInput)
    skips = forms.CharField(
        label=gettext_lazy("Days left out"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Holidays, as 2026-10-05, with a comma or a line between them."),
    )
    # The days that were shown: what is planned is what was looked at.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("topic", *_RULE, "place", "online_url", "division", "lecturers", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("session", None)
        super().__init__(*args, **kwargs)
        self.fields["topic"].help_text = _("{n} becomes the number of the session: “Weekly meeting {n}”.")
        self.planned: list[Planned] = []

    def clean_skips(self) -> list[date]:
        named = [part for part in _BETWEEN_DAYS.split(self.cleaned_data["skips"]) if part]
        try:
            return [date.fromisoformat(part) for part in named]
        except ValueError as error:
            raise ValidationError(_("Write days as 2026-10-05.")) from error

    @property
    def rule(self) -> Rule:
        facts = {name: self.cleaned_data[name] for name in _RULE}
        return Rule(**facts | {"rhythm": SeriesRhythm(facts["rhythm"])})

    @property
    def facts(self) -> dict[str, Any]:
        """What is the same for all of them."""
        return {name: self.cleaned_data[name] for name in ("topic", "place", "online_url", "division", "lecturers")}


class SeriesPage(CourseAction):
    page_title = gettext_lazy("Plan a series")
    submit_label = gettext_lazy("Show the days")
    form_class = SeriesForm
    template_name = "courses/staff/series.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"course": self.course, "person": self.person}

    def get_initial(self) -> dict[str, Any]:
        usual = initial_of_new(self.course)
        begins = localtime(usual["starts_at"])
        return {
            "first": begins.date(),
            "begins": begins.time(),
            "minutes": self.course.kind.minutes,
            "place": usual["place"],
        }

    def get_explanation(self) -> list[str]:
        return [_("First the days are shown with what they clash with; then they are planned, all of them or none.")]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            form.planned = preview_series(self.course, form.rule, **form.facts)
            if form.cleaned_data["seen"] != token_of(form.planned):
                return self.shown(form)
            made = plan_series(self.course, form.rule, **form.facts, by=self.person, at=now())
        except Refusal as refusal:
            return self.refused(form, refusal)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        said = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", len(made))
        messages.success(self.request, said % {"count": len(made)})
        return self.to("courses_staff:course", self.course.uuid)

    def shown(self, form: Any) -> HttpResponse:
        """The form once more with what it would plan; pressed again unchanged it is planned."""
        form.data = form.data.copy()
        form.data["seen"] = token_of(form.planned)
        said = ngettext("Plan this session", "Plan these %(count)s sessions", len(form.planned))
        return self.render_to_response(
            self.get_context_data(form=form, submit_label=said % {"count": len(form.planned)})
        )


def token_of(planned: list[Planned]) -> str:
    return ",".join(f"{each.starts_at:%Y%m%d%H%M}" for each in planned)


urlpatterns = [path("<uuid:uuid>/series/", SeriesPage.as_view(), name="plan_series")]
