"""Registration only: what this app adds to the staff interface."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from courses.models import Course, CourseKind, Lecturer
from courses.staff import certificates, policies
from courses.staff.menu import TrainingGroup

register_permission_policy(Course, policies.COURSES)
register_permission_policy(CourseKind, policies.KINDS)
register_permission_policy(Lecturer, policies.LECTURERS)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [TrainingGroup()]


COURSE_ACTIONS = (
    ("courses.set_up_kinds", _("Set up kinds"), _("The usual kinds of courses were set up")),
    ("courses.create", _("Prepare course"), _("The course was prepared")),
    ("courses.change", _("Change course"), _("The course was changed")),
    ("courses.open", _("Open course"), _("The course was opened")),
    ("courses.close", _("Close course"), _("The course was closed")),
    ("courses.cancel", _("Call course off"), _("The course was called off")),
    ("courses.plan_session", _("Plan session"), _("A session was planned")),
    ("courses.change_session", _("Change session"), _("A session was changed")),
    ("courses.cancel_session", _("Call session off"), _("A session was called off")),
    ("courses.settle_session", _("Settle session"), _("Who did not come was written down")),
    ("courses.mark", _("Mark attendance"), _("An attendance was entered by hand")),
    ("courses.add_person", _("Add person"), _("A person was added to the course")),
    ("courses.explain", _("Give a reason"), _("Somebody said why a person is missing")),
    ("courses.ask_exemption", _("Ask for an exemption from a course"), _("An exemption from a course was asked for")),
    ("courses.decide_exemption", _("Decide on an exemption from a course"), _("An exemption was decided on")),
)


@hooks.register("register_log_actions")
def register_course_actions(actions: LogActionRegistry) -> None:
    for action, label, message in COURSE_ACTIONS:
        actions.register_action(action, label, message)


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


CERTIFICATE_ACTIONS = (
    ("courses.issue_certificate", _("Issue a certificate"), _("A certificate was issued")),
    ("courses.revoke_certificate", _("Revoke a certificate"), _("A certificate was revoked")),
    ("courses.print_certificates", _("Print certificates"), _("Certificates were taken out as PDF")),
)


@hooks.register("register_log_actions")
def register_certificate_actions(actions: LogActionRegistry) -> None:
    for action, label, message in CERTIFICATE_ACTIONS:
        actions.register_action(action, label, message)


@hooks.register("register_admin_urls")
def register_certificate_urls() -> list[URLPattern | URLResolver]:
    return [path("courses/", include((certificates.urlpatterns, "course_certificates")))]


ATTENDANCE_ACTIONS = (
    ("courses.wrong_code", _("Wrong code of a session"), _("A wrong code was tried at a session")),
    ("courses.ask_leave", _("Ask for leave"), _("Leave from a session was asked for")),
    ("courses.enter_leave", _("Enter leave"), _("Leave from a session was entered")),
    ("courses.decide_leave", _("Decide on leave"), _("Leave from a session was decided on")),
    ("courses.open_leave_file", _("Open document of a leave"), _("The document of a leave was opened")),
    ("courses.print_sheet", _("Print sign-in sheet"), _("A sign-in sheet was printed")),
)


@hooks.register("register_log_actions")
def register_attendance_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ATTENDANCE_ACTIONS:
        actions.register_action(action, label, message)


ROTA_ACTIONS = (
    ("courses.give_turn", _("Give a turn as host"), _("A team was given the turn as host")),
    ("courses.swap_hosts", _("Swap hosts"), _("Two hosts changed places")),
)


@hooks.register("register_log_actions")
def register_rota_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ROTA_ACTIONS:
        actions.register_action(action, label, message)
