"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from question_bank.staff.bulk import ACTIONS
from question_bank.staff.editing import refuse_to_delete_what_was_asked
from question_bank.staff.figures import FigureChooserViewSet
from question_bank.staff.home import show_waiting
from question_bank.staff.retiring import offer_retiring
from question_bank.staff.viewsets import QuestionBankGroup

register_snippet(QuestionBankGroup)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("construct_homepage_panels", show_waiting, order=2)
hooks.register("construct_snippet_action_menu", offer_retiring)
hooks.register("before_delete_snippet", refuse_to_delete_what_was_asked)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [FigureChooserViewSet()]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "question_bank.upload_batch", _("Bring a file of questions"), _("File of questions brought")
    )
    actions.register_action("question_bank.commit_batch", _("Take over a file"), _("File of questions taken over"))
    actions.register_action("question_bank.undo_batch", _("Undo a file"), _("File of questions undone"))
    actions.register_action("question_bank.export_questions", _("Export questions"), _("Questions exported"))
    actions.register_action("question_bank.open_recheck", _("Ask for a re-check"), _("It has to be looked at again"))
    actions.register_action("question_bank.approve_question", _("Approve a question"), _("Approved by a second person"))
    actions.register_action("question_bank.send_back_question", _("Send a question back"), _("Sent back to its writer"))
    actions.register_action("question_bank.report_question", _("Report a question"), _("A member reported it"))
    actions.register_action("question_bank.settle_report", _("Answer a report"), _("The report was answered"))
    actions.register_action("question_bank.settle_recheck", _("Settle a re-check"), _("The re-check was settled"))
