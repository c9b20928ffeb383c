"""The form of a course: what, for whom, when somebody has completed it, and what is to be read."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.widgets import AdminPageChooser
from wagtail.documents import get_document_model
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.permissions import policy_registry

from cms.models import BasePage, readable_pages
from common.clock import now
from courses.domain.previewing import Named, named_by
from courses.models import Course, CourseKind, Material
from courses.staff.choices import courses_for, exams_for, kinds_for, offices_of
from members.models import User

BLANK_ROWS = 3
MOST_ROWS = 50
# What the rule of the cohort is made of.
RULE_FIELDS = (
    "division",
    "audience_division",
    "audience_role",
    "posted_since",
    "failed_exam",
    "missed_course",
)


class MaterialRowForm(forms.Form):
    """A page or a document; an empty row counts for nothing."""

    page = forms.ModelChoiceField(
        BasePage.objects.all(), label=gettext_lazy("Page"), required=False, widget=AdminPageChooser
    )
    document = forms.ModelChoiceField(
        get_document_model().objects.all(),
        label=gettext_lazy("Document"),
        required=False,
        widget=AdminDocumentChooser,
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        page, document = cleaned.get("page"), cleaned.get("document")
        if page and document:
            raise forms.ValidationError(_("Choose a page or a document, one in each row."), code="both")
        if (page and not self._may_use_page(page)) or (document and not self._may_use_document(document)):
            raise forms.ValidationError(_("You may not choose this."), code="foreign")
        return cleaned

    def _may_use_page(self, page: BasePage) -> bool:
        if page.pk in self._there("page"):
            return True
        asked = BasePage.objects.filter(pk=page.pk)
        return readable_pages(asked, self.person, on=localdate(now())).exists()

    def _may_use_document(self, document: Any) -> bool:
        if document.pk in self._there("document"):
            return True
        policy = policy_registry.get_by_type(type(document))
        return bool(policy.user_has_any_permission_for_instance(self.person, ["choose", "change"], document))

    def _there(self, name: str) -> set[int]:
        """What the row held before: whoever saves the form need not be able to choose it."""
        return {self.initial[name]} if self.initial.get(name) else set()

    def material(self, place: int) -> Material | None:
        page, document = self.cleaned_data.get("page"), self.cleaned_data.get("document")
        return Material(page=page, document=document, sort_order=place) if page or document else None


MaterialRows = formset_factory(MaterialRowForm, extra=BLANK_ROWS, max_num=MOST_ROWS, validate_max=True)


class CourseForm(WagtailAdminModelForm):
    class Meta:
        model = Course
        fields = "__all__"
        # Other apps have other words for the plain ones.
        labels = {"kind": pgettext_lazy("training", "Kind")}
        widgets = {"goals": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "goals": gettext_lazy("What somebody can do afterwards. Members read it."),
            "needs_test": gettext_lazy(
                "Otherwise the test is offered, and completing the course does not wait for it."
            ),
            "gives_certificate": gettext_lazy("Whoever has completed the course gets one, with a number to verify."),
            "asks_feedback": gettext_lazy("After each session, without names."),
            "exam": gettext_lazy("An exam in preparation. The people of the course are invited to it from its page."),
        }

    class Media:
        js = ["js/staff-cohort.js"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.rows: BaseFormSet[Any] = MaterialRows(
            data, prefix="material", initial=self._material(), form_kwargs={"person": self.for_user}
        )
        if self.for_user is not None:
            self._bound_choices(self.for_user)

    def _material(self) -> list[dict[str, Any]]:
        if not self.instance.pk:
            return []
        return list(self.instance.material.values("page", "document"))

    def _bound_choices(self, person: User) -> None:
        fields: dict[str, Any] = self.fields
        there = self.instance
        fields["division"].queryset = offices_of(person)
        fields["division"].empty_label = None
        fields["audience_division"].queryset = offices_of(person)
        fields["kind"].queryset = kinds_for(person) | CourseKind.objects.filter(pk=there.kind_id).select_related(
            "division"
        )
        for name in ("exam", "failed_exam"):
            fields[name].queryset = exams_for(person).order_by("-opens_at")
        fields["missed_course"].queryset = courses_for(person).exclude(pk=there.pk)

    def is_valid(self) -> bool:
        return bool(super().is_valid()) & bool(self.rows.is_valid())

    @property
    def media(self) -> forms.Media:
        return super().media + self.rows.empty_form.media

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._check_place(cleaned, "audience_division")
        kind, division = cleaned.get("kind"), cleaned.get("division")
        if kind and division and not kind.division.contains(division.code):
            said = _("This kind belongs to %(place)s.") % {"place": kind.division}
            self.add_error("kind", said)
        return cleaned

    def _check_place(self, cleaned: dict[str, Any], name: str) -> None:
        division, part = cleaned.get("division"), cleaned.get(name)
        if division and part and not division.contains(part.code):
            self.add_error(name, _("%(part)s is not part of %(division)s.") % {"part": part, "division": division})

    def material(self) -> list[Material]:
        """The rows as they were chosen, in their order; to be asked once the form is valid."""
        found = (form.material(place) for place, form in enumerate(self.rows.forms))
        return [row for row in found if row is not None]

    def named(self) -> Named | None:
        """Whom the rule in the form names today; None while the rule itself has faults."""
        if self.is_bound:
            self.full_clean()
            if any(name in self.errors for name in RULE_FIELDS) or not self.cleaned_data.get("division"):
                return None
            rule = Course(**{name: self.cleaned_data.get(name) for name in RULE_FIELDS})
        elif self.instance.division_id:
            rule = self.instance
        else:
            return None
        return named_by(rule, on=localdate(now()))


class CohortPanel(Panel):
    """How many people the rule names; a script asks again while one chooses."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/staff/_cohort_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"named": self.form.named()}


class MaterialPanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/staff/_material_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"rows": self.form.rows}


COURSE_PANELS: list[Panel] = [
    MultiFieldPanel(
        [FieldPanel("title"), FieldRowPanel([FieldPanel("kind"), FieldPanel("division")]), FieldPanel("goals")],
        heading=pgettext_lazy("training", "What"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("audience_division"), FieldPanel("audience_role")]),
            FieldPanel("posted_since"),
            FieldRowPanel([FieldPanel("failed_exam"), FieldPanel("missed_course")]),
            CohortPanel(),
            FieldPanel("catches_up"),
        ],
        heading=pgettext_lazy("training", "For whom"),
        help_text=gettext_lazy(
            "All that is said here together. While the course is open its people follow the roster by themselves."
        ),
    ),
    MultiFieldPanel(
        [
            FieldPanel("sessions_needed"),
            FieldRowPanel([FieldPanel("exam"), FieldPanel("needs_test")]),
            FieldPanel("gives_certificate"),
        ],
        heading=gettext_lazy("When somebody has completed it"),
    ),
    MultiFieldPanel([MaterialPanel()], heading=gettext_lazy("Learning material")),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("asks_feedback"), FieldPanel("remind_hours")])],
        heading=gettext_lazy("Feedback and reminders"),
        classname="collapsed",
    ),
]

course_edit_handler = ObjectList(COURSE_PANELS, base_form_class=CourseForm)
