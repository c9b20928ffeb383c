"""The form of an exam in preparation: what, when, marks, who."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel

from common.clock import now
from exams.enums import Audience
from exams.models import Blueprint, Exam
from exams.staff.choices import offices_of, teams_of
from members.models import User

# Which fields each audience asks for; the others are emptied, so that nothing unseen decides who is examined.
FIELDS_OF: dict[str, tuple[str, ...]] = {
    Audience.EVERYBODY: ("audience_division",),
    Audience.ROLE: ("audience_division", "audience_role"),
    Audience.TEAMS: ("audience_teams",),
    Audience.DRAW: (
        "audience_division",
        "audience_role",
        "draw_count",
        "draw_percent",
        "draw_by_township",
        "draw_rest_days",
    ),
    Audience.CHOSEN: ("people_codes",),
}
_EMPTY: dict[str, Any] = {
    "audience_division": None,
    "audience_role": "",
    "audience_teams": (),
    "draw_count": None,
    "draw_percent": None,
    "draw_by_township": False,
    "draw_rest_days": 0,
    "people_codes": (),
}


def _only_for(field: str) -> dict[str, str]:
    """Read by staff-audience.js; without the script everything is shown."""
    return {"data-for-audiences": " ".join(name for name, fields in FIELDS_OF.items() if field in fields)}


def _audience_panel(field: str) -> Panel:
    return FieldPanel(field, attrs=_only_for(field))


class PeopleCodesField(forms.CharField):
    """Staff numbers, one a line, as copied out of a table; cleaned to the people they belong to."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[User]:
        codes = list(dict.fromkeys(super().clean(value).replace(",", " ").replace("，", " ").split()))
        people = {person.code: person for person in User.objects.filter(code__in=codes)}
        if unknown := [code for code in codes if code not in people]:
            raise forms.ValidationError(
                _("Nobody has these staff numbers: %(codes)s") % {"codes": "、".join(unknown[:10])},
                code="unknown_codes",
            )
        return [people[code] for code in codes]


class ExamForm(WagtailAdminModelForm):
    people_codes = PeopleCodesField(
        label=gettext_lazy("Staff numbers"),
        required=False,
        help_text=gettext_lazy("One a line, as copied out of a table."),
    )

    class Meta:
        model = Exam
        fields = "__all__"
        widgets = {"audience": forms.RadioSelect, "audience_teams": forms.CheckboxSelectMultiple}

    class Media:
        js = ["js/staff-audience.js"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.for_user
        if person is None:
            return
        self.fields["division"].queryset = offices_of(person)
        self.fields["audience_division"].queryset = offices_of(person)
        self.fields["blueprint"].queryset = Blueprint.objects.visible_to(person)
        self.fields["audience_teams"].queryset = teams_of(person)
        self.fields["audience_teams"].label_from_instance = lambda team: f"{team.division.name}·{team.name}"
        if self.instance.pk:
            self.initial["people_codes"] = "\n".join(self.instance.audience_people.values_list("code", flat=True))
        else:
            self.instance.created_by = person

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._check_window(cleaned)
        self._check_audience(cleaned)
        return cleaned

    def _check_window(self, cleaned: dict[str, Any]) -> None:
        opens, closes, minutes = (cleaned.get(name) for name in ("opens_at", "closes_at", "minutes"))
        if not opens or not closes:
            return
        if closes <= opens:
            self.add_error("closes_at", _("The exam closes before it opens."))
        elif closes <= now():
            self.add_error("closes_at", _("This moment has passed."))
        elif minutes and minutes * 60 > (closes - opens).total_seconds():
            self.add_error(
                "minutes", _("Nobody could use %(minutes)s minutes: the exam is shorter.") % {"minutes": minutes}
            )

    def _check_audience(self, cleaned: dict[str, Any]) -> None:
        audience = cleaned.get("audience")
        if audience is None:
            return
        # Hidden by the script or not: what this audience does not ask for does not count.
        for field, empty in _EMPTY.items():
            if field not in FIELDS_OF[audience]:
                cleaned[field] = empty
                self.errors.pop(field, None)
        division, part = cleaned.get("division"), cleaned.get("audience_division")
        if division and part and not division.contains(part.code):
            text = _("%(part)s is not part of %(division)s.") % {"part": part, "division": division}
            self.add_error("audience_division", text)
        checks = {
            Audience.DRAW: self._check_draw,
            Audience.TEAMS: self._check_teams,
            Audience.CHOSEN: self._check_people,
        }
        if check := checks.get(audience):
            check(cleaned)

    def _check_draw(self, cleaned: dict[str, Any]) -> None:
        if {"draw_count", "draw_percent"} & self.errors.keys():
            return
        count, percent = cleaned.get("draw_count"), cleaned.get("draw_percent")
        if not count and not percent:
            self.add_error("draw_count", _("Say how many people are drawn, or how many per cent."))
        elif count and percent:
            self.add_error("draw_percent", _("Give a number of people or a percentage, not both."))

    def _check_teams(self, cleaned: dict[str, Any]) -> None:
        teams, division = cleaned.get("audience_teams"), cleaned.get("division")
        if not teams:
            self.add_error("audience_teams", _("Choose at least one team."))
        elif division and (outside := [team for team in teams if not division.contains(team.division.code)]):
            text = _("Not part of %(division)s: %(teams)s")
            names = "、".join(team.name for team in outside[:10])
            self.add_error("audience_teams", text % {"division": division, "teams": names})

    def _check_people(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("people_codes") and "people_codes" not in self.errors:
            self.add_error("people_codes", _("Name at least one person."))

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.audience_people.set(self.cleaned_data["people_codes"])

    @cached_property
    def is_draw_outdated(self) -> bool:
        """Was something changed on which a draw rests?"""
        return bool({"audience", "division", *FIELDS_OF[Audience.DRAW]} & set(self.changed_data))


EXAM_PANELS: list[Panel] = [
    MultiFieldPanel(
        [FieldPanel("title"), FieldRowPanel([FieldPanel("division"), FieldPanel("blueprint")])],
        heading=gettext_lazy("What"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            FieldRowPanel([FieldPanel("minutes"), FieldPanel("attempts_allowed"), FieldPanel("counting_attempt")]),
        ],
        heading=gettext_lazy("When"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("audience"),
            FieldRowPanel([_audience_panel("audience_division"), _audience_panel("audience_role")]),
            FieldRowPanel([_audience_panel("draw_count"), _audience_panel("draw_percent")]),
            FieldRowPanel([_audience_panel("draw_by_township"), _audience_panel("draw_rest_days")]),
            _audience_panel("audience_teams"),
            _audience_panel("people_codes"),
        ],
        heading=gettext_lazy("Who"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("good_percent"), FieldPanel("excellent_percent")]),
            FieldPanel("release_rule"),
        ],
        heading=gettext_lazy("Marks and results"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("shuffle_questions"), FieldPanel("shuffle_options")]),
            FieldPanel("fresh_days"),
        ],
        heading=gettext_lazy("How papers are made"),
        classname="collapsed",
    ),
]

exam_edit_handler = ObjectList(EXAM_PANELS, base_form_class=ExamForm)
