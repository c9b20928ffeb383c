"""What people type about themselves."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.domain.feedback import own_page
from members.enums import FeedbackKind
from members.models import User
from members.models.feedback import LONGEST_TEXT
from members.validators import validate_plain_text

MAX_NAME_LENGTH = 150
# Beyond this a password is an attack on the hasher, not a password.
MAX_PASSWORD_LENGTH = 128


class SignInForm(forms.Form):
    """Recognises the person; says the same whether the name or the password was wrong."""

    username = forms.CharField(label=_("Mobile phone, staff number or user name"), max_length=MAX_NAME_LENGTH)
    password = forms.CharField(
        label=_("Password"), max_length=MAX_PASSWORD_LENGTH, strip=False, widget=forms.PasswordInput
    )
    person: User | None = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        if not self.errors:
            self.person = authenticate(self.request, **self.cleaned_data)  # type: ignore[assignment]
        if self.person is None:
            raise forms.ValidationError(_("The name or the password is not right."), code="not_recognised")
        return self.cleaned_data


class PlainTextField(forms.CharField):
    """Lines as they were typed: a browser counts a line end once and sends it as two characters."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class FeedbackForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=FeedbackKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    text = PlainTextField(
        label=_("What is it about?"),
        max_length=LONGEST_TEXT,
        validators=[validate_plain_text],
        error_messages={"required": _("Write what it is about.")},
    )
    page = forms.CharField(required=False)

    def clean_page(self) -> str:
        return own_page(self.cleaned_data["page"])


class PasswordForm(forms.Form):
    old = forms.CharField(label=_("Present password"), max_length=MAX_PASSWORD_LENGTH, strip=False)
    new = forms.CharField(label=_("New password"), max_length=MAX_PASSWORD_LENGTH, strip=False)
    again = forms.CharField(label=_("New password once more"), max_length=MAX_PASSWORD_LENGTH, strip=False)

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again
