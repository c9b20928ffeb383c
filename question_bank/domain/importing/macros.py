"""Macros: a file that brings programs along is not a file of questions."""

import re
from io import BytesIO
from zipfile import ZipFile

from common.archives import check_archive
from question_bank.domain.importing.document_refusals import HoldsMacros

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = re.compile(r"(?:^|/)(?:vbaproject\.bin|macrosheets/|activex/|.*\.(?:exe|dll|vbs|js|bat|cmd|ps1)$)", re.I)
_OLE_PROGRAMS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))
_MANIFEST = "[Content_Types].xml"
_LONGEST_MANIFEST = 1024 * 1024


def refuse_macros(content: bytes) -> None:
    """Refuse a package of Office with macros in it, whatever it is called; pass over everything that is no package.

    Raises ``HoldsMacros``, or ``ArchiveRefused`` for an archive that is not opened at all.
    """
    if content.startswith(OLE) and any(name in content for name in _OLE_PROGRAMS):
        raise HoldsMacros
    if not content.startswith(ZIP):
        return
    members = check_archive(content)
    if any(_PROGRAMS.search(member.filename) for member in members):
        raise HoldsMacros
    if any(member.filename == _MANIFEST for member in members) and b"macroEnabled" in _manifest(content):
        raise HoldsMacros


def _manifest(content: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as archive, archive.open(_MANIFEST) as member:
            return member.read(_LONGEST_MANIFEST)
    except Exception:  # a damaged member: whoever reads the file refuses it with better words
        return b""
