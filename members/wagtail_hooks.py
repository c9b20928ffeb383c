"""Registration only: what this app adds to the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

ACTIONS = (
    ("members.grant_role", _("Grant role"), _("Role granted")),
    ("members.revoke_role", _("Take role away"), _("Role taken away")),
    ("members.change_password", _("Change password"), _("Password changed")),
    ("members.reset_password", _("Reset password"), _("Initial password given")),
    ("members.deactivate", _("Deactivate"), _("Account deactivated")),
    ("members.reactivate", _("Activate"), _("Account activated again")),
    ("members.add_person", _("Add person"), _("Person added")),
    ("members.change_person", _("Change person"), _("Particulars changed")),
    ("members.add_team", _("Add team"), _("Team added")),
    ("members.change_team", _("Change team"), _("Team changed")),
    ("members.add_posting", _("Add posting"), _("Posting added")),
    ("members.change_posting", _("Change posting"), _("Posting changed")),
    ("members.end_posting", _("End posting"), _("Posting ended")),
    ("members.read_roster", _("Upload roster"), _("Roster uploaded")),
    ("members.carry_out_roster", _("Carry out roster"), _("Roster carried out")),
    ("members.issue_passwords", _("Issue initial passwords"), _("Initial passwords issued")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ACTIONS:
        actions.register_action(action, label, message)
