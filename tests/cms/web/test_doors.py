"""A restricted handbook, by every door there is: Ana reads it, Dan of another township finds nothing."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.models import EntryPage, LecturePage
from members.models import User
from tests.factories.cms import a_handbook, a_lecture, a_notice, an_entry, entry_of
from tests.support import cast

pytestmark = pytest.mark.django_db
SECRET = "青石口径"


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.HANDBOOK_PRINT_DIR = str(tmp_path / "media"), tmp_path / "prints"
    # Renditions of another test's picture with the same key.
    cache.clear()


@pytest.fixture(scope="module")
def _entry(standing: None) -> EntryPage:
    township = cast.township()
    drawn = BytesIO()
    Drawing.new("RGB", (2, 2)).save(drawn, "PNG")
    picture = get_image_model().objects.create(title="图", file=ContentFile(drawn.getvalue(), name="a.png"))
    recording = get_document_model().objects.create(title="录音", file=ContentFile(b"ID3", name="a.mp3"))
    body = [("image", {"image": picture, "description": "图"})]
    a_lecture(f"{SECRET}讲座", division=township, audio=recording, body=body)
    a_notice(f"{SECRET}提示", division=township)
    return entry_of(a_handbook(an_entry(SECRET), title=f"{SECRET}手册", division=township))


@pytest.fixture
def entry(_entry: EntryPage, db: None) -> EntryPage:
    return EntryPage.objects.get(pk=_entry.pk)


def all_three(ana: User, dan: User) -> list[tuple[str, Client]]:
    return [("ana", signed_in(ana)), ("dan", signed_in(dan)), ("nobody", Client())]


def doors(entry: EntryPage) -> dict[str, str]:
    """Every address by which a member may try, with the secret word in what it shows to whoever may."""
    chapter = entry.get_parent()
    return {
        "home": "/",
        "handbook": chapter.get_parent().url,
        "chapter": chapter.url,
        "entry": entry.url,
        "shelf": "/handbooks/",
        "lectures": "/lectures/",
        "notices": "/notices/",
        "search": f"/search/?q={SECRET}",
        "search with the expired": f"/search/?q={SECRET}&expired=1",
        "search in the handbook": f"/search/?q={SECRET}&handbook={chapter.get_parent().pk}",
        "stable link": f"/e/{entry.pk}/",
        "single page": f"/handbooks/{chapter.get_parent().pk}/page/",
    }


def silent_doors(entry: EntryPage) -> list[str]:
    """Addresses whose answers hold no words to look for, but must not be had either."""
    lecture = LecturePage.objects.get()
    picture = lecture.body[0].value["image"]
    return [
        f"/handbooks/{entry.get_parent().get_parent().pk}/pdf/",
        f"/e/{entry.pk}/qr.svg",
        lecture.audio.url,
        picture.file.url,
        picture.get_rendition("width-800|format-webp").url,
    ]


def staff_doors(entry: EntryPage) -> list[str]:
    page = f"/admin/pages/{entry.pk}"
    revision = entry.latest_revision_id
    return [
        f"{page}/edit/",
        f"{page}/edit/preview/",
        f"{page}/view_draft/",
        f"{page}/history/",
        f"{page}/revisions/{revision}/view/",
        f"{page}/revisions/compare/earliest...latest/",
        f"/admin/pages/search/?q={SECRET}",
        f"/admin/choose-page/{entry.get_parent().pk}/",
        f"/admin/api/main/pages/{entry.pk}/",
        "/admin/pages/usage/cms/entrypage/",
        "/admin/reports/aging-pages/",
    ]


def leaks(client: Client, addresses: Iterable[str]) -> list[str]:
    """Where the secret word is shown; the word that was asked for is not one that was told."""
    shown = {address: client.get(address, follow=True).content.decode() for address in addresses}
    return [address for address, text in shown.items() if SECRET in text.replace(f'value="{SECRET}"', "")]


def test_whoever_it_is_addressed_to_comes_in_by_every_door(ana: User, entry: EntryPage) -> None:
    addresses = list(doors(entry).values())

    assert leaks(signed_in(ana), addresses) == addresses


def test_another_township_finds_nothing_by_any_door(dan: User, entry: EntryPage) -> None:
    client = signed_in(dan)

    assert leaks(client, doors(entry).values()) == []
    assert leaks(Client(), doors(entry).values()) == []
    assert client.post(f"/reading/{entry.pk}/").status_code == 404


# Wagtail leaves the temporary file of a new rendition to the collector of garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_files_codes_and_prints_are_had_by_whoever_it_is_addressed_to(ana: User, dan: User, entry: EntryPage) -> None:
    addresses = silent_doors(entry)

    answers = {who: [client.get(address).status_code for address in addresses] for who, client in all_three(ana, dan)}

    # Whoever is not signed in is asked to, where there is a page to go on to.
    assert answers == {"ana": [200] * 5, "dan": [404] * 5, "nobody": [302, 302, 302, 404, 404]}


def test_no_device_is_told_to_keep_what_is_addressed_to_some(ana: User, entry: EntryPage) -> None:
    client = signed_in(ana)

    kept = [address for address in doors(entry).values() if "X-Offline" in client.get(address, follow=True).headers]

    assert kept == []


def test_the_staff_doors_are_closed_to_every_member(ana: User, dan: User, ben: User, entry: EntryPage) -> None:
    addresses = staff_doors(entry)

    assert leaks(signed_in(ben), addresses[:1]) == addresses[:1]
    assert [leaks(client, addresses) for client in (signed_in(ana), signed_in(dan), Client())] == [[], [], []]


@pytest.mark.parametrize("address", ["/sitemap.xml", "/feed/", "/rss/", "/api/v2/pages/", "/api/v2/documents/"])
def test_there_is_no_map_no_feed_and_no_api_of_pages(ana: User, entry: EntryPage, address: str) -> None:
    assert [client.get(address).status_code for client in (signed_in(ana), Client())] == [404, 404]


def test_nothing_that_gives_out_pages_is_mounted_outside_the_staff_interface() -> None:
    modules = {getattr(pattern.callback, "__module__", "") for pattern in outside_admin(get_resolver().url_patterns)}

    foreign = {module for module in modules if module.startswith("wagtail")}
    assert foreign == {"wagtail.views", "wagtail.documents.views.serve"}


def outside_admin(patterns: list[Any], prefix: str = "") -> Iterable[URLPattern]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from outside_admin(pattern.url_patterns, address)
        elif not address.startswith("admin/"):
            yield pattern
