"""The forms of a scheme in preparation: its head, its indicators' weights, veto conditions, thresholds, grades."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.evidence import sources
from performance.domain.scheme_drafts import Row
from performance.models import Grade, Indicator, Scheme, Threshold, Veto

# Between a source and what it counts, in the choice of a veto condition.
_OF = ":"


class HeadForm(forms.ModelForm):
    class Meta:
        model = Scheme
        fields = ["title", "note", "appeal_days", "shows_ranks"]


class RowForm(forms.ModelForm):
    """A row of a scheme; whether rows exclude each other is asked of the set, not of what is stored now."""

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "scheme"}  # type: ignore[misc]


class IndicatorRowForm(RowForm):
    class Meta:
        model = Indicator
        fields = ["title", "weight", "role", "staff_category", "when_empty"]


class VetoForm(RowForm):
    what = forms.ChoiceField(label=gettext_lazy("What is counted"))

    class Meta:
        model = Veto
        fields = ["title", "at_least", "best_grade"]

    field_order = ["title", "what", "at_least", "best_grade"]

    def __init__(self, *args: Any, division: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        what.choices = [("", "—"), *_countable(division)]
        if self.instance.pk:
            self.initial["what"] = f"{self.instance.source}{_OF}{self.instance.counted}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what"):
            self.instance.source, _of, self.instance.counted = cleaned["what"].partition(_OF)
        return cleaned


def _countable(division: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for key, source in sources().items():
        if counted := source.countable(division):
            yield str(source.name), [(f"{key}{_OF}{name}", label) for name, label in counted.items()]


class ThresholdForm(RowForm):
    class Meta:
        model = Threshold
        fields = ["measure", "below"]


class GradeForm(RowForm):
    class Meta:
        model = Grade
        fields = ["staff_category", "label", "from_points", "quota_percent"]


class RowSet(BaseInlineFormSet):
    """Rows of one kind. ``alike`` are the fields by which no two may be the same."""

    alike: tuple[tuple[str, ...], ...] = ()
    said_twice = gettext_lazy("This stands here twice.")

    def kept(self) -> list[Any]:
        """The rows as they were filled in, but blank ones and those to be taken out."""
        return [
            form.instance
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE") and (form.has_changed() or form.instance.pk)
        ]

    def gone(self) -> list[Any]:
        return [form.instance for form in self.initial_forms if form.cleaned_data.get("DELETE")]

    def clean(self) -> None:
        super().clean()
        for names in self.alike:
            seen: set[tuple[Any, ...]] = set()
            for form in self.forms:
                values = tuple(form.cleaned_data.get(name) for name in names) if hasattr(form, "cleaned_data") else ()
                if not values or form.cleaned_data.get("DELETE") or not all(values_given(values)):
                    continue
                if values in seen:
                    form.add_error(names[-1], self.said_twice)
                seen.add(values)


def values_given(values: tuple[Any, ...]) -> Iterator[bool]:
    return (value not in (None, "") for value in values)


class ThresholdSet(RowSet):
    alike = (("measure",),)


class GradeSet(RowSet):
    alike = (("staff_category", "label"), ("staff_category", "from_points"))


def _set_of(model: Any, form: Any, formset: Any = RowSet, *, extra: int, most: int) -> Any:
    return inlineformset_factory(
        Scheme, model, form=form, formset=formset, extra=extra, can_delete=True, max_num=most, validate_max=True
    )


INDICATORS = _set_of(Indicator, IndicatorRowForm, extra=0, most=40)
VETOES = _set_of(Veto, VetoForm, extra=1, most=20)
THRESHOLDS = _set_of(Threshold, ThresholdForm, ThresholdSet, extra=1, most=4)
GRADES = _set_of(Grade, GradeForm, GradeSet, extra=1, most=40)


class SchemeForms:
    """The parts of the editor together: valid together, stored together."""

    def __init__(self, scheme: Scheme, *, division: str, data: Any = None) -> None:
        self.scheme = scheme
        kwargs: dict[str, Any] = {"instance": scheme, "data": data}
        self.head = HeadForm(**kwargs, prefix="scheme")
        self.indicators = INDICATORS(**kwargs, prefix="indicators")
        self.vetoes = VETOES(**kwargs, prefix="vetoes", form_kwargs={"division": division})
        self.thresholds = THRESHOLDS(**kwargs, prefix="thresholds")
        self.grades = GRADES(**kwargs, prefix="grades")

    @cached_property
    def sets(self) -> tuple[Any, ...]:
        return self.indicators, self.vetoes, self.thresholds, self.grades

    def is_valid(self) -> bool:
        # All of them, so that everything that is wrong is said at once.
        return all([self.head.is_valid(), *(each.is_valid() for each in self.sets)])

    def rows(self) -> list[Row]:
        return [*self.vetoes.kept(), *self.thresholds.kept(), *self.grades.kept()]


class BeginForm(forms.Form):
    """From an earlier scheme, or from nothing."""

    copied_from = forms.ModelChoiceField(
        Scheme.objects.none(),
        label=gettext_lazy("Begin with"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("An empty scheme"),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Of an empty scheme; a copy keeps its title until you change it."),
    )

    def __init__(self, *args: Any, schemes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copied: Any = self.fields["copied_from"]
        copied.queryset = schemes
        copied.label_from_instance = lambda scheme: f"{scheme.quarter}·{scheme.quarter.division.name}·{scheme}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("copied_from") and not cleaned.get("title") and "copied_from" not in self.errors:
            self.add_error("title", _("Give the scheme a title."))
        return cleaned


class IndicatorForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = ["title", "weight", "role", "staff_category", "when_empty"]
