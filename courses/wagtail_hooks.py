"""Registration only: what this app adds to the staff interface."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from courses.models import Course, CourseKind, Lecturer
from courses.staff import certificates, policies
from courses.staff.log_actions import ACTIONS
from courses.staff.menu import TrainingGroup

register_permission_policy(Course, policies.COURSES)
register_permission_policy(CourseKind, policies.KINDS)
register_permission_policy(Lecturer, policies.LECTURERS)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [TrainingGroup()]


@hooks.register("register_admin_urls")
def register_certificate_urls() -> list[URLPattern | URLResolver]:
    return [path("courses/", include((certificates.urlpatterns, "course_certificates")))]


@hooks.register("insert_global_admin_css")
def link_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin-training.css"))


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ACTIONS:
        actions.register_action(action, label, message)
