"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from performance.staff.quarters import QuartersViewSet
from performance.staff.schemes import SchemesViewSet

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
def register_quarters() -> object:
    return QuartersViewSet()


@hooks.register("register_admin_viewset")
def register_schemes() -> object:
    return SchemesViewSet()
