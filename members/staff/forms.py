"""Forms of the staff pages. Each offers only what lies inside the person's own division."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from common.clock import now
from members import rules
from members.enums import Role
from members.models import Division, Posting, SendingUnit, Team, User

_ROSTER_TYPES = ".xlsx,.xls,.ods,.csv,.txt"


class PersonForm(WagtailAdminModelForm):
    class Meta:
        model = User
        fields = ["name", "code", "phone"]
        labels = {"name": pgettext_lazy("person", "Name")}
        help_texts = {"code": gettext_lazy("Also the user name of a new account.")}

    def clean_phone(self) -> str | None:
        return self.cleaned_data["phone"] or None


class NewPersonForm(PersonForm):
    division = forms.ModelChoiceField(
        Division.objects.none(),
        label=gettext_lazy("Division"),
        help_text=gettext_lazy("Where the person is a member; usually the township."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = rules.divisions_administered_by(self.for_user)  # type: ignore[attr-defined]


class TeamForm(WagtailAdminModelForm):
    class Meta:
        model = Team
        fields = ["code", "name", "division", "sending_unit", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = rules.divisions_administered_by(self.for_user)  # type: ignore[attr-defined]


class SendingUnitForm(WagtailAdminModelForm):
    class Meta:
        model = SendingUnit
        fields = ["name"]


class DivisionForm(WagtailAdminModelForm):
    class Meta:
        model = Division
        fields = ["name", "valid_from", "valid_to"]


class NewDivisionForm(DivisionForm):
    class Meta(DivisionForm.Meta):
        fields = ["code", "name", "valid_from", "valid_to"]


class PostingForm(WagtailAdminModelForm):
    class Meta:
        model = Posting
        fields = ["role", "staff_category", "starts_on", "ends_on"]
        help_texts = {"ends_on": gettext_lazy("The last day of service; empty while it goes on.")}


class NewPostingForm(PostingForm):
    code = forms.CharField(label=gettext_lazy("Staff number"), max_length=32)

    class Meta(PostingForm.Meta):
        fields = ["team", "role", "staff_category", "starts_on", "ends_on"]

    field_order = ["code", "team", "role", "staff_category", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(division__in=rules.divisions_administered_by(self.for_user))
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        on = localdate(now())
        person = rules.people_visible_to(self.for_user, on=on).filter(code=code).first()
        if person is None or not rules.may_manage(self.for_user, person, on=on):
            raise forms.ValidationError(_("No person with this staff number in your division."))
        self.instance.person = person
        return code


class GrantForm(forms.Form):
    """A role and where it holds; only what the user may grant to this person."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    division = forms.ModelChoiceField(Division.objects.none(), label=gettext_lazy("Division"))

    def __init__(self, *args: Any, user: User, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.person = user, person
        self.fields["division"].queryset = rules.divisions_administered_by(user)  # type: ignore[attr-defined]
        if not user.is_superuser:
            self.fields["role"].choices = [  # type: ignore[attr-defined]
                choice for choice in Role.choices if choice[0] != Role.AUDITOR
            ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"role", "division"} <= values.keys() and not rules.may_grant(
            self.user, Role(values["role"]), values["division"], person=self.person
        ):
            raise forms.ValidationError(_("You may not grant this role there."))
        return values


class RosterForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, XLS, ODS or CSV; the template names the columns."),
        widget=forms.FileInput(attrs={"accept": _ROSTER_TYPES}),
    )
    division = forms.ModelChoiceField(Division.objects.none(), label=gettext_lazy("Division"))
    effective_on = forms.DateField(label=gettext_lazy("Date of the roster"), widget=AdminDateInput)
    complete = forms.BooleanField(
        label=gettext_lazy("This is the whole roster of the division"),
        help_text=gettext_lazy("Whoever serves there and is not in the file leaves the day before."),
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whole counties and townships: a village has no roster of its own.
        divisions = rules.divisions_administered_by(user).filter(code__endswith="000")
        self.fields["division"].queryset = divisions  # type: ignore[attr-defined]
