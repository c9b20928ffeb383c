"""The form of one session."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from common.clock import now
from common.tables import local
from courses.models import Course, Lecturer, Session
from courses.staff.choices import lecturers_for, parts_of, teams_in
from members.models import User
from members.validators import validate_plain_text

USUAL_HOUR = 9
_WEEK = timedelta(days=7)


class SessionForm(forms.Form):
    topic = forms.CharField(label=pgettext_lazy("session", "Topic"), max_length=120, validators=[validate_plain_text])
    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=AdminDateTimeInput)
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=AdminDateTimeInput)
    place = forms.CharField(
        label=gettext_lazy("Place"), max_length=120, required=False, validators=[validate_plain_text]
    )
    online_url = forms.URLField(
        label=gettext_lazy("Online at"), max_length=500, required=False, assume_scheme="https",
        help_text=gettext_lazy("The address of a video meeting, for who cannot come."),
    )  # fmt: skip
    division: Any = forms.ModelChoiceField(
        None,
        label=gettext_lazy("For people of"),
        required=False,
        empty_label=gettext_lazy("the whole cohort"),
    )
    host_team: Any = forms.ModelChoiceField(
        None, label=gettext_lazy("Host team"), required=False, empty_label=gettext_lazy("none")
    )
    lecturers = forms.ModelMultipleChoiceField(
        Lecturer.objects.none(),
        label=gettext_lazy("Lecturers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # Asked only where there is something to decide: see ``meet``.
    despite = forms.BooleanField(label=gettext_lazy("Plan it all the same"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, course: Course, person: User, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: Sequence[str] = ()
        fields: dict[str, Any] = self.fields
        fields["division"].queryset = parts_of(course.division)
        fields["host_team"].queryset = teams_in(course.division)
        fields["host_team"].label_from_instance = lambda team: f"{team.division.name}·{team.name}"
        fields["lecturers"].queryset = lecturers_for(person)
        if session is not None:
            fields["lecturers"].queryset = (lecturers_for(person) | session_lecturers(session)).distinct()
        if not fields["lecturers"].queryset.exists():
            fields["lecturers"].help_text = _("Nobody is in the list of lecturers yet.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The session ends before it begins."))
        if not cleaned.get("place") and not cleaned.get("online_url") and "online_url" not in self.errors:
            self.add_error("place", _("Say where it is, or at which address online."))
        return cleaned

    def meet(self, conflicts: Sequence[str]) -> None:
        """What the session clashes with; whether it is planned all the same is asked from now on."""
        self.conflicts = conflicts
        if conflicts:
            self.fields["despite"].widget = forms.CheckboxInput()


def session_lecturers(session: Session) -> Any:
    return Lecturer.objects.filter(pk__in=session.lecturers.values("pk"))


def initial_of(session: Session) -> dict[str, Any]:
    names = ("topic", "starts_at", "ends_at", "place", "online_url", "division", "host_team")
    return {name: getattr(session, name) for name in names} | {"lecturers": list(session.lecturers.all())}


def initial_of_new(course: Course) -> dict[str, Any]:
    """A week after the last one at the same time; the first one tomorrow morning."""
    last = course.sessions.order_by("-starts_at").first()
    if last is not None:
        starts_at = last.starts_at + _WEEK
        place = last.place
    else:
        morning = local(now()).replace(hour=USUAL_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=1)
        starts_at, place = make_aware(morning), ""
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=course.kind.minutes), "place": place}


def initial_of_repeat(session: Session) -> dict[str, Any]:
    """The same again a week after today, at the same time of day and for everybody who still lacks it."""
    again, moment = initial_of(session), now()
    length = session.ends_at - session.starts_at
    starts_at = session.starts_at + _WEEK
    while starts_at <= moment:
        starts_at += _WEEK
    return again | {
        "topic": (_("%(topic)s (make-up)") % {"topic": session.topic})[:120],
        "starts_at": starts_at,
        "ends_at": starts_at + length,
        "division": None,
    }
