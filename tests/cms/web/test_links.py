"""The stable link of an entry and its QR code."""

from io import BytesIO
from typing import Any

import pytest
import segno
from django.test import Client

from cms.models import BasePage, ChapterPage
from members.models import Division, User
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.support.pages import page_of

pytestmark = pytest.mark.django_db
CAST = ("nobody", "ana", "dan")


@pytest.fixture
def clients(ana: User, dan: User) -> dict[str, Client]:
    found = {"nobody": Client(), "ana": Client(), "dan": Client()}
    for person in (ana, dan):
        found[person.username].force_login(person)
    return found


def test_the_link_leads_to_where_the_entry_stands_and_survives_moving_and_renaming(clients: dict[str, Client]) -> None:
    entry, other = entry_of(a_handbook(title="旧书")), a_handbook(title="新书")
    link = f"/e/{entry.pk}/"
    before = clients["ana"].get(link)["Location"]
    entry.title, entry.slug = "改了名", "renamed"
    entry.save_revision().publish()
    entry.move(ChapterPage.objects.child_of(other).get(), pos="last-child")

    after = clients["ana"].get(link)["Location"]

    assert (before == after, after.startswith(other.url), after.endswith("/renamed/")) == (False, True, True)
    assert clients["ana"].get(after).status_code == 200


@pytest.mark.parametrize("address", ["/e/{}/", "/e/{}/qr.svg"])
def test_both_ask_who_reads(clients: dict[str, Client], township: Division, address: str) -> None:
    restricted = entry_of(a_handbook(title="青石", division=township))
    public = entry_of(a_handbook(title="公开", public=True))
    draft = entry_of(a_handbook(title="草稿"))
    draft.unpublish()

    def said(pk: int) -> list[Any]:
        found = [clients[name].get(address.format(pk)) for name in CAST]
        return ["sign in" if "/sign-in/" in it.get("Location", "") else it.status_code for it in found]

    ok = 302 if address == "/e/{}/" else 200
    assert {name: said(pk) for name, pk in (("restricted", restricted.pk), ("absent", 10**9))} == {
        "restricted": ["sign in", ok, 404],
        "absent": ["sign in", 404, 404],
    }
    assert (said(public.pk), said(draft.pk)) == ([ok] * 3, ["sign in", 404, 404])


def test_what_is_not_an_entry_has_no_stable_link(clients: dict[str, Client]) -> None:
    handbook = a_handbook()

    assert clients["ana"].get(f"/e/{handbook.pk}/").status_code == 404


def test_whoever_signs_in_arrives(clients: dict[str, Client]) -> None:
    entry = entry_of(a_handbook())

    assert clients["nobody"].get(f"/e/{entry.pk}/")["Location"] == f"/sign-in/?next=/e/{entry.pk}/"


def test_the_code_holds_the_absolute_stable_link_and_is_kept_privately(clients: dict[str, Client]) -> None:
    entry = entry_of(a_handbook())
    drawn = BytesIO()
    segno.make(f"http://testserver/e/{entry.pk}/", error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, scale=4, border=4, dark="#000", light="#fff", omitsize=True
    )

    answer = clients["ana"].get(f"/e/{entry.pk}/qr.svg")

    assert (answer.content, answer["Content-Type"], answer["Cache-Control"]) == (
        drawn.getvalue(),
        "image/svg+xml",
        "private, max-age=86400",
    )


def test_an_entry_shows_its_link_its_code_and_the_text_sizes(clients: dict[str, Client]) -> None:
    entry = entry_of(a_handbook(an_entry("天数")))

    page = page_of(clients["ana"].get(entry.url))

    assert [(image.attributes["src"], image.attributes["loading"]) for image in page.all("img")] == [
        (f"/e/{entry.pk}/qr.svg", "lazy")
    ]
    # On paper it stands in the page: whoever prints has not opened the block.
    assert len(page.all("svg", class_="segno")) == 1
    assert f"testserver/e/{entry.pk}/" in [link.text for link in page.all("a")]
    assert len(page.all("input", name="text-size")) == 3


def test_an_entry_that_was_not_saved_yet_is_previewed_without_a_link(ben: User) -> None:
    entry = entry_of(a_handbook())
    entry.pk = entry.id = None

    assert "qr.svg" not in entry.make_preview_request().rendered_content
    assert BasePage.objects.filter(title=entry.title).exists()
