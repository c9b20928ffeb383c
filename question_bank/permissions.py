"""What each role may do with questions."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import WorkflowContentType
from wagtail.snippets.models import create_extra_permissions

from cms.permissions import ensure_review
from members.domain.roles import permit, role_group
from members.enums import Role
from question_bank.models import Question

_SEEN = tuple(f"question_bank.view_{model}" for model in ("topic", "question", "questionversion"))
# Nobody publishes alone: no role holds ``publish_question``; a question goes live when another person has approved it.
_EDITED = (
    *_SEEN,
    *(f"question_bank.{action}_{model}" for model in ("topic", "question") for action in ("add", "change", "delete")),
    *(f"question_bank.{action}_question" for action in ("lock", "unlock")),
)

WRITERS = (Role.TRAINER, Role.ADMINISTRATOR)

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
    publishing = Permission.objects.filter(content_type__app_label="question_bank", codename="publish_question")
    for role in WRITERS:
        role_group(role).permissions.remove(*publishing)
    _review()


def _review() -> None:
    """One workflow for every question; an office that set up another one keeps it."""
    content_type = ContentType.objects.get_for_model(Question, for_concrete_model=False)
    if WorkflowContentType.objects.filter(content_type=content_type).exists():
        return
    WorkflowContentType.objects.create(content_type=content_type, workflow=ensure_review())
