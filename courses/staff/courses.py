"""Courses in the staff interface: the list, the form, and where the other pages of one are."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from courses.domain.courses import save_course
from courses.domain.gap_list import figures_of_open
from courses.enums import CourseState, Outcome, SessionState
from courses.models import Course, CourseKind, Enrolment, Session
from courses.staff import cohort, course_page, course_steps, exemptions, gaps, planning, rota, sessions
from courses.staff.choices import may_organise, offices_of
from courses.staff.course_form import CourseForm, course_edit_handler
from courses.staff.pages import TrainingPage
from courses.staff.policies import COURSES
from exams.staff.gates import person_of
from members.models import Division, User
from members.staff.scoped import ScopedIndexView, ScopedViewSet, VerbCreateView, VerbEditView

_NOBODY = 0


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of ``rows`` each course has, as a column."""
    counted = rows.filter(course=OuterRef("pk")).order_by().values("course").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), _NOBODY)


def with_figures(courses: QuerySet[Course], *, of: User) -> QuerySet[Course]:
    """With what the columns show of the people ``of`` looks after; of a closed course what was written down."""
    people = Enrolment.objects.visible_to(of).filter(left_on=None)
    return courses.select_related("kind", "division", "exam").annotate(
        held=_count(Session.objects.filter(state=SessionState.HELD)),
        planned=_count(Session.objects.exclude(state=SessionState.CANCELLED)),
        people=_count(people),
        completed=_count(people.exclude(completed_at=None)),
        behind=_count(people.filter(outcome=Outcome.EXPLAINED)),
    )


def _years(request: HttpRequest) -> list[tuple[int, str]]:
    courses = Course.objects.visible_to(person_of(request))
    days = Session.objects.filter(course__in=courses).order_by().dates("starts_at", "year", order="DESC")
    return [(day.year, str(day.year)) for day in days]


class CourseFilterSet(WagtailFilterSet):
    kind = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("training", "Kind"),
        queryset=lambda request: CourseKind.objects.visible_to(request.user),
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=CourseState.choices)
    division = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Division"),
        queryset=lambda request: Division.objects.filter(
            pk__in=Course.objects.visible_to(request.user).values("division")
        ),
    )
    year = django_filters.TypedChoiceFilter(label=gettext_lazy("Year"), coerce=int, method="in_year")

    class Meta:
        model = Course
        fields = ["kind", "state", "division", "year"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = _years(self.request)

    def in_year(self, courses: QuerySet[Course], name: str, year: int) -> QuerySet[Course]:
        return courses.filter(Exists(Session.objects.filter(course=OuterRef("pk"), starts_at__year=year)))


def _sessions(course: Any) -> str:
    return _("%(held)s of %(planned)s held") % {"held": course.held, "planned": course.planned}


def _figure(name: str) -> Any:
    """A draft has no people yet: a nought would say that it names nobody."""

    def shown(course: Any) -> Any:
        if course.state == CourseState.DRAFT:
            return "–"
        if course.state == CourseState.OPEN:
            return getattr(course.figures, name) if course.figures else "…"
        return getattr(course, name)

    return shown


class CourseIndexView(ScopedIndexView):
    default_ordering = "-created_at"

    def with_related(self, rows: QuerySet[Course]) -> QuerySet[Course]:
        return with_figures(rows, of=person_of(self.request))

    def get_table(self, object_list: Any) -> Any:
        figures = figures_of_open(object_list, of=person_of(self.request))
        for course in object_list:
            course.figures = figures.get(course.pk)
        return super().get_table(object_list)

    def get_edit_url(self, instance: Any) -> str:
        return course_page.course_url(instance)


class CourseCreateView(VerbCreateView):
    submit_button_label = gettext_lazy("Save and go on")

    def get_initial_form_instance(self) -> Course:
        course = Course()
        if office := offices_of(person_of(self.request)).first():
            course.division = office
        return course

    def carry_out(self, form: Any, *, by: User, at: datetime) -> Course:
        return save_course(form.instance, material=form.material(), by=by, at=at)

    def get_success_url(self) -> str:
        return course_page.course_url(self.object)

    def get_success_buttons(self) -> list[Any]:
        return []


class CourseEditView(VerbEditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        course = self.get_object()
        if not course.is_editable():
            messages.warning(request, _("A course that is closed or called off stays as it is."))
            return redirect(course_page.course_url(course))
        return super().dispatch(request, *args, **kwargs)

    def carry_out(self, form: Any, *, by: User, at: datetime) -> Course:
        return save_course(form.instance, material=form.material(), by=by, at=at)

    def get_success_url(self) -> str:
        return course_page.course_url(self.object)

    def get_success_buttons(self) -> list[Any]:
        return []


class PreviewAnswer(TrainingPage, View):
    """Whom the rule in the form names today: a fragment for the script of the form. Nothing is written."""

    office_rule = staticmethod(may_organise)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form: CourseForm = course_edit_handler.bind_to_model(Course).get_form_class()(
            request.POST, instance=Course(), for_user=person_of(request)
        )
        return render(request, "courses/staff/_named.html", {"named": form.named()})


class CourseViewSet(ScopedViewSet):
    model = Course
    name = "courses_staff"
    url_prefix = "courses"
    policy = COURSES
    icon = "calendar-check"
    menu_label = gettext_lazy("Courses")
    edit_handler = course_edit_handler
    index_view_class = CourseIndexView
    add_view_class = CourseCreateView
    edit_view_class = CourseEditView
    filterset_class = CourseFilterSet
    search_fields = ["title"]
    search_backend_name = None
    list_per_page = 30
    list_display = [
        TitleColumn("title", label=gettext_lazy("Course"), get_url=course_page.course_url),
        Column("kind", label=pgettext_lazy("training", "Kind")),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            primary=lambda course: course.state == CourseState.OPEN,
        ),
        Column("sessions", label=gettext_lazy("Sessions"), accessor=_sessions),
        Column("people", label=pgettext_lazy("training", "People"), accessor=_figure("people")),
        Column("completed", label=pgettext_lazy("training", "Completed"), accessor=_figure("completed")),
        Column("behind", label=gettext_lazy("Still missing"), accessor=_figure("behind")),
        Column("division", label=gettext_lazy("Division")),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return ModelViewSet.get_form_class(self, for_update)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("preview/", PreviewAnswer.as_view(), name="preview"),
            *super().get_urlpatterns(),
            *course_page.urlpatterns,
            *course_steps.urlpatterns,
            *sessions.urlpatterns,
            *planning.urlpatterns,
            *rota.urlpatterns,
            *cohort.urlpatterns,
            *gaps.urlpatterns,
            *exemptions.urlpatterns,
        ]
