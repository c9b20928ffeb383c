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


SCHEME_ACTIONS = (
    ("performance.begin_scheme", _("Begin a scheme"), _("A scheme was begun")),
    ("performance.change_scheme", _("Change a scheme"), _("A scheme was changed")),
    ("performance.discard_scheme", _("Discard a draft"), _("A draft of a scheme was discarded")),
)


@hooks.register("register_log_actions")
def register_scheme_actions(actions: LogActionRegistry) -> None:
    for action, label, message in SCHEME_ACTIONS:
        actions.register_action(action, label, message)
