"""Granting and taking away roles."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.log_actions import log

from members.enums import STAFF_ROLES, Role
from members.models import Division, RoleAssignment, User

GROUP_PREFIX = "role:"


def role_group(role: Role) -> Group:
    """The Django group behind a role: what Wagtail asks for permissions."""
    return Group.objects.get_or_create(name=f"{GROUP_PREFIX}{role}")[0]


def permit(role: Role, permissions: Iterable[str]) -> None:
    """Let a role's group hold ``permissions``, given as ``"app_label.codename"``. Safe to repeat.

    Every app calls this for its own permissions after its migrations; permissions that do not
    exist (yet) raise ``Permission.DoesNotExist``, so that a mistyped name is seen at once.
    """
    group = role_group(role)
    for name in permissions:
        app_label, codename = name.split(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))


@transaction.atomic
def grant_role(person: User, role: Role, division: Division, *, by: User | None, at: datetime) -> RoleAssignment:
    """Give ``person`` a role within ``division``. Safe to repeat.

    Who may grant what is asked of ``members.rules.may_grant``; ``by`` is None when the system itself grants.
    """
    assignment, created = RoleAssignment.objects.get_or_create(user=person, role=role, division=division)
    person.groups.add(role_group(role))
    if created:
        log(person, "members.grant_role", user=by, timestamp=at, data={"role": role, "division": division.code})
    _forget_roles(person)
    return assignment


@transaction.atomic
def revoke_role(assignment: RoleAssignment, *, by: User | None, at: datetime) -> None:
    """Take a role away; the group goes when no division of that role is left."""
    person, role = assignment.user, Role(assignment.role)
    log(person, "members.revoke_role", user=by, timestamp=at, data={"role": role, "division": assignment.division.code})
    assignment.delete()
    if not person.role_assignments.filter(role=role).exists():
        person.groups.remove(role_group(role))
    _forget_roles(person)


def _forget_roles(person: User) -> None:
    person.__dict__.pop("roles_held", None)
    person.is_staff = person.holds(*STAFF_ROLES)
    person.save(update_fields=["is_staff"])
