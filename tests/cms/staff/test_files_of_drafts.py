"""Files that stand on no stored page: whose they are, who sees them in a draft, and that a review holds them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import BasePage, NoticePage
from common.clock import now
from members.enums import Role
from members.models import Division, User
from tests.cms.staff.test_closed_files import ASKED, DOORS, _folder, document, image, renamed
from tests.factories.cms import a_notice
from tests.factories.members import UserFactory, give_role
from tests.support.doors import as_parameters, signed_in, tells

__all__ = ["_folder", "document", "image"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def upload_as(person: User, *files: Any) -> None:
    for file in files:
        file.uploaded_by_user = person
        file.save()


@pytest.mark.parametrize("door", as_parameters(DOORS))
def test_a_file_in_no_page_is_its_uploaders_and_the_countys(
    door: str, trainers: dict[str, User], document: Any, image: Any
) -> None:
    upload_as(trainers["own"], document, image)
    address = DOORS[door].format(document=document.pk, image=image.pk, asked=ASKED)

    told = {name: tells(trainer, address) for name, trainer in trainers.items()}

    assert told == {"own": True, "other": False, "county": True}


def test_a_file_that_nobody_uploaded_is_the_countys(trainers: dict[str, User], document: Any) -> None:
    told = {name: tells(trainer, "/admin/documents/") for name, trainer in trainers.items()}

    assert told == {"own": False, "other": False, "county": True}


def a_draft(by: User, document: Any, image: Any, division: Division | None = None) -> NoticePage:
    """Of a published notice; its stored state names none of the files."""
    notice = a_notice(division=division)
    link = f'<p><a linktype="document" id="{document.pk}">办法</a></p>'
    notice.body = [("image", {"image": image, "description": "图"}), ("text", RichText(link))]
    notice.save_revision(user=by)
    return NoticePage.objects.get(pk=notice.pk)


def opened(person: User, *files: Any) -> list[int]:
    """What comes of asking for them by their own addresses: documents, and pictures in the size of a page."""
    addresses = [file.url if hasattr(file, "url") else file.get_rendition("width-800").url for file in files]
    return [signed_in(person).get(address).status_code for address in addresses]


def test_whoever_may_see_a_draft_sees_the_files_in_it_and_nobody_else_does(
    trainers: dict[str, User], township: Division, ana: User, document: Any, image: Any
) -> None:
    second = give_role(UserFactory(username="second"), Role.TRAINER, township)
    upload_as(trainers["own"], document, image)
    draft = a_draft(trainers["own"], document, image, township)

    shown = signed_in(second).get(f"/admin/pages/{draft.pk}/view_draft/").content.decode()

    assert image.get_rendition("width-800|format-webp").url in shown
    people = {"second": second, "other": trainers["other"], "county": trainers["county"], "member": ana}
    assert {name: opened(person, document, image) for name, person in people.items()} == {
        "second": [200, 200],
        "other": [404, 404],
        "county": [200, 200],
        "member": [404, 404],
    }
    assert not tells(second, "/admin/documents/chooser/")


def test_a_file_with_a_similar_number_or_in_a_draft_that_was_replaced_is_not_meant(
    trainers: dict[str, User], ben: User, document: Any, image: Any
) -> None:
    upload_as(ben, document, image)
    draft = a_draft(ben, document, image)
    assert opened(trainers["own"], document, image) == [200, 200]

    draft.body = [("key_figure", {"value": f"{image.pk}", "label": "天", "source": ""})]
    draft.save_revision(user=ben)

    assert opened(trainers["own"], document, image) == [404, 404]


def test_a_file_is_not_replaced_while_its_draft_is_in_review(
    trainers: dict[str, User], document: Any, image: Any
) -> None:
    upload_as(trainers["own"], document, image)
    draft = a_draft(trainers["own"], document, image)
    assert renamed(trainers["own"], image) == "换了"

    draft.get_workflow().start(draft, trainers["own"])

    type(document).objects.update(title="审核中")
    type(image).objects.update(title="审核中")
    names = {renamed(person, file) for person in trainers.values() for file in (document, image)}
    assert names == {"审核中"}


def test_a_file_is_not_replaced_between_its_approval_and_the_time_it_goes_live(
    trainers: dict[str, User], document: Any, image: Any
) -> None:
    upload_as(trainers["own"], document, image)
    draft = a_draft(trainers["own"], document, image).get_latest_revision_as_object()
    draft.go_live_at = now() + timedelta(days=2)
    draft.save_revision(user=trainers["own"])
    state = draft.get_workflow().start(draft, trainers["own"])
    state.current_task_state.task.specific.on_action(state.current_task_state, trainers["county"], "approve")
    assert BasePage.objects.get(pk=draft.pk).scheduled_revision is not None
    draft.body = []
    draft.save_revision(user=trainers["own"])

    names = [renamed(trainers["own"], file) for file in (document, image)]

    assert "换了" not in names


def send_notice(person: User, notice: NoticePage, body: Any) -> Any:
    client = Client()
    client.force_login(person)
    form = {
        "title": notice.title,
        "slug": notice.slug,
        "issue": notice.issue,
        "issued_on": f"{notice.issued_on}",
        "basis": "",
        "body": streamfield(body),
        "audience_rules": inline_formset([]),
        "comments": inline_formset([]),
    }
    return client.post(f"/admin/pages/{notice.pk}/edit/", nested_form_data(form))


def bodies(document: Any, image: Any, page: BasePage) -> dict[str, Any]:
    return {
        "image": [("image", {"image": image.pk, "description": "图"})],
        "document": [("document", document.pk)],
        "link to a file": [("text", rich_text(f'<a linktype="document" id="{document.pk}">甲</a>'))],
        "link to a page": [("text", rich_text(f'<a linktype="page" id="{page.pk}">甲</a>'))],
    }


@pytest.mark.parametrize("kind", ["image", "document", "link to a file", "link to a page"])
def test_a_guessed_number_opens_no_file_by_way_of_a_draft(
    kind: str, trainers: dict[str, User], township: Division, document: Any, image: Any
) -> None:
    upload_as(trainers["own"], document, image)
    notice, closed = a_notice(), a_notice("青石提示", division=township)

    answers = {
        name: send_notice(trainers[name], notice, bodies(document, image, closed)[kind]).status_code
        for name in ("other", "own")
    }

    # The form is shown again, or the draft is stored.
    assert answers == {"other": 200, "own": 302}


def test_what_stood_in_the_draft_stays_in_it_whoever_writes_on(
    trainers: dict[str, User], document: Any, image: Any
) -> None:
    upload_as(trainers["own"], document, image)
    draft = a_draft(trainers["own"], document, image)
    body = [*bodies(document, image, draft)["image"], ("warning", "不要代签。")]

    assert send_notice(trainers["other"], draft, body).status_code == 302
    assert send_notice(trainers["other"], draft, [("warning", "没有图")]).status_code == 302
    assert send_notice(trainers["other"], draft, body).status_code == 302
