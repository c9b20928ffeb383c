"""What this app adds to the staff interface: registration only."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def name_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in (
        ("exams.draw", _("Draw people"), _("People were drawn")),
        ("exams.publish", _("Publish exam"), _("Publication was asked for")),
        ("exams.close", _("Close exam"), _("The exam was closed")),
        ("exams.release", _("Release results"), _("Results were released")),
        ("exams.plan_retake", _("Plan a retake"), _("A retake was planned")),
        ("exams.overrule_mark", _("Overrule a mark"), _("A mark was overruled")),
        ("exams.export_scores", _("Export scores"), _("Scores were exported")),
    ):
        actions.register_action(action, label, message)
