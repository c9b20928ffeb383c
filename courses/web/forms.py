"""What members and hosts type about a session."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.domain.files import FileRefused
from cms.domain.proofs import ACCEPTED, check_proof
from courses.enums import ATTENDED_STATES, EXCUSES, AbsenceReason, AttendanceState
from members.validators import validate_plain_text
from members.web.forms import PlainTextField

LONGEST = 300
LONGEST_REMARK = 500
_INPUT = {"class": "input"}

EXCUSE_CHOICES = [(reason.value, reason.label) for reason in AbsenceReason if reason in EXCUSES]


class LeaveForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why"), choices=EXCUSE_CHOICES, widget=forms.Select(attrs=_INPUT))
    text = PlainTextField(
        label=_("What the leave is for"),
        max_length=LONGEST,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={**_INPUT, "rows": 3}),
    )
    file = forms.FileField(
        label=_("A document that shows it (not needed)"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={**_INPUT, "accept": ",".join(f".{extension}" for extension in ACCEPTED)}),
    )

    def clean_file(self) -> Any:
        """Judged by what is in it."""
        file = self.cleaned_data["file"]
        if file:
            try:
                check_proof(file)
            except FileRefused as refusal:
                raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return file


class DecisionForm(forms.Form):
    approve = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    answer = forms.CharField(max_length=LONGEST, required=False, validators=[validate_plain_text])


class MarkForm(forms.Form):
    """What is known of one person, and how it is known."""

    state = forms.ChoiceField(
        label=pgettext_lazy("attendance", "Attendance"), choices=AttendanceState.choices, widget=forms.RadioSelect
    )
    arrived = forms.TimeField(
        label=_("Arrived at (present or late)"),
        required=False,
        widget=forms.TimeInput(attrs={**_INPUT, "type": "time"}, format="%H:%M"),
        help_text=_("Empty: when the session began."),
    )
    reason = forms.ChoiceField(
        label=_("Reason (excused or absent)"),
        required=False,
        choices=[("", "–"), *AbsenceReason.choices],
        widget=forms.Select(attrs=_INPUT),
    )
    why = forms.CharField(
        label=_("How you know"),
        max_length=LONGEST,
        validators=[validate_plain_text],
        widget=forms.TextInput(attrs=_INPUT),
        help_text=_("For example: phone without power, seen in the hall. It stays with the entry."),
    )


# What a row of a signed sheet can say: a state, with its reason behind a colon.
SHEET_CHOICES = [
    ("", "–"),
    (AttendanceState.PRESENT.value, AttendanceState.PRESENT.label),
    (AttendanceState.LATE.value, AttendanceState.LATE.label),
    *((f"excused:{reason.value}", reason.label) for reason in AbsenceReason if reason in EXCUSES),
    *((f"absent:{reason.value}", reason.label) for reason in AbsenceReason if reason not in EXCUSES),
    (AttendanceState.ABSENT.value, AttendanceState.ABSENT.label),
]


def choice_of(state: str, reason: str) -> str:
    """The row's choice that says this state; a reason that no choice has is left to the page of the person."""
    if not state or state in ATTENDED_STATES:
        return state
    return f"{state}:{reason}" if reason else state


class SheetForm(forms.Form):
    """A field for each person of the sheet, named by their key; ``current`` are the choices as they stand."""

    def __init__(self, *args: Any, current: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {value for value, _label in SHEET_CHOICES}
        for person, choice in current.items():
            choices = SHEET_CHOICES if choice in known else [*SHEET_CHOICES, (choice, _("As it stands"))]
            self.fields[f"p{person}"] = forms.ChoiceField(
                required=False, choices=choices, initial=choice, widget=forms.Select(attrs=_INPUT)
            )
        self.current = current

    def shown(self, person: int) -> str:
        """What stood when the page was opened: somebody else may have changed it since."""
        return str(self.data.get(f"was{person}", self.current[person]))

    def changes(self) -> dict[int, tuple[str, str]]:
        """State and reason of everybody about whom the sheet says something else than what was shown."""
        changed = {}
        for person in self.current:
            said = self.cleaned_data.get(f"p{person}", "")
            if said and said != self.shown(person):
                state, _colon, reason = said.partition(":")
                changed[person] = (state, reason)
        return changed


class FeedbackForm(forms.Form):
    content = forms.TypedChoiceField(label=_("The content"), choices=[(n, n) for n in range(1, 6)], coerce=int)
    lecturer = forms.TypedChoiceField(label=_("The lecturer"), choices=[(n, n) for n in range(1, 6)], coerce=int)
    usefulness = forms.TypedChoiceField(
        label=_("Useful for the work"), choices=[(n, n) for n in range(1, 6)], coerce=int
    )
    text = PlainTextField(
        label=_("Remark (not needed)"), required=False, max_length=LONGEST_REMARK, validators=[validate_plain_text]
    )
