"""Documents and pictures go to the readers of the pages they stand in; nothing in a file ever runs here."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.users.models import UserProfile

from cms.models import BasePage, LecturePage
from members.models import Division, User
from tests.factories.cms import a_lecture

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the files that it draws pictures from to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
GUARD = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
MEDIA = "/media/"
CAST = ("nobody", "ana", "dan", "ben")


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    # Sizes of pictures are known by number there, and numbers begin anew with every test.
    cache.clear()
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.fixture
def clients(ana: User, dan: User, ben: User) -> dict[str, Client]:
    """Nobody; Ana of 青石镇; Dan of another township; Ben, a trainer, who may put files into pages."""
    found = {"nobody": Client()}
    for person in (ana, dan, ben):
        found[person.username] = Client()
        found[person.username].force_login(person)
    return found


def a_document(name: str = "办法.pdf", content: bytes = b"%PDF-1.4 0123456789") -> Document:
    document = Document(title=name)
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    return document


def a_picture(name: str = "map.png") -> Image:
    drawn = BytesIO()
    Drawing.new("RGB", (40, 30), "green").save(drawn, "PNG")
    return Image.objects.create(title=name, file=ContentFile(drawn.getvalue(), name=name))


def fetch(client: Client, address: str, **options: Any) -> tuple[Any, bytes]:
    """The answer with its whole body."""
    answer = client.get(address, **options)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, body


def said(response: Any) -> str:
    return {200: ".", 404: "-"}.get(response.status_code, "s" if "/sign-in/" in response.get("Location", "") else "?")


def answers(clients: dict[str, Client], address: str) -> str:
    """One sign for each of the cast: . the file   - not found   s sent to sign in"""
    return "".join(said(fetch(clients[name], address)[0]) for name in CAST)


def in_slides(document: Document, **options: Any) -> LecturePage:
    return a_lecture(body=[("document", document)], **options)


def in_text(document: Document, **options: Any) -> LecturePage:
    from wagtail.rich_text import RichText

    link = f'<p><a linktype="document" id="{document.pk}">办法</a></p>'
    return a_lecture(body=[("text", RichText(link))], **options)


def as_recording(field: str) -> Callable[..., LecturePage]:
    return lambda document, **options: a_lecture(**{field: document}, **options)


WAYS = [in_slides, in_text, as_recording("audio"), as_recording("video"), as_recording("captions")]


@pytest.mark.parametrize("put", WAYS, ids=["block", "link in a text", "audio", "video", "captions"])
def test_a_document_goes_to_the_readers_of_its_page(
    clients: dict[str, Client], township: Division, put: Callable[..., LecturePage]
) -> None:
    restricted, open_to_all, draft, public = (a_document(f"{n}.pdf") for n in range(4))
    put(restricted, title="青石专讲", division=township)
    put(open_to_all, title="全县讲座")
    put(draft, title="未发布").unpublish()
    BasePage.objects.filter(pk=put(public, title="公开讲座").pk).update(is_public=True)

    assert {document.title: answers(clients, document.url) for document in Document.objects.all()} == {
        "0.pdf": "s.-.",
        "1.pdf": "s...",
        "2.pdf": "s--.",
        "3.pdf": "....",
    }


def test_a_document_in_two_pages_goes_to_the_readers_of_either(clients: dict[str, Client], township: Division) -> None:
    document = a_document()
    in_slides(document, title="青石专讲", division=township)
    in_slides(document, title="全县讲座").unpublish()

    assert answers(clients, document.url) == "s.-."


def test_what_stands_in_no_page_is_for_those_who_put_files_into_pages(clients: dict[str, Client]) -> None:
    document, picture = a_document(), a_picture()

    assert answers(clients, document.url) == "s--."
    assert answers(clients, picture.file.url) == "---."
    assert answers(clients, picture.get_rendition("max-165x165").url) == "---."


def test_a_picture_goes_to_the_readers_of_its_page_in_every_size(
    clients: dict[str, Client], township: Division
) -> None:
    picture = a_picture()
    page = a_lecture(body=[("image", {"image": picture, "description": "图"})], division=township)
    clients["ana"].get(page.url)
    shown = picture.renditions.get().url

    assert [answers(clients, address) for address in (picture.file.url, shown)] == ["-.-.", "-.-."]


def test_what_is_not_yours_looks_exactly_like_what_does_not_exist(clients: dict[str, Client]) -> None:
    document, picture = a_document(), a_picture()

    def seen(address: str) -> str:
        answer = clients["dan"].get(address)
        page = answer.content.decode().replace(address, "")
        return f"{answer.status_code}{page.split('csrfmiddlewaretoken')[0]}"

    assert seen(document.url) == seen(f"/documents/{document.pk + 1}/x.pdf")
    assert seen(picture.file.url) == seen(f"{MEDIA}original_images/none.png")


def test_no_file_is_had_around_its_own_door(clients: dict[str, Client], tmp_path: Path) -> None:
    document = a_document()
    in_slides(document)
    (tmp_path / "export.csv").write_text("secret")
    doors = [document.file.url, f"{MEDIA}export.csv", f"{MEDIA}../manage.py", f"{MEDIA}%2e%2e/manage.py", MEDIA]

    assert {door: answers(clients, door) for door in doors} == dict.fromkeys(doors, "----")


def test_portraits_of_staff_are_seen_by_staff(clients: dict[str, Client], ben: User) -> None:
    profile = UserProfile.get_for_user(ben)
    profile.avatar.save("ben.png", a_picture().file)

    assert answers(clients, profile.avatar.url) == "---."


def test_a_private_collection_stays_private(clients: dict[str, Client], ben: User) -> None:
    from wagtail.models import Collection, CollectionViewRestriction

    document = a_document()
    in_slides(document)
    private = Collection.get_first_root_node().add_child(name="内部")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="groups")
    Document.objects.filter(pk=document.pk).update(collection=private)

    assert clients["ana"].get(document.url).status_code != 200


# -- how it is sent ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("a.pdf", "application/pdf", "inline"),
        ("a.mp3", "audio/mpeg", "inline"),
        ("a.mp4", "video/mp4", "inline"),
        ("a.vtt", "text/vtt", "inline"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("a.txt", "text/plain", "attachment"),
        ("a.svg", "application/octet-stream", "attachment"),
        ("a.html", "application/octet-stream", "attachment"),
        ("a.xhtml", "application/octet-stream", "attachment"),
        ("a.xml", "application/octet-stream", "attachment"),
        ("a", "application/octet-stream", "attachment"),
    ],
)
def test_only_what_cannot_run_is_shown_in_place(
    clients: dict[str, Client], name: str, kind: str, disposition: str
) -> None:
    answer, _body = fetch(clients["ben"], a_document(name, b"<script>alert(1)</script>").url)

    assert {header: answer.headers[header] for header in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": kind,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{name}",
    }


def test_every_file_is_sandboxed_and_kept_by_no_cache_between(clients: dict[str, Client]) -> None:
    files = [fetch(clients["ben"], address)[0] for address in (a_document().url, a_picture().file.url)]

    kept = ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
    assert [[file.headers[name] for name in kept] for file in files] == [[GUARD, "nosniff", "private, no-cache"]] * 2


@pytest.mark.parametrize(
    ("asked", "status", "part", "where"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=7-99", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=4-2", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_recording_is_sent_in_parts(
    clients: dict[str, Client], asked: str | None, status: int, part: bytes, where: str | None
) -> None:
    recording = a_document("讲座.mp3", b"0123456789")

    headers = {"Accept-Encoding": "gzip", **({"Range": asked} if asked else {})}
    answer, body = fetch(clients["ben"], recording.url, headers=headers)

    assert (answer.status_code, body, answer.get("Content-Range")) == (status, part, where)
    assert answer.headers["Content-Length"] == str(len(part))


def test_a_file_that_the_browser_has_is_not_sent_again(clients: dict[str, Client]) -> None:
    address = a_document("讲座.mp3", b"0123456789").url
    mark = fetch(clients["ben"], address)[0].headers["ETag"]

    again, _body = fetch(clients["ben"], address, headers={"If-None-Match": mark})
    other, whole = fetch(clients["ben"], address, headers={"Range": "bytes=2-4", "If-Range": '"another"'})
    foreign, _body = fetch(clients["dan"], address, headers={"If-None-Match": mark})

    assert (again.status_code, other.status_code, whole, foreign.status_code) == (304, 200, b"0123456789", 404)


def test_a_file_that_is_gone_from_the_disk_is_not_found(clients: dict[str, Client]) -> None:
    document = a_document()
    Path(document.file.path).unlink()

    assert clients["ben"].get(document.url).status_code == 404


def test_a_file_costs_as_many_questions_in_three_pages_as_in_one(clients: dict[str, Client]) -> None:
    document = a_document()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert fetch(clients["dan"], document.url)[0].status_code == 200
        return len(captured)

    in_slides(document, title="一")
    asked()
    once = asked()
    in_slides(document, title="二")
    in_slides(document, title="三")

    assert asked() == once


# -- what is kept -----------------------------------------------------------------------------


def upload(client: Client, address: str, name: str, content: bytes, prefix: str = "") -> Any:
    files = {field: ContentFile(content, name=name) for field in ("files[]", f"{prefix}file")}
    return client.post(
        address,
        {f"{prefix}title": name, f"{prefix}collection": "1", **files},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


def test_a_web_page_is_refused_by_every_form_whatever_it_is_called(clients: dict[str, Client]) -> None:
    page, drawing = b"<html><script>alert(1)</script></html>", b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    several, one = reverse("wagtaildocs:add_multiple"), reverse("wagtaildocs_chooser:create")
    images = reverse("wagtailimages:add_multiple")

    told = [
        upload(clients["ben"], several, "a.html", page).json(),
        upload(clients["ben"], several, "a.svg", drawing).json(),
        upload(clients["ben"], several, "a.pdf", page).json(),
        upload(clients["ben"], one, "a.pdf", page, "document-chooser-upload-").json(),
        upload(clients["ben"], images, "a.svg", drawing).json(),
        upload(clients["ben"], images, "a.png", drawing).json(),
    ]

    assert [answer.get("success", False) for answer in told] == [False] * 6
    assert (Document.objects.count(), Image.objects.count()) == (0, 0)
    assert "这个文件的内容不是 .pdf 文件的内容" in told[2]["error_message"]
    assert "这个文件的内容不是 .pdf 文件的内容" in str(told[3])


def test_what_is_what_it_says_is_kept(clients: dict[str, Client]) -> None:
    answer = upload(clients["ben"], reverse("wagtaildocs:add_multiple"), "办法.pdf", b"%PDF-1.4\n")

    assert answer.json()["success"] is True
    assert Document.objects.get().uploaded_by_user.username == "ben"


def test_one_file_at_a_time_is_checked_too(clients: dict[str, Client]) -> None:
    answer = upload(clients["ben"], reverse("wagtaildocs:add"), "a.docx", b"PK\x03\x04 no archive")

    assert "这个文件的内容不是 .docx 文件的内容" in answer.content.decode()
    assert Document.objects.count() == 0
