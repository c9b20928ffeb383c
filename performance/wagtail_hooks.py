"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from performance.staff.quarters import QuartersViewSet
from performance.staff.schemes import SchemesViewSet


@hooks.register("register_admin_viewset")
def register_quarters() -> object:
    return QuartersViewSet()


@hooks.register("register_admin_viewset")
def register_schemes() -> object:
    return SchemesViewSet()


QUARTER_ACTIONS = (
    ("performance.open_quarter", _("Open a quarter"), _("A quarter was opened")),
    ("performance.compute", _("Compute a quarter"), _("A quarter was computed")),
    ("performance.publish", _("Publish a quarter"), _("A quarter was published for objection")),
    ("performance.close", _("Close a quarter"), _("A quarter was closed")),
    ("performance.ask_reopening", _("Ask for reopening"), _("Reopening was asked for")),
    ("performance.decide_reopening", _("Decide a reopening"), _("A reopening was decided")),
    ("performance.ask_exemption", _("Ask for an exemption"), _("An exemption was asked for")),
    ("performance.decide_exemption", _("Decide an exemption"), _("An exemption was decided")),
    ("performance.file_appeal", _("Object to a line"), _("An objection was sent")),
    ("performance.decide_appeal", _("Decide an objection"), _("An objection was decided")),
)
SCHEME_ACTIONS = (
    ("performance.draft_scheme", _("Begin a scheme"), _("A scheme was begun")),
    ("performance.copy_scheme", _("Copy a scheme"), _("A scheme was copied")),
    ("performance.adopt_scheme", _("Adopt a scheme"), _("A scheme was adopted")),
    ("performance.change_scheme", _("Change a scheme"), _("A scheme was changed")),
    ("performance.discard_scheme", _("Discard a draft"), _("A draft of a scheme was discarded")),
)


@hooks.register("register_log_actions")
def register_quarter_actions(actions: LogActionRegistry) -> None:
    for action, label, message in (*QUARTER_ACTIONS, *SCHEME_ACTIONS):
        actions.register_action(action, label, message)
