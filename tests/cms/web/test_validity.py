"""What has expired leaves the current lists and is kept apart."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

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
