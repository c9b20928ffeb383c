"""What a member says about a line."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.validators import validate_plain_text
from members.web.forms import PlainTextField

LONGEST_TEXT = 2000


class ObjectionForm(forms.Form):
    text = PlainTextField(
        label=_("What is wrong with this line?"),
        max_length=LONGEST_TEXT,
        validators=[validate_plain_text],
        error_messages={"required": _("Say what is wrong.")},
    )
    file = forms.FileField(
        label=_("A document that shows it (not needed)"),
        required=False,
        max_length=200,
        error_messages={"empty": _("This file is empty."), "max_length": _("The name of the file is too long.")},
    )
