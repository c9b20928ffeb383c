"""The editor's form: what the whole question must be is said at the field it concerns."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from question_bank.models import Question
from question_bank.validators import check_blanks, check_options


class QuestionForm(WagtailAdminModelForm):
    """Options and blanks may be unfinished in a draft; to publish, they must leave a certain key."""

    class Media:
        js = ["question_bank/kind-fields.js"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            self._check_rows("options", check_options, cleaned.get("kind", ""))
            self._check_rows("blanks", check_blanks, Question(kind=cleaned.get("kind"), stem=cleaned.get("stem", "")))
        return cleaned

    def _check_rows(self, name: str, check: Any, subject: Any) -> None:
        """Run ``check(subject, rows)`` over the rows of a formset; what it refuses is shown above them."""
        formset = self.formsets.get(name)
        if formset is None or not formset.is_valid():
            return
        rows = [form.instance for form in formset.forms if form not in formset.deleted_forms and form.cleaned_data]
        try:
            check(subject, rows)
        except ValidationError as error:
            formset.non_form_errors().extend(error.error_list)
