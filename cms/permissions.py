"""What each role may do with pages, and what every installation starts with."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Workflow, WorkflowPage, WorkflowTask

from cms.domain.shelves import ensure_root_collection, ensure_shelves
from cms.models import BasePage, SecondPersonTask
from members.domain.roles import role_group
from members.enums import Role

# Nobody publishes alone: what a trainer writes goes live when another person has approved it.
WRITERS = (Role.TRAINER, Role.ADMINISTRATOR)
REVIEW = "双人审核"
ON_PAGES = ("add_basepage", "change_basepage", "lock_basepage", "unlock_basepage")
FILE_APPS = ("wagtaildocs", "wagtailimages")
ON_FILES = ("add_document", "change_document", "choose_document", "add_image", "change_image", "choose_image")


def make_ready(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: shelves, the writers' permissions, and the review by a second person."""
    # The permissions are made by a receiver of the same signal, and nobody promises which runs first.
    for config in (sender, *map(apps.get_app_config, FILE_APPS)):
        create_permissions(config, verbosity=0, using=using)
    home = ensure_shelves().handbooks.get_parent()
    for role in WRITERS:
        _permit(role, home)
    _review(home)


def _permit(role: Role, home: BasePage) -> None:
    group = role_group(role)
    for permission in Permission.objects.filter(content_type__app_label="cms", codename__in=ON_PAGES):
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    root = ensure_root_collection()
    for permission in Permission.objects.filter(content_type__app_label__in=FILE_APPS, codename__in=ON_FILES):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _review(home: BasePage) -> None:
    """One workflow for everything below the home page; an office that set up another one keeps it."""
    if WorkflowPage.objects.filter(page=home).exists():
        return
    WorkflowPage.objects.create(page=home, workflow=ensure_review())


def ensure_review() -> Workflow:
    """The review by a second person, which other apps give to their own things."""
    workflow: Workflow | None = Workflow.objects.filter(name=REVIEW, active=True).first()
    if workflow is None:
        task = SecondPersonTask.objects.create(name="第二人审核")
        task.groups.set([role_group(role) for role in WRITERS])
        workflow = Workflow.objects.create(name=REVIEW)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow
