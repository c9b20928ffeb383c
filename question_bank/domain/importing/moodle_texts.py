"""Texts of Moodle XML with their pictures: ``<x format="html"><text>…</text><file encoding="base64">…</file></x>``."""

import binascii
import re
from base64 import b64decode
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from common.markup import PictureLink
from common.pictures import Picture
from question_bank.domain.importing.findings import MOST_PICTURES, TOO_MANY_PICTURES, Findings, NotTaken, clean
from question_bank.domain.importing.pictures import checked_image
from question_bank.domain.importing.rich_text import to_plain

PLUGIN_FILE = "@@PLUGINFILE@@/"
PICTURES_BESIDE = gettext_lazy("Pictures in explanations and marking guides are not taken.")
_FORMATS = {"html": "html", "plain_text": "plain", "markdown": "markdown"}
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,")


class Texts:
    """Reads the texts of one question and gathers the pictures of its stem in ``images``."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.images: tuple[Picture, ...] = ()
        # Each file once, however often it is shown.
        self._contents: dict[str, bytes | None] = {}

    def with_pictures(self, holder: etree._Element | None, *, html: str | None = None) -> str:
        """The text of the question; ``html`` is read in its place."""
        if holder is None:
            return ""
        text, pictures = self._read(holder, html)
        if len(pictures) > MOST_PICTURES:
            raise NotTaken(TOO_MANY_PICTURES)
        if pictures:
            files = {_file_name(file): file for file in holder.iterfind("file")}
            images = [self._image(number, picture, files) for number, picture in enumerate(pictures, 1)]
            self.images = tuple(dict.fromkeys(images))
        return text

    def without_pictures(self, holder: etree._Element | None) -> str:
        """The text of an explanation or guide; its pictures are a loss."""
        if holder is None:
            return ""
        text, pictures = self._read(holder)
        if pictures:
            self._findings.lose(PICTURES_BESIDE)
        return text

    def of_option(self, holder: etree._Element) -> str:
        """The text of an option. Raises ``NotTaken`` for a picture, which an option cannot hold."""
        text, pictures = self._read(holder)
        if pictures:
            raise NotTaken(_("An option shows a picture. Options are text alone."))
        return text

    def _read(self, holder: etree._Element, html: str | None = None) -> tuple[str, list[PictureLink]]:
        written = holder.findtext("text") or "" if html is None else html
        text_format = holder.get("format") or "" if html is None else "html"
        return to_plain(written, _FORMATS.get(text_format, "moodle"), self._findings)

    def _image(self, number: int, picture: PictureLink, files: dict[str, etree._Element]) -> Picture:
        described = clean(picture.description)
        if inline := _DATA.match(picture.source):
            return checked_image(f"{number}.png", _decoded(picture.source[inline.end() :]), described)
        if not picture.source.startswith(PLUGIN_FILE):
            reason = _("The picture %(name)s is not in the file, only its address.")
            raise NotTaken(reason % {"name": picture.source[:80]})
        name = unquote(picture.source.removeprefix(PLUGIN_FILE).partition("?")[0])
        if name not in self._contents:
            file = files.get(name)
            is_there = file is not None and file.get("encoding") == "base64"
            self._contents[name] = _decoded(file.text or "") if file is not None and is_there else None
        return checked_image(clean(name.rpartition("/")[2]), self._contents[name], described)


def _file_name(file: etree._Element) -> str:
    return (file.get("path") or "/").strip("/") + "/" * ((file.get("path") or "/") != "/") + (file.get("name") or "")


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text)
    except (binascii.Error, ValueError):
        return None
