"""Documents that prove something: a ledger entry, a leave. What they must be, judged by what is in them."""

from pathlib import PurePath
from typing import Any

import filetype
from django.utils.translation import gettext as _

from cms.domain.files import MEBIBYTE, OPENING_BYTES, PICTURES, FileRefused, check_upload, extension_of
from common.archives import ArchiveRefused, check_archive

MOST_BYTES = 10 * MEBIBYTE
ACCEPTED = ("pdf", "docx", "jpg", "jpeg", "png", "webp")


def check_proof(file: Any) -> None:
    """A PDF, a picture or a DOCX by what is in it, and of 10 MB at most. Refuses with ``FileRefused``, by name."""
    extension = extension_of(file.name)
    if extension not in ACCEPTED:
        raise FileRefused(_("%(name)s: bring a PDF, a picture or a DOCX.") % {"name": file.name})
    if file.size > MOST_BYTES:
        said = _("%(name)s is too large: a document may have up to %(megabytes)d MB.")
        raise FileRefused(said % {"name": file.name, "megabytes": MOST_BYTES // MEBIBYTE})
    try:
        check_upload(file, document_bytes=MOST_BYTES, recording_bytes=0)
        if extension in PICTURES:
            _check_picture(file, PICTURES[extension])
        elif extension == "docx":
            _check_archive(file)
    except (FileRefused, ArchiveRefused) as refusal:
        raise FileRefused(f"{file.name}: {refusal}") from refusal


def _check_picture(file: Any, content_type: str) -> None:
    file.seek(0)
    found = filetype.guess(file.read(OPENING_BYTES))
    file.seek(0)
    if found is None or found.mime != content_type:
        raise FileRefused(_("What is in this file is not such a picture. Save it anew and try again."))


def _check_archive(file: Any) -> None:
    file.seek(0)
    members = check_archive(file.read())
    file.seek(0)
    if any(PurePath(member.filename).name.lower() == "vbaproject.bin" for member in members):
        raise FileRefused(_("This document holds macros. Save it without them and try again."))
