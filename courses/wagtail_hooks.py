"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from courses.staff.report_pages import TrainingReportsViewSet


@hooks.register("register_admin_viewset")
def register_training_reports() -> object:
    return TrainingReportsViewSet()


REPORT_ACTIONS = (
    ("courses.export_attendance", _("Export attendance"), _("The attendance of a course was exported")),
    ("courses.export_overview", _("Export training figures"), _("Figures of training were exported")),
    ("courses.export_year", _("Export the year table"), _("The year table of training was exported")),
)


@hooks.register("register_log_actions")
def register_report_actions(actions: LogActionRegistry) -> None:
    for action, label, message in REPORT_ACTIONS:
        actions.register_action(action, label, message)
