"""The form of one entry; which fields it has depends on the item."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from cms.domain.proofs import ACCEPTED
from members.models import Team, User
from members.staff.naming import PersonField
from performance.enums import LedgerTarget
from performance.models import LedgerKind
from performance.rules import people_to_enter, teams_of


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleaned to a list, empty where none was chosen."""

    widget: ClassVar[type[forms.Widget]] = FilesInput  # type: ignore[misc]

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(FilesField, self).clean(file, initial) for file in files]


class EntryForm(forms.Form):
    person = PersonField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Staff number or name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none())
    occurred_on = forms.DateField(label=pgettext_lazy("ledger", "Day"), widget=AdminDateInput)
    description = forms.CharField(
        label=gettext_lazy("What happened"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    documents = FilesField(
        label=pgettext_lazy("ledger", "Documents"),
        required=False,
        help_text=gettext_lazy(
            "PDF, pictures or DOCX, up to 10 MB each. Only who may see the entry opens them, and each opening is noted."
        ),
        widget=FilesInput(attrs={"accept": ",".join(f".{extension}" for extension in ACCEPTED)}),
    )

    def __init__(self, *args: Any, kind: LedgerKind, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.target == LedgerTarget.PERSON:
            del self.fields["team"]
            self.fields["person"].people = people_to_enter(user)  # type: ignore[attr-defined]
        else:
            del self.fields["person"]
            self.fields["team"].queryset = teams_of(user)  # type: ignore[attr-defined]
            self.fields["team"].label_from_instance = lambda team: f"{team.division.name}·{team.name}"  # type: ignore[attr-defined]
        self.fields["documents"].required = kind.needs_evidence
