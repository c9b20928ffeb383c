"""Kinds of courses: the table, and the county's usual ones in one step."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from common.clock import now
from common.refusals import Refusal
from courses.domain.kinds import set_up_kinds
from courses.domain.teaching import add_course_kind, change_course_kind
from courses.models import CourseKind
from courses.staff.choices import may_organise, offices_of
from courses.staff.pages import TrainingPage
from courses.staff.policies import KINDS
from exams.staff.gates import person_of
from exams.staff.pages import FormPage
from members.models import Division, User
from members.staff.scoped import ScopedIndexView, ScopedViewSet, VerbCreateView, VerbEditView


class OfOffice(WagtailAdminModelForm):
    """Offers the divisions of the person who fills it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "division" in self.fields:
            division: Any = self.fields["division"]
            division.queryset = offices_of(self.for_user)
            division.empty_label = None


class KindForm(OfOffice):
    class Meta:
        model = CourseKind
        fields = [
            "title",
            "rhythm",
            "times",
            "minutes",
            "opens_before_minutes",
            "late_after_minutes",
            "hosted_in_turn",
            "is_active",
        ]


class NewKindForm(KindForm):
    class Meta(KindForm.Meta):
        fields = ["division", "code", *KindForm.Meta.fields]


class KindIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[CourseKind]) -> QuerySet[CourseKind]:
        return rows.select_related("division")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = list(super().header_buttons)
        if may_organise(person_of(self.request)):
            url = reverse("course_kinds:set_up")
            buttons.append(HeaderButton(_("Set up the county's usual kinds"), url=url, icon_name="list-ul"))
        return buttons


class KindCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> CourseKind:
        return add_course_kind(**form.cleaned_data, by=by, at=at)


class KindEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> CourseKind:
        return change_course_kind(self.object, **form.cleaned_data, by=by, at=at)


class SetUpForm(forms.Form):
    division = forms.ModelChoiceField(Division.objects.none(), label=gettext_lazy("Division"), empty_label=None)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division: Any = self.fields["division"]
        division.queryset = offices_of(person)


class SetUpPage(TrainingPage, FormPage):
    page_title = gettext_lazy("Set up the county's usual kinds")
    office_rule = staticmethod(may_organise)
    form_class = SetUpForm
    submit_label = gettext_lazy("Set them up")

    def get_explanation(self) -> list[str]:
        return [
            _("Training class, weekly meeting with lecture hall, monthly symposium with the teams as hosts in turn, "
              "quarterly review, field visit and health lecture are entered with their usual rhythm."),
            _("What is there already stays as it is, and each can be changed afterwards."),
        ]  # fmt: skip

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def get_cancel_url(self) -> str:
        return reverse("course_kinds:index")

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": reverse("course_kinds:index"), "label": _("Kinds of courses")}]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            set_up_kinds(form.cleaned_data["division"], by=self.person, at=now())
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("The usual kinds are set up."))
        return self.to("course_kinds:index")


def _edit_url(kind: CourseKind) -> str:
    return reverse("course_kinds:edit", args=[kind.pk])


def _rhythm(kind: CourseKind) -> str:
    rhythm = str(kind.get_rhythm_display())
    return f"{rhythm} × {kind.times}" if kind.times > 1 else rhythm


class KindTitleColumn(TitleColumn):
    """Leads to the form where the person may change the kind."""

    def get_link_url(self, instance: CourseKind, parent_context: Any) -> str | None:
        request: HttpRequest = parent_context["request"]
        may = KINDS.user_has_permission_for_instance(person_of(request), "change", instance)
        return _edit_url(instance) if may else None


class KindViewSet(ScopedViewSet):
    model = CourseKind
    name = "course_kinds"
    url_prefix = "courses/kinds"
    policy = KINDS
    icon = "list-ul"
    menu_label = gettext_lazy("Kinds of courses")
    add_form_class = NewKindForm
    edit_form_class = KindForm
    index_view_class = KindIndexView
    add_view_class = KindCreateView
    edit_view_class = KindEditView
    ordering = "code"
    search_fields = ["code", "title"]
    list_filter = ["rhythm", "is_active"]
    list_display = [
        KindTitleColumn("title", label=pgettext_lazy("training", "Kind"), sort_key="title"),
        Column("code", label=pgettext_lazy("training", "Number"), sort_key="code"),
        Column("rhythm", label=pgettext_lazy("training", "Rhythm"), accessor=_rhythm),
        Column("minutes", label=gettext_lazy("Minutes"), sort_key="minutes"),
        BooleanColumn("hosted_in_turn", label=gettext_lazy("Hosts in turn")),
        Column("division", label=gettext_lazy("Division")),
        BooleanColumn("is_active", label=pgettext_lazy("training", "May be chosen")),
    ]

    def get_urlpatterns(self) -> list[Any]:
        return [path("usual/", SetUpPage.as_view(), name="set_up"), *super().get_urlpatterns()]
