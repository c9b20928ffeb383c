"""Blueprints in the staff interface."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, DecimalField, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from exams.domain.blueprints import copy_blueprint
from exams.enums import ExamState
from exams.models import Blueprint, BlueprintRow, Exam
from exams.rules import may_manage_blueprint
from exams.staff.blueprint_form import BlueprintForm
from exams.staff.choices import offices_of
from exams.staff.gates import person_of
from exams.staff.pages import FormPage
from members.models import Division


def listed_blueprints(request: HttpRequest) -> QuerySet[Blueprint]:
    """With what the columns show, in one query."""
    rows = BlueprintRow.objects.filter(blueprint=OuterRef("pk")).order_by().values("blueprint")
    resting = Exam.objects.filter(blueprint=OuterRef("pk"))
    return (
        Blueprint.objects.visible_to(person_of(request))
        .select_related("division")
        .annotate(
            asked=Subquery(rows.annotate(asked=Sum("count")).values("asked")),
            worth=Subquery(
                rows.annotate(worth=Sum(F("count") * F("points_each"))).values("worth"),
                output_field=DecimalField(max_digits=9, decimal_places=2),
            ),
            exam_count=Subquery(resting.order_by().values("blueprint").annotate(count=Count("pk")).values("count")),
            is_fixed=Exists(resting.exclude(state=ExamState.DRAFT)),
        )
    )


def _count_of_exams(blueprint: Any) -> str:
    if not blueprint.exam_count:
        return ""
    text = _("%(count)s exams") % {"count": blueprint.exam_count}
    return f"{text}·{_('fixed')}" if blueprint.is_fixed else text


class BlueprintIndexView(generic.IndexView):
    list_export: list[str] = []

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = False

    def get_base_queryset(self) -> QuerySet[Blueprint]:
        return listed_blueprints(self.request)

    def get_edit_url(self, instance: Any) -> str | None:
        if instance.is_fixed or not may_manage_blueprint(person_of(self.request), instance):
            return None
        return super().get_edit_url(instance)

    def get_delete_url(self, instance: Any) -> str | None:
        if instance.exam_count or not may_manage_blueprint(person_of(self.request), instance):
            return None
        return super().get_delete_url(instance)


class _OneBlueprint:
    """The views of one blueprint: outside one's divisions there is none."""

    action = "change"
    request: HttpRequest
    permission_policy: Any

    def get_object(self, *args: Any) -> Blueprint:
        blueprint: Blueprint = super().get_object(*args)  # type: ignore[misc]
        if not self.permission_policy.user_has_permission_for_instance(self.request.user, "view", blueprint):
            raise Http404
        return blueprint


class BlueprintEditView(_OneBlueprint, generic.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.user_has_permission_for_instance("change", self.object):
            return super().dispatch(request, *args, **kwargs)
        if not self.user_has_permission("add"):
            raise PermissionDenied
        messages.warning(request, _("Papers rest on this blueprint, so it stays as it is. Change a copy of it."))
        return redirect(self.get_copy_url())


class BlueprintDeleteView(_OneBlueprint, generic.DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission_for_instance("delete", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class BlueprintHistoryView(_OneBlueprint, generic.history.HistoryView):
    pass


class CopyForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title of the copy"), max_length=120)
    division: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=Division.objects.none(), label=gettext_lazy("Division"), empty_label=None
    )

    def __init__(self, *args: Any, blueprint: Blueprint, person: Any, **kwargs: Any) -> None:
        initial = {"title": _("%(title)s (copy)") % {"title": blueprint.title[:110]}, "division": blueprint.division_id}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields["division"].queryset = offices_of(person)  # type: ignore[attr-defined]


class BlueprintCopyView(FormPage):
    """How a blueprint that is in use, or that belongs to a division above one's own, is changed."""

    model = Blueprint
    form_class = CopyForm
    permission_required = "add"
    page_title = gettext_lazy("Copy")
    submit_label = gettext_lazy("Make the copy")
    index_url_name: str | None = None
    edit_url_name = ""

    @cached_property
    def blueprint(self) -> Blueprint:
        visible = Blueprint.objects.visible_to(person_of(self.request)).select_related("division")
        blueprint = visible.filter(pk=self.kwargs["pk"]).first()
        if blueprint is None:
            raise Http404
        return blueprint

    def get_page_subtitle(self) -> str:
        return self.blueprint.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"blueprint": self.blueprint, "person": person_of(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        copy = copy_blueprint(self.blueprint, by=person_of(self.request), **form.cleaned_data)
        return redirect(self.edit_url_name, copy.pk)


class TotalsPanel(Panel):
    """Questions and points of all rows together; a script keeps them right while one types."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "exams/staff/_totals.html"


BLUEPRINT_PANELS: list[Panel] = [
    MultiFieldPanel([FieldPanel("title"), FieldPanel("division")], heading=gettext_lazy("Blueprint")),
    InlinePanel(
        "rows",
        heading=gettext_lazy("What is asked"),
        label=gettext_lazy("row"),
        min_num=1,
        panels=[
            FieldRowPanel([FieldPanel("topic", widget=forms.Select), FieldPanel("kind"), FieldPanel("difficulty")]),
            FieldRowPanel([FieldPanel("count"), FieldPanel("points_each")]),
        ],
    ),
    TotalsPanel(),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("multiple_rule"), FieldPanel("multiple_share_percent")])],
        heading=gettext_lazy("Marking of multiple choice"),
    ),
]


class BlueprintViewSet(ModelViewSet):
    model = Blueprint
    name = "blueprints"
    icon = "list-ul"
    menu_label = gettext_lazy("Blueprints")
    add_to_reference_index = False
    index_view_class = BlueprintIndexView
    edit_view_class = BlueprintEditView
    delete_view_class = BlueprintDeleteView
    history_view_class = BlueprintHistoryView
    edit_handler = ObjectList(BLUEPRINT_PANELS, base_form_class=BlueprintForm)
    list_display = [
        "title",
        "division",
        Column("asked", label=pgettext_lazy("how many", "Questions"), accessor="asked"),
        Column("worth", label=gettext_lazy("Points in all"), accessor="worth"),
        Column("exams", label=gettext_lazy("Used by"), accessor=_count_of_exams),
    ]
    search_fields = ["title"]
    search_backend_name = None
    list_per_page = 50

    @property
    def copy_view(self) -> Any:
        return self.construct_view(BlueprintCopyView)
