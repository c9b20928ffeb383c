"""Registration only: what this app adds to the staff interface."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from courses.staff.report_pages import ReportsMenuItem, TrainingReportsViewSet

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


@hooks.register("register_admin_viewset")
def register_training_reports() -> object:
    return TrainingReportsViewSet()


@hooks.register("register_admin_menu_item")
def show_training_reports() -> ReportsMenuItem:
    return ReportsMenuItem(
        _("Training reports"), reverse("training_reports:index"), name="training-reports", icon_name="table", order=131
    )


REPORT_ACTIONS = (
    ("courses.export_attendance", _("Export attendance"), _("The attendance of a course was exported")),
    ("courses.export_overview", _("Export training figures"), _("Figures of training were exported")),
    ("courses.export_year", _("Export the year table"), _("The year table of training was exported")),
)


@hooks.register("register_log_actions")
def register_report_actions(actions: LogActionRegistry) -> None:
    for action, label, message in REPORT_ACTIONS:
        actions.register_action(action, label, message)
