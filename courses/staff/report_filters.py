"""What a report is about: chosen in the address, so that it can be passed on."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.domain.reporting.scope import reported_divisions
from courses.domain.reporting.spans import FIRST_YEAR, LAST_YEAR, Span
from courses.models import CourseKind
from members.models import Division, User


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for; nothing asked for is this year and everything that is theirs."""

    span: Span
    kind: CourseKind | None = None
    division: Division | None = None


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    cast(forms.ModelChoiceField[Any], form.fields[name]).queryset = rows


class ReportFilters(forms.Form):
    kind = forms.ModelChoiceField(
        CourseKind.objects.none(),
        label=pgettext_lazy("training", "Kind"),
        required=False,
        empty_label=gettext_lazy("All kinds"),
    )
    division = forms.ModelChoiceField(
        Division.objects.none(),
        label=gettext_lazy("Division"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All that are yours"),
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    first = _day(pgettext_lazy("day", "From"))
    last = _day(pgettext_lazy("day", "To"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _offer(self, "kind", CourseKind.objects.visible_to(person).order_by("division__code", "code"))
        _offer(self, "division", reported_divisions(person))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if bool(first) != bool(last):
            raise forms.ValidationError(_("Give both days, or a year."))
        if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (first, last)):
            raise forms.ValidationError(_("There is nothing of that time."))
        if first and last and last < first:
            raise forms.ValidationError(_("The last day lies before the first."))
        return cleaned

    def chosen(self, *, today: date) -> Chosen:
        """What does not hold is said above the report, which is then about this year."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        if cleaned.get("first"):
            span = Span(cleaned["first"], cleaned["last"])
        else:
            span = Span.of_year(cleaned.get("year") or today.year)
        return Chosen(span, cleaned.get("kind"), cleaned.get("division"))


class YearFilters(forms.Form):
    division = forms.ModelChoiceField(
        Division.objects.none(), label=gettext_lazy("Division"), to_field_name="code", empty_label=None
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    months = forms.TypedChoiceField(
        label=gettext_lazy("By time"),
        coerce=int,
        choices=[(1, gettext_lazy("by month")), (3, gettext_lazy("by quarter"))],
    )

    def __init__(self, *args: Any, person: User, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _offer(self, "division", reported_divisions(person))
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]


def year_filters(asked: Any, *, person: User, years: list[int], today: date) -> YearFilters:
    """The filters with what is not asked for filled in: the first division, this year, by month."""
    own = reported_divisions(person).first()
    usual = {"division": own.code if own else "", "year": str(today.year), "months": "1"}
    given = {name: asked[name] for name in usual if asked.get(name)}
    years = sorted({*years, today.year}, reverse=True)
    filters = YearFilters(usual | given, person=person, years=years)
    return filters if filters.is_valid() else YearFilters(usual, person=person, years=years)
