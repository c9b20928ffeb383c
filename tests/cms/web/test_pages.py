"""The pages of the library: who reads what, by which door; and what a page costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import BasePage, EntryPage, ReadingRecord
from members.enums import Role
from members.models import Division, User
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of, rewrite

pytestmark = pytest.mark.django_db


def signed_in(person: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person)
    return client


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    handbook = a_handbook()

    answers = {url: client.get(url)["Location"] for url in ("/handbooks/", handbook.url, entry_of(handbook).url)}

    assert answers == {url: f"/sign-in/?next={url}" for url in answers}


def test_a_public_handbook_is_read_without_signing_in(client: Client) -> None:
    handbook = a_handbook(public=True)

    assert [client.get(page.url).status_code for page in (handbook, entry_of(handbook))] == [200, 200]


def test_a_public_handbook_addressed_to_somebody_is_not_public(client: Client, township: Division) -> None:
    handbook = a_handbook(public=True, division=township)

    assert client.get(handbook.url).status_code == 302


@pytest.mark.parametrize("path", ["/handbooks/", "/search/?q=专用"])
def test_a_restricted_handbook_is_listed_and_found_by_its_readers_alone(
    ana: User, dan: User, ben: User, township: Division, path: str
) -> None:
    a_handbook(an_entry("专用口径"), title="专用手册", division=township)

    shown = {who.username: "专用手册" in signed_in(who).get(path).content.decode() for who in (ana, dan, ben)}

    assert shown == {"ana": True, "dan": False, "ben": True}


def test_a_restricted_handbook_and_what_is_in_it_is_nothing_to_another_township(
    ana: User, dan: User, ben: User, township: Division
) -> None:
    handbook = a_handbook(division=township)
    entry = entry_of(handbook)
    doors = [handbook.url, entry.get_parent().url, entry.url]

    answers = {who.username: [signed_in(who).get(door).status_code for door in doors] for who in (ana, dan, ben)}

    assert answers == {"ana": [200] * 3, "dan": [404] * 3, "ben": [200] * 3}


def test_a_restricted_notice_is_nothing_to_another_township(ana: User, dan: User, township: Division) -> None:
    notice = a_notice("青石开会", division=township)

    def seen(who: User) -> tuple[int, bool, bool]:
        client = signed_in(who)
        listed, found = client.get("/notices/"), client.get("/search/?q=开会")
        return (
            client.get(notice.url).status_code,
            "青石开会" in listed.content.decode(),
            "青石开会" in found.content.decode(),
        )

    assert (seen(ana), seen(dan)) == ((200, True, True), (404, False, False))


def test_a_handbook_for_trainers_is_read_by_trainers(ana: User, ben: User) -> None:
    handbook = a_handbook(role=Role.TRAINER)

    assert [signed_in(who).get(handbook.url).status_code for who in (ana, ben)] == [404, 200]


def test_what_is_restricted_looks_exactly_like_what_does_not_exist(dan: User, township: Division) -> None:
    handbook = a_handbook(division=township)

    client = signed_in(dan)

    def seen(address: str) -> tuple[int, str]:
        answer = client.get(address)
        text = answer.content.decode().replace(address, "")
        return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)

    assert seen(handbook.url) == seen("/handbooks/none/")


def test_what_stands_in_a_withdrawn_handbook_is_withdrawn_too(ana: User) -> None:
    handbook = a_handbook(an_entry("旧口径"))
    entry = entry_of(handbook)
    BasePage.objects.filter(pk=handbook.pk).update(live=False)
    client = signed_in(ana)

    assert [client.get(page.url).status_code for page in (handbook, entry)] == [404, 404]
    assert "旧口径" not in client.get("/search/?q=旧口径").content.decode().split('role="status"')[1]


def test_a_draft_is_not_shown(ana: User) -> None:
    entry = entry_of(a_handbook())
    entry.unpublish()

    assert signed_in(ana).get(entry.url).status_code == 404


# -- saying that one has read ----------------------------------------------------------------


def test_saying_read_leads_back_and_is_noted(ana: User) -> None:
    entry = entry_of(a_handbook())

    answer = signed_in(ana).post(f"/reading/{entry.pk}/")

    assert (answer.status_code, answer["Location"]) == (302, entry.url)
    assert ReadingRecord.objects.get().revision_id == entry.live_revision_id


def test_nobody_else_notes_anything(client: Client, ana: User, dan: User, township: Division) -> None:
    entry = entry_of(a_handbook(division=township))
    address = f"/reading/{entry.pk}/"

    answers = {
        "anonymous": client.post(address).status_code,
        "another township": signed_in(dan).post(address).status_code,
        "without token": signed_in(ana, enforce_csrf_checks=True).post(address).status_code,
        "by a link": signed_in(ana).get(address).status_code,
    }

    assert answers == {"anonymous": 302, "another township": 404, "without token": 403, "by a link": 405}
    assert ReadingRecord.objects.count() == 0


def test_the_difference_is_shown_to_whoever_read_the_old_version(ana: User, dan: User) -> None:
    entry = entry_of(a_handbook(an_entry(short_answer="二百天。")))
    signed_in(ana).post(f"/reading/{entry.pk}/")
    rewrite(entry, "二百四十天。")

    shown = {who.username: signed_in(who).get(entry.url).content.decode() for who in (ana, dan)}

    assert ">二百四十天。</ins>" in shown["ana"]
    assert "</ins>" not in shown["dan"]


# -- what a page costs ------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "door",
    [
        lambda entry: "/handbooks/",
        lambda entry: entry.get_parent().get_parent().url,
        lambda entry: entry.get_parent().url,
        lambda entry: entry.url,
        lambda entry: "/search/?q=天数",
    ],
    ids=["shelf", "handbook", "chapter", "entry", "search"],
)
def test_a_page_asks_as_often_for_three_entries_as_for_one(ana: User, door: Callable[[EntryPage], str]) -> None:
    one = a_handbook(an_entry("天数"))
    client = signed_in(ana)
    few = queries(client, door(entry_of(one)))
    three = a_handbook(*(an_entry(f"天数{n}") for n in range(3)), title="另一本")

    # Any entry of the longer book has a neighbour on one side at least; the middle one on both.
    assert queries(client, door(entry_of(three, 1))) == few
