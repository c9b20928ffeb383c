"""What each role may do with this app; in which divisions is asked of ``courses.rules``."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from members.domain.roles import permit
from members.enums import Role

_MODELS = ("course", "coursekind", "lecturer")
_SEEN = tuple(f"courses.view_{model}" for model in _MODELS)
_PLANNED = tuple(f"courses.{action}_{model}" for model in _MODELS for action in ("add", "change"))

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.TRAINER: (*_SEEN, *_PLANNED),
    Role.ADMINISTRATOR: (*_SEEN, *_PLANNED),
    Role.INSPECTOR: _SEEN,
    Role.AUDITOR: _SEEN,
}


def give_permissions(sender: AppConfig, using: str, verbosity: int = 0, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    # The permissions are made by a receiver of the same signal, and nobody promises which runs first.
    create_permissions(sender, verbosity=0, using=using)
    for role, names in PERMISSIONS.items():
        permit(role, names)
