"""What has expired leaves the current lists and is kept apart."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from cms.domain.importing import Book, Chapter, shelve
from cms.models import EntryPage
from common.clock import now
from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def entry() -> EntryPage:
    """The current one of a chapter of two."""
    yesterday = localdate(now()) - timedelta(days=1)
    return entry_of(a_handbook(an_entry("新标准", valid_to=localdate(now())), an_entry("旧标准", valid_to=yesterday)))


@pytest.mark.parametrize("place", ["chapter", "handbook"])
def test_what_has_expired_stands_below_and_closed(phone: Client, entry: EntryPage, place: str) -> None:
    chapter = entry.get_parent()

    shown = page_of(phone.get((chapter if place == "chapter" else chapter.get_parent()).url))

    current, expired = [" ".join(words_in(shown, "ul", class_="rows")[n].split()) for n in (0, 1)]
    assert (current, expired) == ("1. 新标准 未读", "2. 旧标准 已失效")
    assert words_in(shown, "summary") == ["已失效（1 条）"]
    assert shown.all("details", open="") == []


def test_the_shelf_counts_what_holds(phone: Client, entry: EntryPage) -> None:
    assert "1 条" in words_in(page_of(phone.get("/handbooks/")), "small")[0]


def test_a_search_finds_what_has_expired_only_when_asked_and_marks_it(phone: Client, entry: EntryPage) -> None:
    def chips(address: str) -> list[str]:
        return words_in(page_of(phone.get(address)), "span", class_="chip")

    assert chips("/search/?q=标准") == ["条目"]
    assert chips("/search/?q=标准&expired=1") == ["条目", "已失效"]


def test_an_expired_entry_says_so_at_its_top(phone: Client, entry: EntryPage) -> None:
    old = entry.get_next_sibling().specific

    assert "本条已经失效" in " ".join(words_in(page_of(phone.get(old.url)), "b"))
    assert "本条已经失效" not in phone.get(entry.url).content.decode()


def test_turning_the_pages_leads_past_what_has_expired_or_was_withdrawn(phone: Client) -> None:
    yesterday = localdate(now()) - timedelta(days=1)
    book = a_handbook(an_entry("一"), an_entry("旧", valid_to=yesterday), an_entry("撤"), an_entry("四"), title="翻页")
    first, old, withdrawn, last = EntryPage.objects.of_handbook(book)
    withdrawn.unpublish()

    turned = {entry.title: around(phone, entry) for entry in (first, old, last)}

    assert turned == {"一": (None, "四"), "旧": ("一", "四"), "四": ("一", None)}


def test_a_withdrawn_chapter_is_passed_by_and_from_an_expired_entry_the_expired_are_seen(
    phone: Client,
) -> None:
    yesterday = localdate(now()) - timedelta(days=1)
    old = [an_entry(title, valid_to=yesterday) for title in ("旧一", "旧二")]
    chapters = [
        Chapter("甲", entries=[an_entry("一")]),
        Chapter("乙", entries=[an_entry("二")]),
        Chapter("丙", entries=old),
    ]
    book = shelve(Book("分章", chapters=chapters), by=None, at=now(), publish=True)
    first, second, *expired = EntryPage.objects.of_handbook(book)
    second.get_parent().specific.unpublish()

    turned = {entry.title: around(phone, entry) for entry in (first, *expired)}

    assert turned == {"一": (None, None), "旧一": ("一", "旧二"), "旧二": ("旧一", None)}


def around(phone: Client, entry: EntryPage) -> tuple[str | None, str | None]:
    """The titles of the entries before and after it."""
    shown = phone.get(entry.url).context
    before, after = shown["before"], shown["after"]
    return before and before.title, after and after.title
