"""Registration only: what this app adds to the staff interface."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from performance.models import LedgerEntry, LedgerKind, Rating, RatingKind, RatingSheet
from performance.staff import evidence_policies, reports
from performance.staff.menu import AppraisalGroup
from performance.staff.schemes import SchemesViewSet

register_permission_policy(LedgerEntry, evidence_policies.ENTRIES)
register_permission_policy(LedgerKind, evidence_policies.LEDGER_KINDS)
register_permission_policy(Rating, evidence_policies.RATINGS)
register_permission_policy(RatingSheet, evidence_policies.SHEETS)
register_permission_policy(RatingKind, evidence_policies.RATING_KINDS)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [AppraisalGroup()]


EVIDENCE_ACTIONS = (
    ("performance.enter_item", _("Enter a ledger item"), _("A ledger item was entered")),
    ("performance.confirm_item", _("Confirm a ledger item"), _("A ledger item was confirmed")),
    ("performance.decline_item", _("Decline a ledger item"), _("A ledger item was declined")),
    ("performance.reverse_item", _("Reverse a ledger item"), _("A reversal was entered")),
    ("performance.open_evidence", _("Open evidence"), _("A document of an entry was opened")),
    ("performance.add_ledger_kind", _("Add an item of the ledger"), _("An item of the ledger was added")),
    ("performance.change_ledger_kind", _("Change an item of the ledger"), _("An item of the ledger was changed")),
    ("performance.add_rating_kind", _("Add a kind of scores"), _("A kind of scores was added")),
    ("performance.change_rating_kind", _("Change a kind of scores"), _("A kind of scores was changed")),
    ("performance.read_rating_sheet", _("Read a file of scores"), _("A file of scores was read")),
    ("performance.commit_rating_sheet", _("Carry out a file of scores"), _("A file of scores was carried out")),
    ("performance.rate", _("Enter a score"), _("A score was entered by hand")),
)


@hooks.register("register_log_actions")
def register_evidence_actions(actions: LogActionRegistry) -> None:
    for action, label, message in EVIDENCE_ACTIONS:
        actions.register_action(action, label, message)


QUARTER_ACTIONS = (
    ("performance.open_quarter", _("Open quarter"), _("The quarter was opened")),
    ("performance.compute", _("Compute quarter"), _("The quarter was computed")),
    ("performance.publish", _("Publish quarter"), _("Results were published for objection")),
    ("performance.close", _("Close quarter"), _("The quarter was closed")),
    ("performance.ask_reopening", _("Ask to reopen"), _("Reopening was asked for")),
    ("performance.decide_reopening", _("Decide on reopening"), _("Reopening was decided on")),
    ("performance.ask_exemption", _("Ask for an exemption"), _("An exemption was asked for")),
    ("performance.decide_exemption", _("Decide on an exemption"), _("An exemption was decided on")),
    ("performance.draft_scheme", _("Draft scheme"), _("A scheme was drafted")),
    ("performance.copy_scheme", _("Copy scheme"), _("A scheme was copied")),
    ("performance.adopt_scheme", _("Adopt scheme"), _("A scheme was adopted")),
    ("performance.file_appeal", _("Object"), _("An objection was filed")),
    ("performance.decide_appeal", _("Decide on an objection"), _("An objection was decided on")),
    ("performance.change_scheme", _("Change scheme"), _("A scheme was changed")),
    ("performance.discard_scheme", _("Discard draft"), _("A draft of a scheme was discarded")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in QUARTER_ACTIONS:
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_schemes() -> object:
    return SchemesViewSet()


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern | URLResolver]:
    return [path("quarters/", include((reports.urlpatterns, "quarter_reports")))]


REPORT_ACTIONS = (
    ("performance.ask_report", _("Ask for a file of a quarter"), _("A file of the quarter was asked for")),
    ("performance.cancel_report", _("Cancel a file of a quarter"), _("A file of the quarter was cancelled")),
    ("performance.download_report", _("Download a file of a quarter"), _("A file of the quarter was downloaded")),
)


@hooks.register("register_log_actions")
def register_report_actions(actions: LogActionRegistry) -> None:
    for action, label, message in REPORT_ACTIONS:
        actions.register_action(action, label, message)
