"""Storing the pictures of a book."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images import get_image_model

from cms.domain.importing.book import Book, Entry
from members.models import User


@contextmanager
def stored_pictures(book: Book, entries: Iterable[Entry], *, by: User | None) -> Iterator[None]:
    """Within it the blocks of ``entries`` name stored pictures instead of keys; if it fails, no new file remains.

    A picture that is stored already is used again.
    """
    hashes = book.picture_hashes()
    known = {image.file_hash: image.pk for image in get_image_model().objects.filter(file_hash__in=hashes.values())}
    stored: list[Any] = []
    try:
        for value in (block["value"] for entry in entries for block in entry.body if block["type"] == "image"):
            key = value["image"]
            if hashes[key] not in known:
                stored.append(_store(book.pictures[key], value["description"], by=by))
                known[hashes[key]] = stored[-1].pk
            value["image"] = known[hashes[key]]
        yield
    except BaseException:
        for image in stored:
            image.file.delete(save=False)
        raise


def _store(content: bytes, description: str, *, by: User | None) -> Any:
    with Image.open(BytesIO(content)) as picture:
        ending = str(picture.format).lower()
    image = get_image_model()(title=description, description=description, uploaded_by_user=by)
    image.file = ContentFile(content, name=f"handbook.{ending}")
    image._set_file_hash()
    image.save()
    return image
