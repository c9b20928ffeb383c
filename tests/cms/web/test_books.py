"""Handbooks to take away: who gets them, and that nobody is served what was printed for somebody else."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Division, User
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite

pytestmark = pytest.mark.django_db
DOORS = ("handbook_pdf", "handbook_single_page")


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.HANDBOOK_PRINT_DIR = tmp_path


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def taken(client: Client, address: str) -> tuple[int, bytes]:
    answer = client.get(address)
    return answer.status_code, answer.getvalue()


@pytest.mark.parametrize("door", DOORS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client, door: str) -> None:
    address = reverse(door, args=[a_handbook().pk])

    assert client.get(address)["Location"] == f"/sign-in/?next={address}"


@pytest.mark.parametrize("door", DOORS)
def test_a_public_handbook_is_taken_without_signing_in(client: Client, door: str) -> None:
    assert taken(client, reverse(door, args=[a_handbook(public=True).pk]))[0] == 200


@pytest.mark.parametrize("door", DOORS)
def test_another_township_gets_nothing_even_when_it_is_printed_already(
    ana: User, dan: User, ben: User, township: Division, door: str
) -> None:
    address = reverse(door, args=[a_handbook(division=township).pk])

    answers = {who.username: taken(signed_in(who), address)[0] for who in (ana, dan, ben)}

    assert answers == {"ana": 200, "dan": 404, "ben": 200}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_not_yours_looks_like_what_is_not_there(dan: User, township: Division, door: str) -> None:
    client, handbook = signed_in(dan), a_handbook(division=township)

    assert taken(client, reverse(door, args=[handbook.pk]))[0] == taken(client, reverse(door, args=[999_999]))[0] == 404


@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_handbook_is_not_there(ana: User, door: str) -> None:
    entry = entry_of(a_handbook())

    assert signed_in(ana).get(reverse(door, args=[entry.pk])).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_a_withdrawn_handbook_is_withdrawn_here_too(ana: User, door: str) -> None:
    handbook = a_handbook()
    client, address = signed_in(ana), reverse(door, args=[handbook.pk])
    assert taken(client, address)[0] == 200

    handbook.unpublish()

    assert taken(client, address)[0] == 404


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_sent_again_that_the_reader_has(ana: User, door: str) -> None:
    handbook = a_handbook(an_entry())
    client, address = signed_in(ana), reverse(door, args=[handbook.pk])
    first = client.get(address)
    first.getvalue()

    same = client.get(address, headers={"if-none-match": first["ETag"]})
    rewrite(entry_of(handbook), "改了。")
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    changed.getvalue()

    assert (same.status_code, changed.status_code) == (304, 200)


def test_the_pdf_is_a_pdf_and_the_page_a_download(ana: User) -> None:
    handbook, client = a_handbook(), signed_in(ana)

    pdf = client.get(reverse("handbook_pdf", args=[handbook.pk]))
    page = client.get(reverse("handbook_single_page", args=[handbook.pk]))

    assert (pdf["Content-Type"], pdf.getvalue()[:5]) == ("application/pdf", b"%PDF-")
    assert page["Content-Disposition"].startswith("attachment;")
    assert {pdf["Cache-Control"], page["Cache-Control"]} == {"private, no-cache"}


def test_the_handbook_offers_both(ana: User) -> None:
    handbook = a_handbook()

    text = signed_in(ana).get(handbook.url).content.decode()

    assert all(f'href="{reverse(door, args=[handbook.pk])}"' in text for door in DOORS)
