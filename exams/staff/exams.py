"""Exams in the staff interface: the list, preparing one, and where its other pages are."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from common.clock import now
from common.tables import local
from exams.enums import SETTLED_EXAM_STATES, ExamState
from exams.models import Attempt, Candidate, Exam
from exams.rules import may_manage_exam
from exams.staff import attempts, control, marking, papers, scores, statistics, steps
from exams.staff.exam_form import exam_edit_handler
from exams.staff.gates import person_of


def listed_exams(request: HttpRequest) -> QuerySet[Exam]:
    """With what the columns show, in one query; what is running first, then what is being prepared."""
    candidates = Candidate.objects.filter(exam=OuterRef("pk")).order_by().values("exam")
    attempts_of = Attempt.objects.filter(candidate__exam=OuterRef("pk")).order_by().values("candidate__exam")
    moment = now()
    return (
        Exam.objects.visible_to(person_of(request))
        .select_related("division")
        .annotate(
            expected=Coalesce(Subquery(candidates.annotate(n=Count("pk")).values("n")), 0),
            arrived=Coalesce(Subquery(attempts_of.annotate(n=Count("candidate", distinct=True)).values("n")), 0),
            urgency=Case(
                When(state=ExamState.PUBLISHED, opens_at__lte=moment, closes_at__gt=moment, then=Value(0)),
                When(state__in=(ExamState.DRAFT, ExamState.PUBLISHING), then=Value(1)),
                When(Q(state=ExamState.PUBLISHED, opens_at__gt=moment), then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            ),
        )
        .order_by("urgency", "-opens_at", "-pk")
    )


def _people(exam: Any) -> str:
    if exam.state in (ExamState.DRAFT, ExamState.PUBLISHING):
        return str(exam.get_audience_display())
    return _("%(arrived)s of %(expected)s came") % {"arrived": exam.arrived, "expected": exam.expected}


def _minute(name: str) -> Any:
    """The moment itself; Wagtail's column of dates calls everything to come "just now"."""
    return lambda exam: f"{local(getattr(exam, name)):%Y-%m-%d %H:%M}"


class ExamTitleColumn(TitleColumn):
    """Leads to what this person may do with the exam: run it, or read the scores of their own people."""

    def get_link_url(self, instance: Exam, parent_context: Any) -> str | None:
        if may_manage_exam(person_of(parent_context["request"]), instance):
            return reverse("exams_staff:control", args=[instance.uuid])
        return reverse("exams_staff:scores", args=[instance.uuid]) if instance.state in SETTLED_EXAM_STATES else None


class ExamIndexView(generic.IndexView):
    list_export: list[str] = []

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Nothing leaves this list as a file; scores do, with a reason.
        self.is_export = False

    def get_base_queryset(self) -> QuerySet[Exam]:
        return listed_exams(self.request)

    def order_queryset(self, queryset: QuerySet[Exam]) -> QuerySet[Exam]:
        return super().order_queryset(queryset) if self.is_explicitly_ordered else queryset


class ExamCreateView(generic.CreateView):
    submit_button_label = gettext_lazy("Save and go on")

    def get_initial_form_instance(self) -> Exam:
        morning = local(now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
        exam = Exam(opens_at=make_aware(morning), closes_at=make_aware(morning.replace(hour=18)))
        offices = self.panel.get_form_class()(for_user=self.request.user).fields["division"].queryset[:1]
        if offices:
            exam.division = offices[0]
        return exam

    def get_success_url(self) -> str:
        return reverse("exams_staff:control", args=[self.object.uuid])

    def get_success_buttons(self) -> list[Any]:
        return []


class _OneExam:
    """The views of one exam: outside one's divisions there is none."""

    request: HttpRequest
    permission_policy: Any

    def get_object(self, *args: Any) -> Exam:
        exam: Exam = super().get_object(*args)  # type: ignore[misc]
        if not self.permission_policy.user_has_permission_for_instance(self.request.user, "view", exam):
            raise Http404
        return exam


class ExamEditView(_OneExam, generic.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not self.user_has_permission_for_instance("change", self.object):
            messages.warning(request, _("An exam that has been published stays as it is."))
            return redirect("exams_staff:control", self.object.uuid)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("exams_staff:control", args=[self.object.uuid])

    def get_success_buttons(self) -> list[Any]:
        return []

    def save_instance(self) -> Exam:
        exam = super().save_instance()
        if self.form.is_draw_outdated and exam.draws.exists():
            messages.warning(self.request, _("The people were drawn before this change. Draw them again."))
        return exam


class ExamDeleteView(_OneExam, generic.DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission_for_instance("delete", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ExamHistoryView(_OneExam, generic.history.HistoryView):
    pass


class ExamViewSet(ModelViewSet):
    model = Exam
    name = "exams_staff"
    url_prefix = "exams"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Exams")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ExamIndexView
    add_view_class = ExamCreateView
    edit_view_class = ExamEditView
    delete_view_class = ExamDeleteView
    history_view_class = ExamHistoryView
    edit_handler = exam_edit_handler
    list_display = [
        ExamTitleColumn("title", label=gettext_lazy("Exam"), sort_key="title"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda exam: steps.state_in_words(exam, at=now()),
            primary=lambda exam: exam.is_running(at=now()),
        ),
        Column("opens_at", label=gettext_lazy("Opens"), accessor=_minute("opens_at"), sort_key="opens_at"),
        Column("closes_at", label=gettext_lazy("Closes"), accessor=_minute("closes_at"), sort_key="closes_at"),
        Column("people", label=gettext_lazy("Who"), accessor=_people),
        Column("division", label=gettext_lazy("Division"), accessor="division.name", sort_key="division__code"),
    ]
    search_fields = ["title"]
    search_backend_name = None
    list_per_page = 30

    def get_urlpatterns(self) -> list[URLPattern]:
        unused = {"usage"}
        own = [pattern for pattern in super().get_urlpatterns() if pattern.name not in unused]
        return [
            *own,
            *control.urlpatterns,
            *marking.exam_urlpatterns,
            *scores.exam_urlpatterns,
            *statistics.exam_urlpatterns,
            *attempts.exam_urlpatterns,
            *papers.exam_urlpatterns,
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{"usage_url_name": self.UNDEFINED, **kwargs})
