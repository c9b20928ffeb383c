"""The parts of a Word document that are read, under limits, and nothing else of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from common.archives import ArchiveEncrypted, check_archive
from common.office_parts import SAFE_XML, DeclaresType, OfficeParts, PartTooLarge, PartUnreadable
from common.pictures import Picture
from question_bank.domain.importing.document_refusals import (
    DeclaresDocumentType,
    DocumentTooLarge,
    EmptyDocument,
    NotADocument,
    OldWordDocument,
)
from question_bank.domain.importing.macros import OLE, ZIP, refuse_macros

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}
MOST_BYTES = 50 * 1024 * 1024
_MOST_UNPACKED = 300 * 1024 * 1024
_LARGEST_TEXT = 200 * 1024 * 1024
_ENCRYPTED_PACKAGE, _OLD_WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
_BODY = "word/document.xml"


class WordPackage:
    """An opened document. Every part is read when it is asked for; a missing one is empty."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self._parts = OfficeParts(archive)
        with _refusing():
            self._images = self._parts.related(_BODY, "image")

    def body(self) -> Iterator[Any]:
        """The paragraphs and tables of the body, one at a time; each is forgotten when the next is asked for."""
        with _refusing():
            content = self._parts.read(_BODY, _LARGEST_TEXT)
        try:
            # A strict package has other namespaces; Word itself offers to save it as an ordinary one.
            walk = etree.iterparse(BytesIO(content), events=("end",), tag=(f"{W}p", f"{W}tbl"), **SAFE_XML)
            for _event, element in walk:
                if element.getroottree().docinfo.internalDTD is not None:
                    raise DeclaresDocumentType
                if not _stands_in_body(element):
                    continue
                yield element
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise NotADocument from error

    def part(self, name: str) -> Any:
        """The root of another part, or nothing where it is missing or broken."""
        with _refusing():
            return self._parts.root(name)

    def image(self, relation: str, description: str) -> Picture | None:
        """An embedded picture; nothing for one that only points elsewhere or is too large."""
        with _refusing():
            return self._parts.picture(self._images.get(relation, ""), description)


@contextmanager
def _refusing() -> Iterator[None]:
    """Says in the words of documents why a part cannot be read."""
    try:
        yield
    except PartTooLarge as error:
        raise DocumentTooLarge from error
    except DeclaresType as error:
        raise DeclaresDocumentType from error
    except PartUnreadable as error:
        raise NotADocument from error


def open_package(content: bytes) -> WordPackage:
    """Refuses with a subclass of ``UnreadableDocument`` or ``ArchiveRefused`` whatever is no DOCX without macros."""
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyDocument
    if content.startswith(OLE) and _ENCRYPTED_PACKAGE in content:
        raise ArchiveEncrypted
    refuse_macros(content)
    if content.startswith(OLE) and _OLD_WORD in content:
        raise OldWordDocument
    if not content.startswith(ZIP):
        raise NotADocument
    check_archive(content, unpacked_bytes=_MOST_UNPACKED)
    archive = ZipFile(BytesIO(content))
    if _BODY not in archive.namelist():
        raise NotADocument
    return WordPackage(archive)


def _stands_in_body(element: Any) -> bool:
    """In the body itself or in a form field there, and not in a table or a text box."""
    outer = element.getparent()
    while outer is not None and outer.tag in _WRAPPERS:
        outer = outer.getparent()
    return outer is not None and outer.tag == f"{W}body"


def _forget(element: Any) -> None:
    """Free the element and what stands before it, so that memory does not grow with the document."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
