"""Files of 青石镇's pages, by every door of the staff interface; and files that members read are not replaced."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.models import BasePage
from members.models import Division, User
from tests.factories.cms import a_lecture
from tests.support.doors import SECRET, as_parameters, signed_in, tells

# Wagtail leaves the temporary file of a new rendition to the collector of garbage.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# What is searched for; the secret is told only to whoever may see the file.
ASKED = "青石材料"
TITLE = f"{ASKED}{SECRET}"

DOORS = {
    "documents": "/admin/documents/",
    "documents, part of a page": "/admin/documents/results/",
    "documents, search": "/admin/documents/?q={asked}",
    "document": "/admin/documents/edit/{document}/",
    "usage of the document": "/admin/documents/usage/{document}/",
    "chooser of documents": "/admin/documents/chooser/",
    "chooser of documents, search": "/admin/documents/chooser/results/?q={asked}",
    "chosen document": "/admin/documents/chooser/chosen/{document}/",
    "chosen documents": "/admin/documents/chooser/chosen-multiple/?id={document}",
    "deleting documents": "/admin/bulk/wagtaildocs/document/delete/?id={document}",
    "images": "/admin/images/",
    "images, part of a page": "/admin/images/results/",
    "images, search": "/admin/images/?q={asked}",
    "image": "/admin/images/{image}/",
    "usage of the image": "/admin/images/usage/{image}/",
    "chooser of images": "/admin/images/chooser/",
    "chooser of images, search": "/admin/images/chooser/results/?q={asked}",
    "chosen image": "/admin/images/chooser/chosen/{image}/",
    "chosen images": "/admin/images/chooser/chosen-multiple/?id={image}",
    "format of the image": "/admin/images/chooser/{image}/select_format/",
    "deleting images": "/admin/bulk/wagtailimages/image/delete/?id={image}",
    "programs, documents": "/admin/api/main/documents/",
    "programs, images": "/admin/api/main/images/",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    # Sizes of pictures are known by number there, and numbers begin anew with every test.
    cache.clear()


@pytest.fixture
def document() -> Any:
    file = ContentFile(b"%PDF-1.4", name="a.pdf")
    return get_document_model().objects.create(title=TITLE, file=file)


@pytest.fixture
def image() -> Any:
    drawn = BytesIO()
    Drawing.new("RGB", (2, 2)).save(drawn, "PNG")
    return get_image_model().objects.create(title=TITLE, file=ContentFile(drawn.getvalue(), name="a.png"))


def draft_with(document: Any, image: Any, **audience: Any) -> BasePage:
    lecture = a_lecture("讲座", audio=document, body=[("image", {"image": image, "description": "图"})], **audience)
    BasePage.objects.filter(pk=lecture.pk).update(live=False)
    return BasePage.objects.get(pk=lecture.pk)


@pytest.mark.parametrize("door", as_parameters(DOORS))
def test_a_file_of_closed_pages_is_told_to_nobody_elses_trainers(
    door: str, trainers: dict[str, User], township: Division, document: Any, image: Any
) -> None:
    draft_with(document, image, division=township)
    address = DOORS[door].format(document=document.pk, image=image.pk, asked=ASKED)

    told = {name: tells(trainer, address) for name, trainer in trainers.items()}

    assert told == {"own": True, "other": False, "county": True}


def test_a_file_that_stands_in_open_pages_too_is_everybodys(
    trainers: dict[str, User], township: Division, document: Any, image: Any
) -> None:
    draft_with(document, image, division=township)
    a_lecture("全县讲座", audio=document)

    told = {name: tells(trainer, "/admin/documents/chooser/") for name, trainer in trainers.items()}

    assert told == {"own": True, "other": True, "county": True}


def test_whoever_uploaded_a_file_keeps_it(
    trainers: dict[str, User], township: Division, document: Any, image: Any
) -> None:
    draft_with(document, image, division=township)
    type(document).objects.filter(pk=document.pk).update(uploaded_by_user=trainers["other"])

    assert tells(trainers["other"], "/admin/documents/")


def renamed(person: User, file: Any) -> str:
    """What a file is called after ``person`` sent its form with another title."""
    kind = "documents/edit" if isinstance(file, get_document_model()) else "images"
    form = {"title": "换了", "tags": "", "collection": file.collection_id, "description": ""}
    signed_in(person).post(f"/admin/{kind}/{file.pk}/", form)
    title: str = type(file).objects.get(pk=file.pk).title
    return title


def test_a_file_that_members_read_is_neither_replaced_nor_deleted_by_one_person(
    trainers: dict[str, User], document: Any, image: Any
) -> None:
    """Or what a second person has approved would become something else."""
    draft = draft_with(document, image)
    BasePage.objects.filter(pk=draft.pk).update(live=True)
    type(document).objects.filter(pk=document.pk).update(uploaded_by_user=trainers["own"])

    names = [renamed(trainers["own"], file) for file in (document, image)]
    client = signed_in(trainers["own"])
    client.post(f"/admin/documents/delete/{document.pk}/")
    client.post(f"/admin/bulk/wagtailimages/image/delete/?id={image.pk}")

    assert names == [TITLE, TITLE]
    assert [type(file).objects.filter(pk=file.pk).count() for file in (document, image)] == [1, 1]


def test_a_file_of_a_draft_is_replaced_by_those_who_write_it(
    trainers: dict[str, User], document: Any, image: Any
) -> None:
    draft_with(document, image)

    assert [renamed(trainers["own"], file) for file in (document, image)] == ["换了", "换了"]
