"""The form of a page in review: whoever changes a draft does not approve it in the same step."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import PageSubscription
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import BasePage, NoticePage
from members.enums import Role
from members.models import Division, Message, User
from tests.factories.cms import a_notice
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(county: Division) -> User:
    return give_role(UserFactory(username="second", name="二审"), Role.TRAINER, county)


@pytest.fixture
def notice(ben: User) -> NoticePage:
    """Its next version, called 新标题, is in review."""
    notice = NoticePage.objects.get(pk=a_notice("旧标题").pk)
    notice.title = "新标题"
    notice.save_revision(user=ben)
    notice.get_workflow().start(notice, ben)
    return NoticePage.objects.get(pk=notice.pk)


def send_form(person: User, notice: NoticePage, title: str, *, comments: Any = (), **pressed: str) -> list[str]:
    """Fill in the form of the page; what is said afterwards."""
    client = Client()
    client.force_login(person)
    form = {
        "title": title,
        "slug": notice.slug,
        "issue": notice.issue,
        "issued_on": f"{notice.issued_on}",
        "basis": "",
        "body": streamfield([("text", rich_text("<p>请到会。</p>"))]),
        "audience_rules": inline_formset([]),
        "comments": inline_formset(list(comments)),
        **pressed,
    }
    answer = client.post(f"/admin/pages/{notice.pk}/edit/", nested_form_data(form))
    assert answer.status_code == 302
    return [message.level_tag for message in get_messages(answer.wsgi_request)]


APPROVING = {"action-workflow-action": "1", "workflow-action-name": "approve"}


def test_what_a_reviewer_changes_while_approving_waits_for_another_person(
    notice: NoticePage, ben: User, second: User, cleo: User
) -> None:
    said = send_form(second, notice, "第二人改的", **APPROVING)

    page = NoticePage.objects.get(pk=notice.pk)
    task = page.current_workflow_task
    may_approve = {who.username: bool(task.get_actions(page, who)) for who in (ben, second, cleo)}
    assert "warning" in said
    assert (page.title, page.get_latest_revision_as_object().title) == ("旧标题", "第二人改的")
    assert may_approve == {"ben": False, "second": False, "cleo": True}


def test_a_form_in_which_nothing_was_touched_approves_and_stores_no_other_version(
    notice: NoticePage, second: User
) -> None:
    before = notice.latest_revision_id

    # The editor gives paragraphs keys, which the draft has not: for Wagtail that is a change.
    send_form(second, notice, "新标题", **APPROVING)

    page = NoticePage.objects.get(pk=notice.pk)
    assert (page.title, page.live_revision_id) == ("新标题", before)


def test_sending_back_with_a_change_leaves_the_draft_a_draft(notice: NoticePage, second: User) -> None:
    send_form(second, notice, "建议这样写", **{**APPROVING, "workflow-action-name": "reject"})

    page = NoticePage.objects.get(pk=notice.pk)
    assert (page.title, page.current_workflow_state.status) == ("旧标题", "needs_changes")


def test_no_way_around_the_form_lets_somebody_approve_what_they_wrote(
    notice: NoticePage, ben: User, second: User
) -> None:
    notice.title = "第二人改的"
    notice.save_revision(user=second)
    page = NoticePage.objects.get(pk=notice.pk)

    for person in (ben, second):
        with pytest.raises(PermissionDenied):
            page.current_workflow_task.on_action(page.current_workflow_task_state, person, "approve")

    assert BasePage.objects.get(pk=notice.pk).title == "旧标题"


def test_a_remark_is_told_in_the_product_to_who_follows_the_page(ben: User, second: User) -> None:
    notice = NoticePage.objects.get(pk=a_notice("旧标题").pk)
    PageSubscription.objects.create(page=notice, user=second, comment_notifications=True)
    remark = {"text": "请核对", "contentpath": "title", "position": "", "replies": inline_formset([])}

    send_form(ben, notice, "旧标题", comments=[remark])

    message = Message.objects.get()
    assert (message.person, message.subject, message.link) == (
        second,
        "批注：旧标题",
        f"/admin/pages/{notice.pk}/edit/",
    )
