"""What a device may keep for reading without a network, and that it goes at sign-out."""

from typing import Any

import pytest
from django.test import Client

from cms.web.offline import name_for
from members.models import Division, User
from tests.factories.cms import a_handbook, a_lecture, a_notice, entry_of

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def kept(client: Client, address: str) -> str | None:
    """The name under which the page may be kept; the page itself brings the worker exactly then."""
    answer = client.get(address)
    name: str | None = answer.get("X-Offline")
    assert ('data-offline-note="' in answer.content.decode()) is bool(name)
    return name


def test_what_everybody_reads_is_kept_under_a_name_of_ones_own(ana: User, dan: User, client: Client) -> None:
    entry = entry_of(a_handbook(public=True))
    pages = [entry.url, entry.get_parent().url, a_lecture().url, a_notice().url, "/handbooks/", "/lectures/"]

    names = {who.username: {kept(signed_in(who), page) for page in pages} for who in (ana, dan)}

    assert names == {"ana": {name_for(ana)}, "dan": {name_for(dan)}}
    assert name_for(ana) != name_for(dan)
    assert str(ana.uuid).replace("-", "")[:8] not in name_for(ana)
    assert kept(client, entry.url) is None


def test_what_is_addressed_to_some_is_not_kept_and_neither_is_a_list_that_names_it(
    ana: User, township: Division
) -> None:
    entry = entry_of(a_handbook(division=township))
    pages = [entry.url, entry.get_parent().url, entry.get_parent().get_parent().url, "/handbooks/"]
    pages += [a_notice(division=township).url, "/notices/"]

    assert {page: kept(signed_in(ana), page) for page in pages} == dict.fromkeys(pages)


@pytest.mark.parametrize("address", ["/", "/search/?q=天数", "/exams/", "/me/", "/me/data/", "/offline/"])
def test_nothing_about_a_person_is_kept(ana: User, address: str) -> None:
    a_handbook()

    assert kept(signed_in(ana), address) is None


def test_the_worker_comes_from_the_root_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/service-worker.js")

    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/javascript", "no-cache")


def test_signing_out_clears_what_the_device_keeps(ana: User) -> None:
    answer: Any = signed_in(ana).post("/sign-out/")

    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/sign-in/", '"cache", "storage"')
