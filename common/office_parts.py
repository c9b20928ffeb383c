"""The parts of an office document (a ZIP of XML): each is read when it is asked for, under limits, and nothing else."""

from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from common.pictures import Picture

RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
RELATION_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
# Neither entities nor the network, whatever the document says.
SAFE_XML: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_LARGEST_PART = 20 * 1024 * 1024
_LARGEST_PICTURE = 5 * 1024 * 1024
_LARGEST_PICTURES = 100 * 1024 * 1024


class PartUnreadable(Exception):
    """A part is missing, damaged or larger than it may be."""


class PartTooLarge(PartUnreadable):
    pass


class DeclaresType(PartUnreadable):
    """XML with a type definition of its own, which can be misused."""


@dataclass(slots=True)
class OfficeParts:
    """An opened document, looked at before by ``common.archives.check_archive``."""

    archive: ZipFile
    _picture_bytes: int = field(default=0, init=False)
    # A drawing may point at one picture from every row: what was unpacked for the first is there for the others.
    _pictures: dict[str, bytes] = field(default_factory=dict, init=False)
    _related: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, init=False)

    def read(self, name: str, most: int = _LARGEST_PART) -> bytes:
        """Raises ``PartUnreadable``."""
        try:
            with self.archive.open(name) as member:
                content = member.read(most + 1)
        except Exception as error:  # a damaged member raises what its compression raises: zlib, lzma, EOF, CRC
            raise PartUnreadable(name) from error
        if len(content) > most:
            raise PartTooLarge(name)
        return content

    def root(self, name: str) -> Any:
        """The root of a part, or nothing where it is missing or no XML. Raises ``PartUnreadable``."""
        content = self.read(name) if name in self.archive.NameToInfo else b""
        try:
            root = etree.fromstring(content, etree.XMLParser(**SAFE_XML)) if content else None
        except (etree.XMLSyntaxError, ValueError):
            return None
        if root is not None and root.getroottree().docinfo.internalDTD is not None:
            raise DeclaresType(name)
        return root

    def related(self, name: str, kind: str) -> dict[str, str]:
        """The parts of one kind that a part points to, by the id it calls them. Raises ``PartUnreadable``."""
        if (name, kind) not in self._related:
            self._related[name, kind] = self._read_related(name, kind)
        return self._related[name, kind]

    def _read_related(self, name: str, kind: str) -> dict[str, str]:
        folder = dirname(name)
        relations = self.root(join(folder, "_rels", f"{basename(name)}.rels"))
        return {
            each.get("Id") or "": normpath(join("/", folder, each.get("Target"))).lstrip("/")
            for each in (relations if relations is not None else ())
            if each.get("TargetMode") != "External"
            and (each.get("Type") or "").endswith(f"/{kind}")
            and each.get("Target")
        }

    def picture(self, name: str, description: str = "") -> Picture | None:
        """Nothing for one that is missing, too large, or too much together with those before it.

        It counts wherever it is shown, for it is kept with each question that shows it.

        Raises ``PartUnreadable``.
        """
        if name not in self.archive.NameToInfo:
            return None
        size = self.archive.getinfo(name).file_size
        if size > _LARGEST_PICTURE or self._picture_bytes + size > _LARGEST_PICTURES:
            return None
        self._picture_bytes += size
        if name not in self._pictures:
            self._pictures[name] = self.read(name, _LARGEST_PICTURE)
        return Picture(basename(name), self._pictures[name], description)
