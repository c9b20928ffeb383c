"""The editor's form: what the whole question must be is said at the field it concerns."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from cms.models.desk import is_closed
from question_bank.validators import blanks_marked, check_blanks, check_options

LONG_TEXTS = ("stem", "explanation", "marking_guide")


class QuestionForm(WagtailAdminModelForm):
    """Options and blanks may be unfinished in a draft; to publish, they must leave a certain key."""

    class Media:
        js = ["question_bank/kind-fields.js"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = self.instance.entry
        if entry is not None and is_closed(entry, self.for_user):
            # Its title would say what is in it; what is cited stays cited.
            del self.fields["entry"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # Browsers send other line ends than files have: a question that was only opened would say something new.
        cleaned |= {name: _with_plain_line_ends(cleaned[name]) for name in LONG_TEXTS if name in cleaned}
        if not self.is_deferred_validation:
            kind, marked = cleaned.get("kind", ""), blanks_marked(cleaned.get("kind", ""), cleaned.get("stem", ""))
            self._check_rows("options", lambda rows: check_options(kind, rows))
            self._check_rows("blanks", lambda rows: check_blanks(marked, [row.accepted for row in rows]))
        return cleaned

    def _check_rows(self, name: str, check: Callable[[list[Any]], None]) -> None:
        """Run ``check(rows)`` over the rows of a formset; what it refuses is shown above them."""
        formset = self.formsets.get(name)
        if formset is None or not formset.is_valid():
            return
        rows = [form.instance for form in formset.forms if form not in formset.deleted_forms and form.cleaned_data]
        try:
            check(rows)
        except ValidationError as error:
            formset.non_form_errors().extend(error.error_list)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
