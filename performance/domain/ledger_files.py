"""Documents that prove an entry: what they must be, how they are kept, who opens them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.domain.files import FileRefused, content_type_of, extension_of
from cms.domain.proofs import check_proof
from common.chinese import strip_controls
from members.models import User
from performance.domain.refusals import FileNotAccepted
from performance.models import LedgerEntry, LedgerFile

MOST_FILES = 10
_LONGEST_NAME = 200


def check_files(files: Sequence[Any]) -> None:
    """Each is a PDF, a picture or a DOCX by what is in it, and of 10 MB at most. Refuses with ``FileNotAccepted``."""
    if len(files) > MOST_FILES:
        said = ngettext("At most %(most)s file at once.", "At most %(most)s files at once.", MOST_FILES)
        raise FileNotAccepted(said % {"most": MOST_FILES})
    try:
        for file in files:
            check_proof(file)
    except FileRefused as refusal:
        raise FileNotAccepted(str(refusal)) from refusal


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
