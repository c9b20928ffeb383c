"""Uploaded files: who may open one, and what a file must be before it is kept.

A document or a picture belongs to the pages it stands in. Whoever may read one of them as it is published may open it;
what stands in no page is for the staff who may put it into one.
"""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple, Protocol

import filetype
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from cms.models import readable_pages
from cms.models.file_desk import pages_with
from common.refusals import Refusal
from members.models import User

MEBIBYTE = 1024 * 1024
OPENING_BYTES = 8192
# What may be looked at in the browser; everything else is only ever saved.
INLINE_TYPES = frozenset({
    "application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif",
    "audio/mpeg", "audio/mp4", "video/mp4", "video/webm", "text/vtt",
})  # fmt: skip
OOXML = "application/vnd.openxmlformats-officedocument"


class FileRefused(Refusal):
    """An upload that is not what its name says, or too large."""

    code = "file_refused"
    status = 400


class WrongContent(FileRefused):
    code = "file_content"


class TooLarge(FileRefused):
    code = "file_too_large"


class Kind(NamedTuple):
    """What hides behind an extension: the type it is sent as, and whether an opening and a file are of it."""

    content_type: str
    is_it: Callable[[bytes, BinaryIO], bool]
    is_recording: bool = False


def _guessed(*types: str) -> Callable[[bytes, BinaryIO], bool]:
    return lambda opening, file: (found := filetype.guess(opening)) is not None and found.mime in types


def _zip_with(name: str) -> Callable[[bytes, BinaryIO], bool]:
    def is_it(opening: bytes, file: BinaryIO) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                return not name or name in archive.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False

    return is_it


def _is_text(opening: bytes, file: BinaryIO) -> bool:
    return b"\0" not in opening and filetype.guess(opening) is None


def _is_captions(opening: bytes, file: BinaryIO) -> bool:
    return opening.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") and _is_text(opening, file)


KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _guessed("application/pdf")),
    "docx": Kind(f"{OOXML}.wordprocessingml.document", _zip_with("word/document.xml")),
    "xlsx": Kind(f"{OOXML}.spreadsheetml.sheet", _zip_with("xl/workbook.xml")),
    "pptx": Kind(f"{OOXML}.presentationml.presentation", _zip_with("ppt/presentation.xml")),
    "zip": Kind("application/zip", _zip_with("")),
    "txt": Kind("text/plain", _is_text),
    "csv": Kind("text/csv", _is_text),
    "vtt": Kind("text/vtt", _is_captions),
    "mp3": Kind("audio/mpeg", _guessed("audio/mpeg"), is_recording=True),
    "m4a": Kind("audio/mp4", _guessed("audio/mp4", "video/mp4", "video/x-m4v"), is_recording=True),
    "mp4": Kind("video/mp4", _guessed("video/mp4", "video/x-m4v"), is_recording=True),
    "webm": Kind("video/webm", _guessed("video/webm"), is_recording=True),
}
PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


def check_upload(file: Any, *, document_bytes: int, recording_bytes: int) -> None:
    """``file`` (with ``name`` and ``size``) is of the kind its name says and not too large; read from its beginning.

    Refuses with ``TooLarge`` or ``WrongContent``. An extension that is not in ``KINDS`` is somebody else's to refuse.
    """
    extension = extension_of(file.name)
    kind = KINDS.get(extension)
    if kind is None:
        return
    limit = recording_bytes if kind.is_recording else document_bytes
    if file.size > limit:
        said = _("This file is too large: a .%(extension)s file may have up to %(megabytes)d MB.")
        raise TooLarge(said % {"extension": extension, "megabytes": limit // MEBIBYTE})
    file.seek(0)
    is_it = kind.is_it(file.read(OPENING_BYTES), file)
    file.seek(0)
    if not is_it:
        said = _("What is in this file is not what a .%(extension)s file holds. Save it anew as such and try again.")
        raise WrongContent(said % {"extension": extension})


def extension_of(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def content_type_of(name: str) -> str:
    """What a stored file is sent as: what its extension means here, otherwise bytes that no browser opens."""
    extension = extension_of(name)
    known = KINDS.get(extension)
    return known.content_type if known else PICTURES.get(extension, "application/octet-stream")


class Opener(Protocol):
    """What an app above registers: whether a file is there for that person for a reason of that app's."""

    def __call__(self, file: Any, person: User | None, *, on: date) -> bool: ...


_openers: list[Opener] = []


def register_opener(opener: Opener) -> None:
    """Ask ``opener`` too. Registering it again changes nothing."""
    if opener not in _openers:
        _openers.append(opener)


def may_open(file: Any, person: User | None, *, on: date) -> bool:
    """Whether ``person`` (None: nobody signed in) may open a document or a picture on that day."""
    pages = pages_with(file)
    if readable_pages(pages, person, on=on).exists() or any(asked(file, person, on=on) for asked in _openers):
        return True
    return person is not None and _may_put_into_pages(file, person)


def _may_put_into_pages(file: Any, person: User) -> bool:
    policy = policy_registry.get_by_type(type(file))
    return bool(policy.user_has_any_permission_for_instance(person, ["choose", "change"], file))
