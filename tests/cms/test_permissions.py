"""What every installation starts with, and that nobody publishes alone."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.domain.shelves import ensure_shelves
from cms.models import BasePage, SecondPersonTask
from cms.permissions import make_ready
from members.enums import Role
from members.models import Division, User
from tests.factories.cms import a_notice
from tests.factories.members import UserFactory, give_role


def stock() -> list[int]:
    """How many there are of everything an installation starts with."""
    models: list[Any] = [
        BasePage, Site, Locale, Collection, GroupPagePermission, GroupCollectionPermission, SecondPersonTask,
        Workflow, WorkflowPage, WorkflowTask,
    ]  # fmt: skip
    return [model.objects.count() for model in models]


@pytest.mark.django_db
def test_making_ready_again_adds_nothing() -> None:
    before = stock()

    make_ready(apps.get_app_config("cms"), using="default")

    assert stock() == before
    assert [page.url for page in ensure_shelves()] == ["/handbooks/", "/lectures/", "/notices/"]


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_is_made_ready_again() -> None:
    call_command("flush", interactive=False, verbosity=0)

    assert [page.url for page in ensure_shelves()] == ["/handbooks/", "/lectures/", "/notices/"]
    # Root, home and three shelves; two groups of writers with four permissions on pages and six on files.
    assert stock() == [5, 1, 1, 1, 8, 12, 1, 1, 1, 1]


@pytest.fixture
def second_trainer(county: Division) -> User:
    return give_role(UserFactory(username="second"), Role.TRAINER, county)


def in_review(writer: User) -> Any:
    """A notice whose next version ``writer`` has sent to review."""
    notice = a_notice("旧标题")
    notice.title = "新标题"
    notice.save_revision(user=writer)
    notice.get_workflow().start(notice, writer)
    notice.refresh_from_db()
    return notice


def actions(notice: Any, person: User) -> set[str]:
    task = notice.current_workflow_task
    return {name for name, _label, _form in task.get_actions(notice, person)}


@pytest.mark.django_db
def test_whoever_wrote_a_version_cannot_approve_it(ben: User, second_trainer: User, ana: User) -> None:
    notice = in_review(ben)

    offered = {who.username: "approve" in actions(notice, who) for who in (ben, second_trainer, ana)}

    assert offered == {"ben": False, "second": True, "ana": False}


@pytest.mark.django_db
def test_a_writer_sees_the_reviews_of_others_alone(ben: User, second_trainer: User) -> None:
    notice = in_review(ben)
    task = notice.current_workflow_task

    waiting = {who.username: task.get_task_states_user_can_moderate(who).count() for who in (ben, second_trainer)}

    assert waiting == {"ben": 0, "second": 1}


@pytest.mark.django_db
def test_publishing_follows_the_approval_of_another_person(ben: User, second_trainer: User) -> None:
    notice = in_review(ben)

    notice.current_workflow_task.on_action(notice.current_workflow_task_state, second_trainer, "approve")

    shown = BasePage.objects.get(pk=notice.pk)
    assert (shown.live, shown.title) == (True, "新标题")


@pytest.mark.django_db
def test_the_form_of_a_writer_does_not_approve_or_publish(client: Any, ben: User) -> None:
    notice = in_review(ben)
    client.force_login(ben)

    client.post(f"/admin/pages/workflow/action/{notice.pk}/approve/{notice.current_workflow_task_state.pk}/")
    permissions = notice.permissions_for_user(ben)

    assert (permissions.can_edit(), permissions.can_publish()) == (True, False)
    assert BasePage.objects.get(pk=notice.pk).title == "旧标题"
