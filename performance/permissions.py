"""What each role may do with this app; in which divisions is asked of its rules."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from members.domain.roles import permit
from members.enums import Role

_SEEN = tuple(
    f"performance.view_{model}" for model in ("ledgerentry", "ledgerkind", "rating", "ratingsheet", "ratingkind")
)
_ENTERED = (
    "performance.add_ledgerentry",
    "performance.change_ledgerentry",
    "performance.add_ledgerkind",
    "performance.change_ledgerkind",
    "performance.add_rating",
    "performance.add_ratingsheet",
    "performance.add_ratingkind",
    "performance.change_ratingkind",
)

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (*_SEEN, *_ENTERED),
    Role.INSPECTOR: _SEEN,
    Role.AUDITOR: _SEEN,
}


def give_permissions(sender: AppConfig, using: str, verbosity: int = 0, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    # The permissions are made by a receiver of the same signal, and nobody promises which runs first.
    create_permissions(sender, verbosity=0, using=using)
    for role, names in PERMISSIONS.items():
        permit(role, names)
