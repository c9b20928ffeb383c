"""Checks of what people type about people: used by models, forms and the roster import alike."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.chinese import is_control_free

DIVISION_CODE_DIGITS = 12

validate_division_code = RegexValidator(r"^[0-9]{12}$", gettext_lazy("A division code has twelve digits."))
validate_phone = RegexValidator(
    r"^1[3-9][0-9]{9}$", gettext_lazy("A mobile number has eleven digits and begins with 13 to 19.")
)
validate_person_code = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9-]{2,31}$", gettext_lazy("A staff number has 3 to 32 letters, digits or hyphens.")
)


def validate_plain_text(text: str) -> None:
    if not is_control_free(text):
        raise ValidationError(_("The text contains control characters."), code="control_characters")


class CharacterClassesValidator:
    """A password mixes at least ``classes`` of: lower case, upper case, digits, other signs."""

    patterns = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")

    def __init__(self, classes: int = 3) -> None:
        self.classes = classes

    def validate(self, password: str, user: object = None) -> None:
        found = sum(bool(re.search(pattern, password)) for pattern in self.patterns)
        if found < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Use at least %(classes)s of these: small letters, capital letters, digits, other signs.") % {
            "classes": self.classes
        }
