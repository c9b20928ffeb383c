"""Opening a Word file that somebody brought: what is in it is checked before anything is parsed.

python-docx parses with entities unresolved and never follows a link out of the file; a part with a document type is
refused all the same, because no word processor writes one.
"""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import docx
from docx.document import Document

from cms.domain.importing.refusals import BookIsBomb, BookWithMacros, EncryptedBook, UnreadableBook
from common.archives import ArchiveEncrypted, ArchiveRefused, ArchiveTooLarge, check_archive

_UNPACKED_BYTES = 150 * 1024 * 1024
# The tree of a parsed part takes some ten times its size.
_XML_BYTES = 30 * 1024 * 1024
_MEMBERS = 3_000
_MAIN_PART = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def open_word(content: bytes) -> Document:
    """The document in ``content``. Raises a subclass of :class:`UnreadableBook` whatever the bytes are."""
    try:
        check_archive(content, unpacked_bytes=_UNPACKED_BYTES, members=_MEMBERS)
        with ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
        return docx.Document(BytesIO(content))
    except UnreadableBook:
        raise
    except ArchiveEncrypted as refusal:
        raise EncryptedBook from refusal
    except ArchiveTooLarge as refusal:
        raise BookIsBomb from refusal
    except ArchiveRefused as refusal:
        raise UnreadableBook from refusal
    # On broken files zipfile, lxml and python-docx raise whatever came up: KeyError, zlib.error, AttributeError …
    except Exception as error:
        raise UnreadableBook from error


def _check_parts(archive: ZipFile) -> None:
    names = archive.namelist()
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise BookWithMacros
    kinds = archive.read("[Content_Types].xml")
    if b"macroEnabled" in kinds:
        raise BookWithMacros
    if _MAIN_PART not in kinds:
        raise UnreadableBook
    if sum(member.file_size for member in _xml_parts(archive)) > _XML_BYTES:
        raise BookIsBomb
    for member in _xml_parts(archive):
        # Without the zeros a part in UTF-16 reads the same.
        if b"<!DOCTYPE" in archive.read(member).replace(b"\x00", b""):
            raise UnreadableBook


def _xml_parts(archive: ZipFile) -> Iterator[ZipInfo]:
    # Everything but pictures: a part is parsed because of its declared kind, whatever its name ends with.
    return (member for member in archive.infolist() if not member.filename.startswith("word/media/"))
