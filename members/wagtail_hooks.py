"""Registration only: what this app adds to the staff interface."""

from typing import Any

from django.http import HttpRequest
from django.urls import re_path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from members.models import Division, Feedback, Posting, RosterImport, SendingUnit, Team
from members.staff import policies
from members.staff.audit import AuditLogMenuItem
from members.staff.group import MembersGroup

ACTIONS = (
    ("members.grant_role", _("Grant role"), _("Role granted")),
    ("members.revoke_role", _("Take role away"), _("Role taken away")),
    ("members.change_password", _("Change password"), _("Password changed")),
    ("members.reset_password", _("Reset password"), _("Initial password given")),
    ("members.deactivate", _("Deactivate"), _("Account deactivated")),
    ("members.reactivate", _("Activate"), _("Account activated again")),
    ("members.add_person", _("Add person"), _("Person added")),
    ("members.change_person", _("Change person"), _("Particulars changed")),
    ("members.view_phone", _("See a phone number"), _("Full phone number shown")),
    ("members.add_team", _("Add team"), _("Team added")),
    ("members.change_team", _("Change team"), _("Team changed")),
    ("members.add_sending_unit", _("Add sending unit"), _("Sending unit added")),
    ("members.change_sending_unit", _("Rename sending unit"), _("Sending unit renamed")),
    ("members.add_division", _("Add division"), _("Division added")),
    ("members.change_division", _("Change division"), _("Division changed")),
    ("members.add_posting", _("Add posting"), _("Posting added")),
    ("members.change_posting", _("Change posting"), _("Posting changed")),
    ("members.end_posting", _("End posting"), _("Posting ended")),
    ("members.send_feedback", _("Write to the office"), _("Complaint or suggestion sent")),
    ("members.answer_feedback", pgettext_lazy("feedback", "Answer"), _("Complaint or suggestion answered")),
    ("members.read_roster", _("Upload roster"), _("Roster uploaded")),
    ("members.carry_out_roster", _("Carry out roster"), _("Roster carried out")),
    ("members.purge_roster", _("Empty an old roster"), _("Rows of an old roster removed")),
    ("members.issue_passwords", _("Issue initial passwords"), _("Initial passwords issued")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in ACTIONS:
        actions.register_action(action, label, message)


register_permission_policy(Division, policies.DIVISIONS)
register_permission_policy(Feedback, policies.FEEDBACK)
register_permission_policy(Posting, policies.POSTINGS)
register_permission_policy(RosterImport, policies.ROSTERS)
register_permission_policy(SendingUnit, policies.UNITS)
register_permission_policy(Team, policies.TEAMS)


@hooks.register("register_admin_viewset")
def register_members() -> MembersGroup:
    return MembersGroup()


@hooks.register("register_admin_urls", order=-1)
def lead_user_pages_to_people() -> list[Any]:
    """Wagtail's own user pages know neither one name nor divisions: whoever arrives there is led to ours."""
    return [
        re_path(r"^users/edit/(?P<pk>\d+)/$", RedirectView.as_view(pattern_name="people:inspect")),
        re_path(r"^users/", RedirectView.as_view(pattern_name="people:index")),
    ]


@hooks.register("construct_settings_menu")
def hide_wagtails_user_pages(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name != "users" and (item.name != "groups" or request.user.is_superuser)]


@hooks.register("register_reports_menu_item")
def register_audit_log() -> AuditLogMenuItem:
    return AuditLogMenuItem(
        _("Audit log"), reverse("wagtailadmin_reports:site_history"), name="audit-log", icon_name="history", order=900
    )


@hooks.register("construct_reports_menu")
def hide_wagtails_site_history(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name != "site-history"]
