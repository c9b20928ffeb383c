"""Writing pages by hand: entries get their numbers, and recordings are what a browser plays in their place."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.domain.shelves import ensure_shelves
from cms.models import EntryPage, HandbookPage, LecturePage
from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def numbers(book: HandbookPage) -> list[int | None]:
    return [entry.number for entry in EntryPage.objects.of_handbook(book)]


def test_an_entry_written_by_hand_gets_the_next_number_of_its_book(ben: User, client: Client) -> None:
    book = a_handbook(an_entry("甲"), an_entry("乙"))
    a_handbook(*(an_entry(f"{n}") for n in range(9)), title="另一本")
    client.force_login(ben)
    form = {"title": "丙", "slug": "bing", "short_answer": "当天。", "basis": "县级制度", "region": "全国"}
    formsets = {"body": streamfield([]), "comments": inline_formset([])}

    chapter = entry_of(book).get_parent()
    client.post(f"/admin/pages/add/cms/entrypage/{chapter.pk}/", nested_form_data({**form, **formsets}))

    written = EntryPage.objects.get(title="丙")
    assert numbers(book) == [1, 2, 3]
    assert written.get_latest_revision_as_object().number == 3


def test_a_copy_gets_a_number_of_its_own_and_a_copied_book_keeps_them() -> None:
    book = a_handbook(an_entry("甲"), an_entry("乙"))

    entry_of(book).copy(update_attrs={"slug": "copy"})
    copied = book.copy(recursive=True, update_attrs={"slug": "book-2", "title": "另一本"})

    assert numbers(book) == [1, 2, 3]
    assert numbers(copied) == [1, 2, 3]


@pytest.mark.parametrize(
    ("files", "refused"),
    [
        ({"audio": "a.mp3"}, []),
        ({"audio": "a.pdf"}, ["audio"]),
        ({"video": "a.webm"}, []),
        ({"video": "a.mp3"}, ["video"]),
        ({"video": "a.mp4", "captions": "a.vtt"}, []),
        ({"video": "a.mp4", "captions": "a.txt"}, ["captions"]),
        ({"captions": "a.vtt"}, ["captions"]),
    ],
)
def test_a_lecture_takes_recordings_that_play_in_their_place(
    ben: User, client: Client, files: dict[str, str], refused: list[str]
) -> None:
    """Captions by themselves stand beside nothing."""
    documents = get_document_model().objects
    chosen = {
        field: f"{documents.create(title=name, file=ContentFile(b'x', name=name)).pk}" for field, name in files.items()
    }
    form = {
        "title": "讲座",
        "slug": "x",
        "speaker": "李老师",
        "held_on": "2026-01-02",
        "summary": "讲清一件事。",
        **chosen,
    }
    formsets = {"body": streamfield([]), "comments": inline_formset([]), "audience_rules": inline_formset([])}
    client.force_login(ben)

    answer = client.post(
        f"/admin/pages/add/cms/lecturepage/{ensure_shelves().lectures.pk}/", nested_form_data({**form, **formsets})
    )

    assert (list(answer.context["form"].errors) if answer.status_code == 200 else []) == refused
    assert LecturePage.objects.count() == (0 if refused else 1)
