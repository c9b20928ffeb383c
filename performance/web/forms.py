"""What a member says about a line."""

from typing import Any

import filetype
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.domain.files import MEBIBYTE, OPENING_BYTES, PICTURES, check_upload, extension_of
from common.refusals import Refusal
from members.validators import validate_plain_text
from members.web.forms import PlainTextField

LONGEST_TEXT = 2000
MOST_BYTES = 10 * MEBIBYTE
DOCUMENTS = ("pdf", "docx", "xlsx")


class ObjectionForm(forms.Form):
    text = PlainTextField(
        label=gettext_lazy("What is wrong with this line?"),
        max_length=LONGEST_TEXT,
        validators=[validate_plain_text],
        error_messages={"required": gettext_lazy("Say what is wrong.")},
    )
    file = forms.FileField(
        label=gettext_lazy("A document that shows it (not needed)"),
        required=False,
        max_length=200,
        error_messages={
            "empty": gettext_lazy("This file is empty."),
            "max_length": gettext_lazy("The name of the file is too long."),
        },
    )

    def clean_file(self) -> Any:
        """Of a kind that an office opens, and what its name says, judged by its content."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        extension = extension_of(file.name)
        if extension not in (*DOCUMENTS, *PICTURES):
            kinds = "、".join((*DOCUMENTS, *PICTURES))
            raise forms.ValidationError(_("A file may be one of these: %(kinds)s.") % {"kinds": kinds}, code="kind")
        if file.size > MOST_BYTES:
            said = _("This file is too large: up to %(megabytes)d MB.")
            raise forms.ValidationError(said % {"megabytes": MOST_BYTES // MEBIBYTE}, code="large")
        if extension in PICTURES:
            _check_picture(file, PICTURES[extension])
            return file
        try:
            check_upload(file, document_bytes=MOST_BYTES, recording_bytes=0)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return file


def _check_picture(file: Any, content_type: str) -> None:
    found = filetype.guess(file.read(OPENING_BYTES))
    file.seek(0)
    if found is None or found.mime != content_type:
        raise forms.ValidationError(_("What is in this file is not the picture its name says."), code="content")
