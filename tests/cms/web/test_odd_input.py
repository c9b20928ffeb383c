"""Whatever is typed into a search or an address is answered, and takes nobody further than a word would."""

from urllib.parse import quote

import pytest
from django.test import Client

from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of

pytestmark = pytest.mark.django_db

SEARCHES = [
    "/search/?q={}",
    "/admin/pages/search/?q={}",
    "/admin/pages/search/results/?q={}",
    "/admin/choose-page/search/?q={}",
    "/admin/documents/?q={}",
    "/admin/images/chooser/results/?q={}",
    "/admin/question-bank/?q={}",
]
TYPED = [
    "\0", "天数\0", "天数 " * 3000, "天" * 10_000, "a" * 10_000, "，。！", "😀", "天数😀", "%", "_", "100%", "天_数",
    '"', '"天数', '天"数"', "'天数", "天数*", "天数:*", "^天", "-天数", "AND", "天数 AND OR NOT", "NEAR(天 数)",
    "(天数", "'; drop table x;--", "\\", "天数&天数", "!天数", "|", "<->", "天\u200b数", "〇", "ﬁ", "İ" * 80,
    "\ufdfa" * 80, "\ufffe",
]  # fmt: skip


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.mark.parametrize("search", SEARCHES)
def test_whatever_is_typed_is_answered(search: str, ben: User) -> None:
    a_handbook(an_entry("驻村天数"))
    client = signed_in(ben)

    answers = {typed[:20]: client.get(search.format(quote(typed))).status_code for typed in TYPED}

    assert {typed: status for typed, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("typed", ['"天数', "天数\0", "“天数”", "天数 ？！", "天 数", '"驻村天数"', "天数" * 100])
def test_what_stands_around_the_words_hides_no_hit(typed: str, ana: User) -> None:
    entry = entry_of(a_handbook(an_entry("驻村天数", text="天数" * 200)))

    assert entry.url in signed_in(ana).get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["%", "_", "*", 'x" OR "天数', "NOT x", "title:天数"])
def test_signs_of_the_databases_find_nothing_by_themselves(typed: str, ana: User) -> None:
    entry = entry_of(a_handbook(an_entry("驻村天数")))

    assert entry.url not in signed_in(ana).get("/search/", {"q": typed}).content.decode()


def test_staff_find_what_they_put_in_quotation_marks(ben: User) -> None:
    a_handbook(an_entry("驻村天数怎么算"), an_entry("天数与驻村"))

    found = signed_in(ben).get("/admin/pages/search/", {"q": '"驻村天数"'}).content.decode()

    assert ("驻村天数怎么算" in found, "天数与驻村" in found) == (True, False)


BIG = 99_999_999_999_999_999_999
NUMBERED = ["/handbooks/{}/pdf/", "/handbooks/{}/page/", "/e/{}/", "/e/{}/qr.svg", "/documents/{}/a.pdf"]
FOR_STAFF = ["/admin/pages/{}/edit/", "/admin/choose-page/{}/", "/admin/books/{}/submit/", "/admin/entries/{}/checked/"]


@pytest.mark.parametrize("address", [*NUMBERED, *FOR_STAFF])
def test_a_number_that_no_row_can_have_leads_nowhere(address: str, ben: User) -> None:
    answers = [signed_in(ben).get(address.format(number)).status_code for number in (BIG, 2**63, 2**63 - 1, 2**31)]

    assert answers == [404, 404, 404, 404]


def test_pages_and_filters_that_mean_nothing_are_as_if_not_said(ana: User) -> None:
    entry = entry_of(a_handbook(an_entry("驻村天数")))
    odd = ["&page=999", "&page=-1", "&page=%00", "&page=x", "&handbook=%00", f"&handbook={BIG}", "&kind=%00"]

    found = {said: entry.url in signed_in(ana).get(f"/search/?q=天数{said}").content.decode() for said in odd}

    assert found == dict.fromkeys(odd, True)
