"""Pages about one course: outside one's divisions there is none, and the same 404 says so for all."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.clock import now
from courses.models import Course, Session
from courses.rules import may_manage_course, may_see_course
from courses.staff.choices import may_organise
from exams.staff.gates import person_of
from exams.staff.pages import ActionPage, StaffPage
from members.enums import STAFF_ROLES
from members.models import User

CourseRule = Callable[[User, Course], bool]


def course_for(request: HttpRequest, uuid: UUID, *, rule: CourseRule = may_see_course) -> Course:
    courses = Course.objects.select_related(
        "kind", "division", "audience_division", "exam", "failed_exam", "missed_course", "created_by", "closed_by"
    )
    course = get_object_or_404(courses, uuid=uuid)
    if not rule(person_of(request), course):
        raise Http404
    return course


def may_look(person: User) -> bool:
    return bool(person.scope(*STAFF_ROLES))


class TrainingPage(StaffPage):
    """For whoever looks after people of some division; which ones, the gates say."""

    header_icon = "calendar-check"
    office_rule: Callable[[User], bool] = staticmethod(may_look)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not type(self).office_rule(person_of(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            *self.breadcrumbs_between(),
            {"url": "", "label": self.get_page_title()},
        ]

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return []

    def to(self, name: str, *args: Any) -> HttpResponse:
        return redirect(name, *args)


class OfCourse(TrainingPage):
    course_rule: CourseRule = staticmethod(may_see_course)

    @cached_property
    def course(self) -> Course:
        return course_for(self.request, self.kwargs["uuid"], rule=type(self).course_rule)

    @cached_property
    def session(self) -> Session:
        sessions = self.course.sessions.select_related("course__kind", "division", "host_team", "repeat_of")
        return get_object_or_404(sessions, uuid=self.kwargs["session"])

    @cached_property
    def may_manage(self) -> bool:
        return may_manage_course(self.person, self.course)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The gate comes first: also a request that is refused for its form must not tell that the course exists.
        _gate = self.course
        if "session" in kwargs:
            _second_gate = self.session
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.course.title

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("courses_staff:index"), "label": _("Courses")},
            {"url": self.course_url(), "label": self.course.title},
        ]

    def course_url(self, name: str = "course", *args: Any) -> str:
        return reverse(f"courses_staff:{name}", args=[self.course.uuid, *args])

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        facts = {"course": self.course, "may_manage": self.may_manage, "now": now()}
        return cast(dict[str, Any], super().get_context_data(*args, **facts, **kwargs))


class CourseAction(OfCourse, ActionPage):
    """Something done to a course: said first, and done by POST only."""

    course_rule = staticmethod(may_manage_course)
    office_rule = staticmethod(may_organise)
    template_name = "courses/staff/form.html"
    form_class: type[forms.Form] = forms.Form

    def get_thing_url(self) -> str:
        return self.course_url()
