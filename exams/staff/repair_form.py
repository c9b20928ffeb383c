"""Saying what is to be done about a question with a wrong key."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.domain.rulings import corrections_of, key_by
from exams.enums import RepairKind
from exams.models import Exam
from exams.rules import repairable_exams
from members.models import User
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion

WHAT_IT_DOES = {
    RepairKind.CORRECT_KEY: gettext_lazy("Correct the key: every answer is marked again by the right key"),
    RepairKind.CREDIT_EVERYBODY: gettext_lazy("Credit everybody: all who were asked get the full points"),
    RepairKind.DROP_QUESTION: gettext_lazy(
        "Drop the question: it does not count, and the rest is raised to the exam's total"
    ),
}


class RepairForm(forms.Form):
    """The fields of the key are those of the question's kind: options to pick, or a text for every blank."""

    kind = forms.ChoiceField(label=gettext_lazy("What is to be done"), widget=forms.RadioSelect)
    exams = forms.ModelMultipleChoiceField(
        Exam.objects.none(),
        label=gettext_lazy("In which exams"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Exams of your divisions that asked this version of the question."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown to the people whose score changes."),
    )

    def __init__(self, *args: Any, version: QuestionVersion, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.key = key_by(corrections_of([version.pk]).get(version.pk), version.key)
        exams = repairable_exams(version, person)
        field: Any = self.fields["exams"]
        field.queryset, field.initial = exams, list(exams)
        kinds = [kind for kind in RepairKind if kind != RepairKind.CORRECT_KEY or version.kind != Kind.SHORT]
        self.fields["kind"].choices = [(kind.value, WHAT_IT_DOES[kind]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0]
        self.fields |= self._key_fields()
        self.order_fields(["kind", *self._key_fields(), "exams", "reason"])

    def _key_fields(self) -> dict[str, forms.Field]:
        version, key = self.version, self.key
        if version.kind in CHOICE_KINDS:
            options = [(option["id"], option["text"]) for option in version.shown["options"]]
            label = _("The right answer, if the key is corrected")
            if version.kind == Kind.MULTIPLE:
                return {
                    "options": forms.MultipleChoiceField(
                        label=label,
                        choices=options,
                        required=False,
                        initial=key["options"],
                        widget=forms.CheckboxSelectMultiple,
                    )
                }
            return {
                "options": forms.ChoiceField(
                    label=label,
                    choices=options,
                    required=False,
                    initial=key["options"][0],
                    widget=forms.RadioSelect,
                )
            }
        fields: dict[str, forms.Field] = {
            f"blank_{place}": forms.CharField(
                label=_("Blank %(place)s accepts, one a line") % {"place": place},
                initial="\n".join(accepted),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            for place, accepted in enumerate(key.get("blanks", []), start=1)
        }
        if len(fields) > 1:
            fields["any_order"] = forms.BooleanField(
                label=_("The blanks may be filled in any order"), initial=key["any_order"], required=False
            )
        return fields

    def proposal(self) -> dict[str, Any]:
        """What was said, as ``propose_repair`` takes it."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["kind"],
            "new_key": self._key() if cleaned["kind"] == RepairKind.CORRECT_KEY else None,
            "exams": list(cleaned["exams"]),
        }

    def _key(self) -> dict[str, Any]:
        if self.version.kind in CHOICE_KINDS:
            picked = self.cleaned_data["options"]
            return {"options": picked if isinstance(picked, list) else [picked]}
        blanks = [self.cleaned_data[f"blank_{place}"] for place in range(1, len(self.version.key["blanks"]) + 1)]
        texts = [[line.strip() for line in text.splitlines() if line.strip()] for text in blanks]
        return {"blanks": texts, "any_order": self.cleaned_data.get("any_order", False)}
