"""What each role may do with questions."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from wagtail.snippets.models import create_extra_permissions

from members.domain.roles import permit
from members.enums import Role

_SEEN = tuple(f"question_bank.view_{model}" for model in ("topic", "question", "questionversion"))
_EDITED = (
    *_SEEN,
    *(f"question_bank.{action}_{model}" for model in ("topic", "question") for action in ("add", "change", "delete")),
    *(f"question_bank.{action}_question" for action in ("publish", "lock", "unlock")),
)

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.TRAINER: _EDITED,
    Role.ADMINISTRATOR: _EDITED,
    Role.INSPECTOR: _SEEN,
    Role.AUDITOR: _SEEN,
}


def give_permissions(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``. The permissions themselves are made by other receivers, in no promised order."""
    create_permissions(sender, verbosity=0, using=using)
    create_extra_permissions(sender, using=using)
    for role, permissions in PERMISSIONS.items():
        permit(role, permissions)
