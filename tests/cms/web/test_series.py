"""Lectures and notices: one list each, and where they stand among the sections."""

from datetime import date

import pytest
from django.test import Client

from cms.domain import searching
from cms.domain.searching import search_pages
from members.models import User
from tests.factories.cms import a_handbook, a_lecture, a_notice, an_entry
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def test_lectures_and_notices_are_listed_with_who_or_which_issue_and_the_day(phone: Client) -> None:
    a_lecture("政策讲解")
    a_notice("开会通知")

    rows = {path: words_in(page_of(phone.get(path)), "a") for path in ("/lectures/", "/notices/")}

    assert "政策讲解李老师 · 2026年1月2日" in rows["/lectures/"]
    assert any(row.startswith("开会通知2026年第1期 · 2026年1月1日") for row in rows["/notices/"])


@pytest.mark.parametrize(
    ("path", "said"), [("/lectures/", "还没有发布讲座。"), ("/notices/", "还没有发给你的工作提示。")]
)
def test_an_empty_list_says_so(phone: Client, path: str, said: str) -> None:
    assert said in phone.get(path).content.decode()


@pytest.mark.parametrize("path", ["/handbooks/", "/lectures/", "/notices/", "/search/"])
def test_what_there_is_to_read_stands_in_one_section(phone: Client, path: str) -> None:
    here = page_of(phone.get(path)).all("a", aria_current="page")

    assert [link.text for link in here] == ["手册"]


def test_only_the_hits_of_the_page_that_is_shown_are_cut_out(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    a_handbook(*(an_entry(f"天数{number}") for number in range(5)))
    cut: list[str] = []
    hit = searching._hit
    monkeypatch.setattr(searching, "_hit", lambda page, words: cut.append(page.title) or hit(page, words))

    found = search_pages("天数", of=ana, on=date(2026, 6, 15))
    shown = [hit.page.title for hit in found[:2]]

    assert (len(found), shown, cut) == (5, shown, shown)
