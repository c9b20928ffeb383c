"""What each role may do with this app; in which divisions is asked of ``exams.rules``."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from members.domain.roles import permit
from members.enums import Role

_SCORES = ("exams.view_candidate", "exams.add_scoreexport")
_MARKING = ("exams.change_pendinganswer",)

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        *(
            f"exams.{action}_{model}"
            for model in ("exam", "blueprint")
            for action in ("add", "change", "delete", "view")
        ),
        *_MARKING,
        *_SCORES,
    ),
    Role.TRAINER: _MARKING,
    Role.INSPECTOR: _SCORES,
    Role.AUDITOR: _SCORES,
}


def give_permissions(sender: AppConfig, using: str, verbosity: int = 0, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    # The permissions are made by a receiver of the same signal, and nobody promises which runs first.
    create_permissions(sender, verbosity=0, using=using)
    for role, names in PERMISSIONS.items():
        permit(role, names)
