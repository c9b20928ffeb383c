"""Trainers' pages of the library: axe finds nothing serious, and on a phone nothing sticks out sideways."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cms.domain.importing import Book, Chapter, shelve
from cms.domain.importing.waiting import WaitingFile, keep_waiting
from cms.models import EntryPage
from common.clock import now
from members.enums import Role
from members.models import Division, Message, User
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.journeys.conftest import OpenDevice
from tests.journeys.test_staff_for_everyone import faults_of

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
FILE = """# 新手册

## 第一章

### 驻村天数

全年不少于二百天。

依据：县级制度

### 没有依据的条目

在村里住。
"""


@pytest.fixture
def second(transactional_db: None, county: Division) -> User:
    return give_role(UserFactory(username="second", name="二审"), Role.TRAINER, county)


@pytest.fixture
def places(ben: User, second: User, settings: Any, tmp_path: Any) -> dict[str, str]:
    """What Ben sees while a book of the other trainer, and an entry of it by itself, wait for him."""
    settings.IMPORT_DIR = tmp_path / "imports"
    published = a_handbook(*(an_entry(f"驻村天数的第{n}条规定怎样计算") for n in range(3)))
    entry = entry_of(published)
    entry.title = "驻村天数怎么算才对"
    entry.save_revision(user=second)
    entry.get_workflow().start(entry, second)
    a_notice("请各工作队开会")
    drafts = shelve(Book("草稿手册", chapters=[Chapter("第一章", entries=[an_entry("甲")])]), by=ben, at=now())
    waiting = keep_waiting(WaitingFile("新手册.md", FILE.encode()), by=ben, at=now())
    return {
        "first page": "/admin/",
        "book": f"/admin/pages/{published.pk}/",
        "notices": f"/admin/pages/{a_notice('另一期').get_parent().pk}/",
        "entry in review": f"/admin/pages/{entry.pk}/edit/",
        "comparison": f"/admin/pages/{entry.pk}/revisions/compare/live...latest/",
        "history": f"/admin/pages/{entry.pk}/history/",
        "sending a book": f"/admin/books/{drafts.pk}/submit/",
        "approving a book": f"/admin/books/{published.pk}/approve/",
        "checked today": f"/admin/entries/{entry_of(published, 1).pk}/checked/",
        "bringing in": "/admin/handbook-import/",
        "dry run": f"/admin/handbook-import/{waiting}/",
        "reading": f"/admin/reading/?handbook={published.pk}",
        "reading of notices": "/admin/reading/?handbook=notices",
        "messages": "/messages/",
    }


OWN = ("first page", "sending a book", "approving a book", "checked today", "bringing in", "dry run", "reading")
OURS = (*OWN, "reading of notices", "messages")


def test_no_page_of_a_trainer_keeps_anybody_out(browse: OpenDevice, ben: User, places: dict[str, str]) -> None:
    """Wagtail's own pages are its to mend."""
    found = list(faults_of(browse(ben, desk=True), {name: places[name] for name in OURS}))

    assert "\n".join(found) == ""


def test_no_page_of_a_trainer_sticks_out_of_a_phone(browse: OpenDevice, ben: User, places: dict[str, str]) -> None:
    phone = browse(ben)
    page = phone.open("/admin/")

    found = {name: width_beyond(page, phone.address + path) for name, path in places.items()}

    assert {name: pixels for name, pixels in found.items() if pixels} == {}


def width_beyond(page: Page, address: str) -> int:
    page.goto(address)
    page.wait_for_load_state("load")
    pixels: int = page.evaluate(SIDEWAYS)
    return pixels


def test_a_reviewer_is_told_looks_and_approves_and_the_writer_hears_of_it(
    browse: OpenDevice, ben: User, second: User
) -> None:
    drafts = shelve(Book("草稿手册", chapters=[Chapter("第一章", entries=[an_entry("甲")])]), by=ben, at=now())
    writer = browse(ben, desk=True).open(f"/admin/books/{drafts.pk}/submit/")
    writer.get_by_role("button", name="送审").click()
    expect(writer.locator(".messages")).to_contain_text("3")

    reviewer = browse(second)
    page = reviewer.open("/messages/")
    page.get_by_role("button", name="请您审核：草稿手册").click()
    page.get_by_role("button", name="通过并发布").click()
    expect(page.locator(".messages")).to_contain_text("3")

    assert EntryPage.objects.get().live
    assert Message.objects.of(ben).get().subject == "审核通过：草稿手册"
    page.goto(f"{reviewer.address}/admin/")
    expect(page.locator("main")).not_to_contain_text("待您审核")
