"""The parts of a Word document that are read, under limits, and nothing else of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import basename, join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from common.archives import ArchiveEncrypted, check_archive
from question_bank.domain.importing.document_refusals import (
    DeclaresDocumentType,
    DocumentTooLarge,
    EmptyDocument,
    NotADocument,
    OldWordDocument,
)
from question_bank.domain.importing.macros import OLE, ZIP, refuse_macros

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}
MOST_BYTES = 50 * 1024 * 1024
_MOST_UNPACKED = 300 * 1024 * 1024
_LARGEST_TEXT = 200 * 1024 * 1024
_LARGEST_PART = 20 * 1024 * 1024
_LARGEST_IMAGE = 5 * 1024 * 1024
_LARGEST_IMAGES = 100 * 1024 * 1024
_ENCRYPTED_PACKAGE, _OLD_WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
# A strict package has other namespaces; Word itself offers to save it as an ordinary one.
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(slots=True)
class WordPackage:
    """An opened document. Every part is read when it is asked for; a missing one is empty."""

    archive: ZipFile
    _images: dict[str, str] = field(default_factory=dict)
    _image_bytes: int = 0

    def body(self) -> Iterator[Any]:
        """The paragraphs and tables of the body, one at a time; each is forgotten when the next is asked for."""
        content = self._read("word/document.xml", _LARGEST_TEXT)
        try:
            walk = etree.iterparse(BytesIO(content), events=("end",), tag=(f"{W}p", f"{W}tbl"), **_SAFE)
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
        content = self._read(name, _LARGEST_PART) if name in self.archive.namelist() else b""
        try:
            root = etree.fromstring(content, etree.XMLParser(**_SAFE)) if content else None
        except (etree.XMLSyntaxError, ValueError):
            return None
        if root is not None and root.getroottree().docinfo.internalDTD is not None:
            raise DeclaresDocumentType
        return root

    def learn_images(self) -> None:
        relations = self.part("word/_rels/document.xml.rels")
        for each in relations if relations is not None else ():
            is_inside = each.get("TargetMode") != "External"
            if is_inside and (each.get("Type") or "").endswith("/image") and each.get("Target"):
                self._images[each.get("Id") or ""] = normpath(join("word", each.get("Target"))).lstrip("/")

    def image(self, relation: str) -> tuple[str, bytes] | None:
        """Name and bytes of an embedded picture; nothing for one that only points elsewhere or is too large."""
        name = self._images.get(relation)
        if not name or name not in self.archive.namelist():
            return None
        size = self.archive.getinfo(name).file_size
        if size > _LARGEST_IMAGE or self._image_bytes + size > _LARGEST_IMAGES:
            return None
        self._image_bytes += size
        return basename(name), self._read(name, _LARGEST_IMAGE)

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self.archive.open(name) as member:
                content = member.read(most + 1)
        except KeyError as error:
            raise NotADocument from error
        except Exception as error:  # a damaged member raises what its compression raises: zlib, lzma, EOF, CRC
            raise NotADocument from error
        if len(content) > most:
            raise DocumentTooLarge
        return content


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
    package = WordPackage(ZipFile(BytesIO(content)))
    if "word/document.xml" not in package.archive.namelist():
        raise NotADocument
    package.learn_images()
    return package


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
