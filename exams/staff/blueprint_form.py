"""The form of a blueprint: whether the bank can meet it is said at the row that is short."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from common.clock import now
from exams.domain.blueprints import Shortage, find_shortages, pool
from exams.models import Blueprint, BlueprintRow
from exams.staff.choices import offices_of
from question_bank.models import Topic


class BlueprintForm(WagtailAdminModelForm):
    class Media:
        js = ["js/staff-totals.js"]

    class Meta:
        model = Blueprint
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user:
            self.fields["division"].queryset = offices_of(self.for_user)
        self._read_topics_once()

    def _read_topics_once(self) -> None:
        """Every row offers the same topics; asked for row by row they would be as many queries."""
        rows = self.formsets["rows"]
        choices = [("", _("any topic")), *((topic.pk, str(topic)) for topic in Topic.objects.all())]
        for form in [*rows.forms, rows.empty_form]:
            form.fields["topic"].widget.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        rows = self.formsets["rows"]
        # Rows with faults of their own are put right first.
        if rows.is_valid():
            forms = [form for form in rows.ordered_forms if form not in rows.deleted_forms]
            today = timezone.localdate(now())
            for shortage in find_shortages([_row(form) for form in forms], pool(first=today, last=today)):
                forms[shortage.number - 1].add_error("count", _said(shortage))
        return cleaned


def _row(form: Any) -> BlueprintRow:
    fields = ("topic", "kind", "difficulty", "count", "points_each")
    return BlueprintRow(**{name: form.cleaned_data[name] for name in fields})


def _said(shortage: Shortage) -> str:
    return _("Row %(number)s is short of %(missing)s questions: %(found)s published questions fit it.") % {
        "number": shortage.number,
        "missing": shortage.missing,
        "found": shortage.found,
    }
