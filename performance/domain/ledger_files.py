"""Documents that prove an entry: what they must be, how they are kept, who opens them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from uuid import uuid4

import filetype
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.domain.files import MEBIBYTE, PICTURES, FileRefused, check_upload, content_type_of, extension_of
from common.archives import ArchiveRefused, check_archive
from common.chinese import strip_controls
from members.models import User
from performance.domain.refusals import FileNotAccepted
from performance.models import LedgerEntry, LedgerFile

MOST_BYTES = 10 * MEBIBYTE
MOST_FILES = 10
ACCEPTED = ("pdf", "docx", "jpg", "jpeg", "png", "webp")
_LONGEST_NAME = 200


def check_files(files: Sequence[Any]) -> None:
    """Each is a PDF, a picture or a DOCX by what is in it, and of 10 MB at most. Refuses with ``FileNotAccepted``."""
    if len(files) > MOST_FILES:
        said = ngettext("At most %(most)s file at once.", "At most %(most)s files at once.", MOST_FILES)
        raise FileNotAccepted(said % {"most": MOST_FILES})
    for file in files:
        _check(file)


def _check(file: Any) -> None:
    extension = extension_of(file.name)
    if extension not in ACCEPTED:
        raise FileNotAccepted(_("%(name)s: bring a PDF, a picture or a DOCX.") % {"name": file.name})
    if file.size > MOST_BYTES:
        said = _("%(name)s is too large: a document may have up to %(megabytes)d MB.")
        raise FileNotAccepted(said % {"name": file.name, "megabytes": MOST_BYTES // MEBIBYTE})
    try:
        check_upload(file, document_bytes=MOST_BYTES, recording_bytes=0)
        if extension in PICTURES:
            _check_picture(file, PICTURES[extension])
        elif extension == "docx":
            _check_archive(file)
    except (FileRefused, ArchiveRefused) as refusal:
        raise FileNotAccepted(f"{file.name}: {refusal}") from refusal


def _check_picture(file: Any, content_type: str) -> None:
    file.seek(0)
    found = filetype.guess(file.read(8192))
    file.seek(0)
    if found is None or found.mime != content_type:
        raise FileRefused(_("What is in this file is not such a picture. Save it anew and try again."))


def _check_archive(file: Any) -> None:
    file.seek(0)
    members = check_archive(file.read())
    file.seek(0)
    if any(PurePath(member.filename).name.lower() == "vbaproject.bin" for member in members):
        raise FileRefused(_("This document holds macros. Save it without them and try again."))


def keep_files(entry: LedgerEntry, files: Iterable[Any]) -> None:
    """Store what ``check_files`` let pass, under names that nobody can guess."""
    for file in files:
        file.seek(0)
        content = file.read()
        file.seek(0)
        kept = LedgerFile(
            entry=entry,
            name=strip_controls(PurePath(file.name).name)[-_LONGEST_NAME:],
            content_type=content_type_of(file.name),
            sha256=sha256(content).hexdigest(),
        )
        kept.file.save(f"{uuid4().hex}.{extension_of(file.name)}", file, save=False)
        kept.save()


def note_opened(file: LedgerFile, *, by: User, at: datetime) -> None:
    """Write down that ``by`` was given the document."""
    data = {"file": str(file.uuid), "name": file.name}
    log(file.entry, "performance.open_evidence", user=by, timestamp=at, data=data)
