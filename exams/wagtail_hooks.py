"""Registration only: what this app adds to the staff interface."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from exams.models import Blueprint, Exam
from exams.staff import home
from exams.staff.attempts import AttemptViewSet
from exams.staff.menu import ExamsGroup
from exams.staff.policies import BlueprintPolicy, ExamPolicy
from exams.staff.repairs import repair_buttons
from exams.staff.statistics import QuestionStatisticsViewSet
from question_bank.staff.version_buttons import register as register_version_buttons

register_permission_policy(Exam, ExamPolicy(Exam))
register_permission_policy(Blueprint, BlueprintPolicy(Blueprint))

register_version_buttons(repair_buttons)

hooks.register("construct_homepage_panels", home.replace_panels)
hooks.register("construct_homepage_summary_items", home.no_summary)
hooks.register("construct_main_menu", home.tidy_main_menu)
hooks.register("construct_reports_menu", home.tidy_reports)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [ExamsGroup(), AttemptViewSet(), QuestionStatisticsViewSet()]


@hooks.register("insert_global_admin_css")
def link_brand() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


ACTIONS = (
    ("exams.draw", _("Draw people"), _("People were drawn")),
    ("exams.publish", _("Publish exam"), _("Publication was asked for")),
    ("exams.close", _("Close exam"), _("The exam was closed")),
    ("exams.release", _("Release results"), _("Results were released")),
    ("exams.plan_retake", _("Plan a retake"), _("A retake was planned")),
    ("exams.invite", _("Invite people"), _("People were invited to the exam")),
    ("exams.overrule_mark", _("Overrule a mark"), _("A mark was overruled")),
    ("exams.print_papers", _("Print papers"), _("Papers were printed")),
    ("exams.enter_paper", _("Enter a paper"), _("A paper was entered")),
    ("exams.propose_repair", _("Propose a key repair"), _("A key repair was proposed")),
    ("exams.approve_repair", _("Approve a key repair"), _("A key repair was approved")),
    ("exams.decline_repair", _("Decline a key repair"), _("A key repair was declined")),
    ("exams.withdraw_repair", _("Withdraw a key repair"), _("A key repair was withdrawn")),
    ("exams.export_scores", _("Export scores"), _("Scores were exported")),
    ("exams.export_statistics", _("Export statistics"), _("Statistics were exported")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ACTIONS:
        actions.register_action(action, label, message)
