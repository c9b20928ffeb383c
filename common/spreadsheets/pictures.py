"""Pictures in workbooks: beside a row, or in a cell as WPS puts them. Their bytes are not looked at here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from common.archives import OLE_START, ZIP_START
from common.chinese import strip_controls
from common.office_parts import RELATION_EMBED, RELATION_ID, OfficeParts, PartUnreadable
from common.pictures import Picture
from common.spreadsheets.reading import Sheet

_BOOK, _CELL_PICTURES = "xl/workbook.xml", "xl/cellimages.xml"
# Pictures that Excel 365 places in cells; nothing but Excel itself shows them yet.
_PLACED_IN_CELLS = "xl/richData/richValueRel.xml"
_PICTURES_OF_ODS = "Pictures/"
# An old workbook holds its pictures as they are, in a stream that nothing here takes apart.
_IN_OLD_FILES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")
# What WPS leaves as the text of a cell with a picture: =DISPIMG("ID_9F0C…",1)
_NAME_IN_CELL = "DISPIMG("
_IN_CELL = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("(?P<id>[^"]{1,80})",\s*\d+\)')

Rows = dict[int, list[Picture]]


@dataclass(slots=True)
class _Found:
    by_sheet: dict[str, Rows] = field(default_factory=dict)
    by_cell_id: dict[str, Picture] = field(default_factory=dict)
    is_some_lost: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets without the texts that stand for pictures, and the ``pictures`` of each by the row that a person sees.

    ``is_some_lost``: linked, too large, or placed in a way that is not read.
    """

    sheets: Sequence[Sheet]
    pictures: Sequence[Mapping[int, Sequence[Picture]]] = ()
    is_some_lost: bool = False


def with_pictures(sheets: Sequence[Sheet], content: bytes) -> Workbook:
    """The pictures of the file that ``sheets`` were read from. Never raises: what cannot be read is lost, and said."""
    found = _Found()
    if content.startswith(ZIP_START):
        try:
            with ZipFile(BytesIO(content)) as archive:
                _find(OfficeParts(archive), archive.namelist(), found)
        except (BadZipFile, PartUnreadable, ValueError):
            found.is_some_lost = True
    elif content.startswith(OLE_START):
        found.is_some_lost = any(sign in content for sign in _IN_OLD_FILES)
    taken = [_taken_from_cells(sheet, found) for sheet in sheets]
    return Workbook([sheet for sheet, _rows in taken], [rows for _sheet, rows in taken], found.is_some_lost)


def _find(parts: OfficeParts, names: Sequence[str], found: _Found) -> None:
    found.is_some_lost = any(name == _PLACED_IN_CELLS or name.startswith(_PICTURES_OF_ODS) for name in names)
    book = parts.root(_BOOK)
    if book is None:
        return
    places = parts.related(_BOOK, "worksheet")
    drawings: set[str] = set()
    for sheet in book.iter("{*}sheet"):
        part = places.get(sheet.get(RELATION_ID) or "", "")
        # A drawing is of one sheet alone; whoever says otherwise has it read once all the same.
        for drawing in set(parts.related(part, "drawing").values()) - drawings:
            drawings.add(drawing)
            rows = found.by_sheet.setdefault(strip_controls(sheet.get("name") or ""), {})
            for row, picture in _anchored(parts, drawing, found):
                rows.setdefault(row, []).append(picture)
    cells = parts.root(_CELL_PICTURES)
    for name, picture in _pictures(parts, _CELL_PICTURES, cells, found) if cells is not None else ():
        found.by_cell_id[name] = picture


def _anchored(parts: OfficeParts, drawing: str, found: _Found) -> Iterator[tuple[int, Picture]]:
    """Each picture with the row that its upper edge lies in, from above and from the left."""
    root = parts.root(drawing)
    placed = []
    for anchor in root if root is not None else ():
        pictures = [picture for _name, picture in _pictures(parts, drawing, anchor, found)]
        start = anchor.find("{*}from")
        if start is None:
            found.is_some_lost |= bool(pictures)
            continue
        row, column, offset = (_whole(start.findtext(f"{{*}}{name}")) for name in ("row", "col", "colOff"))
        placed += [((row + 1, column, offset), picture) for picture in pictures]
    for (row, _column, _offset), picture in sorted(placed, key=lambda each: each[0]):
        yield row, picture


def _pictures(parts: OfficeParts, part: str, within: Any, found: _Found) -> Iterator[tuple[str, Picture]]:
    """The pictures below an element of ``part``, by the names that the document gives them."""
    images = parts.related(part, "image")
    for each in within.iter("{*}pic"):
        about, blip = each.find(".//{*}cNvPr"), each.find(".//{*}blip")
        if about is None or blip is None:
            continue
        picture = parts.picture(images.get(blip.get(RELATION_EMBED) or "", ""), (about.get("descr") or "").strip())
        if picture is None:
            found.is_some_lost = True
        else:
            yield about.get("name") or "", picture


def _taken_from_cells(sheet: Sheet, found: _Found) -> tuple[Sheet, Rows]:
    """The sheet without the texts that stand for pictures, and all pictures of its rows."""
    pictures, rows = found.by_sheet.get(sheet.name, {}), list(sheet.rows)
    for place, cells in enumerate(rows):
        if any(_NAME_IN_CELL in cell for cell in cells):
            rows[place] = list(cells)
        for column, cell in enumerate(cells):
            if _NAME_IN_CELL in cell and (mark := _IN_CELL.fullmatch(cell)):
                rows[place][column] = ""
                if picture := found.by_cell_id.get(mark["id"]):
                    pictures.setdefault(place + 1, []).append(picture)
                else:
                    found.is_some_lost = True
    return replace(sheet, rows=rows), pictures


def _whole(text: str | None) -> int:
    return int(text) if text and text.strip().isdecimal() else 0
