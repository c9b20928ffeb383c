"""Receivers of Django's signals."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions

from members.domain.roles import permit, role_group
from members.enums import STAFF_ROLES, Role
from members.models import User
from members.signals import access_ended

_MANAGED = ("team", "posting", "sendingunit")
_SEEN = tuple(
    f"members.view_{model}" for model in ("user", *_MANAGED, "division", "roleassignment", "rosterimport", "feedback")
)

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        *_SEEN,
        # Not members.add_user and its like: they open Wagtail's own user pages, which know no divisions.
        *(f"members.{action}_{model}" for model in _MANAGED for action in ("add", "change")),
        "members.add_rosterimport",
        "members.change_feedback",
    ),
    Role.AUDITOR: _SEEN,
    Role.INSPECTOR: ("members.view_user", "members.view_team", "members.view_division"),
}


def announce_end_of_access(sender: type[User], user: User | None, **kwargs: Any) -> None:
    """Signing out anywhere (our page, Wagtail's) ends what the sign-in opened."""
    if user is not None:
        access_ended.send(sender=User, person=user)


def give_permissions(sender: AppConfig, using: str, verbosity: int = 0, **kwargs: Any) -> None:
    """After migrations: what each role may do with this app, and that all staff may enter the staff interface."""
    # The permissions are made by a receiver of the same signal, and nobody promises which runs first.
    for config in (sender, apps.get_app_config("wagtailadmin")):
        create_permissions(config, verbosity=0, using=using)
    for role in STAFF_ROLES:
        granted = PERMISSIONS.get(role, ())
        permit(role, ["wagtailadmin.access_admin", *granted])
        _take_back(role, keep={name.removeprefix("members.") for name in granted})


def _take_back(role: Role, *, keep: set[str]) -> None:
    """What an earlier release granted for this app and this one no longer does."""
    group = role_group(role)
    group.permissions.remove(*group.permissions.filter(content_type__app_label="members").exclude(codename__in=keep))
