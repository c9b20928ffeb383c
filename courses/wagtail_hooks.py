"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from courses.models import Course, CourseKind, Lecturer
from courses.staff import policies
from courses.staff.menu import TrainingGroup

register_permission_policy(Course, policies.COURSES)
register_permission_policy(CourseKind, policies.KINDS)
register_permission_policy(Lecturer, policies.LECTURERS)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [TrainingGroup()]


TEACHING_ACTIONS = (
    ("courses.add_kind", _("Add a kind of course"), _("A kind of course was added")),
    ("courses.change_kind", _("Change a kind of course"), _("A kind of course was changed")),
    ("courses.add_lecturer", _("Add a lecturer"), _("A lecturer was added")),
    ("courses.change_lecturer", _("Change a lecturer"), _("A lecturer was changed")),
)


@hooks.register("register_log_actions")
def register_teaching_actions(actions: LogActionRegistry) -> None:
    for action, label, message in TEACHING_ACTIONS:
        actions.register_action(action, label, message)
