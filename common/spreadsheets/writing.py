"""Workbooks (XLSX), written row by row in constant memory."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from typing import Any, BinaryIO, Literal

import xlsxwriter
from django.utils.translation import gettext as _

from common import clock
from common.chinese import strip_controls
from common.pictures import Picture
from common.spreadsheets.cells import TEXT_FORMAT, StyleIndex, row_writer, safe_text
from common.tables import Column, SheetSpec, display_width, is_formula_like, shown

__all__ = ["Column", "Properties", "SheetSpec", "write_workbook"]

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MEASURED_ROWS = 100
_NARROWEST, _WIDEST = 6, 60
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576
_TALL = 30  # points
_PICTURE_ROW = 75  # points, of which three are four pixels
_GAP = 4  # pixels
_A4 = 9  # Excel's number of the paper

Role = Literal["title", "note", "header", "cell", "total", "signature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What a file manager shows about the workbook."""

    title: str = ""
    subject: str = ""
    author: str = ""
    company: str = ""
    comments: str = ""


def write_workbook(target: BinaryIO, sheets: Sequence[SheetSpec], properties: Properties | None = None) -> None:
    """Write ``sheets`` to ``target`` as XLSX; rows are taken from their iterables one at a time.

    Text stays text: identity numbers keep their digits and none is ever a formula or a link, also not after a person
    has edited the cell; the only formulas are cells given as :class:`common.tables.Formula`. Prepared to be printed on
    A4 landscape, as wide as the page, with the header repeated. Text longer than Excel's 32,767 characters ends in an
    ellipsis. Raises ``ValueError`` when a row has more or fewer values than the sheet has columns, or when there is no
    sheet.
    """
    if not sheets:
        raise ValueError("a workbook needs at least one sheet")
    with closing(xlsxwriter.Workbook(target, _OPTIONS)) as book:
        book.set_properties({**_as_mapping(properties or Properties()), "created": clock.now().replace(tzinfo=None)})
        styles = _Styles(book)
        names: list[str] = []
        for sheet in sheets:
            names.append(_sheet_name(sheet.name, names))
            _Writer(book.add_worksheet(names[-1]), sheet, styles).write()


def _as_mapping(properties: Properties) -> dict[str, str]:
    fields = ("title", "subject", "author", "company", "comments")
    return {name: strip_controls(getattr(properties, name)) for name in fields}


def _sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A name that Excel accepts: 31 characters, none of ``[]:*?/\\``, no apostrophe at its ends, unlike the others."""
    clean = (
        strip_controls(wanted).translate(str.maketrans("[]:*?/\\\n\r\t", "（）：＊？／＼   ")).strip("' ") or "Sheet"
    )
    name, number = clean[:_LONGEST_NAME].strip("' "), 1
    while name.casefold() in {"history", *(each.casefold() for each in taken)}:
        number += 1
        name = f"{clean[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
    return name


class _Styles:
    """Cell formats of one workbook, each made once."""

    _ROLES: Mapping[Role, Mapping[str, object]] = {
        "title": {"bold": True, "font_size": 16, "align": "center"},
        "note": {"font_color": "#555555", "align": "left"},
        "header": {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#EDEFEC", "border": 1},
        "cell": {"border": 1, "border_color": "#A0A0A0"},
        "total": {"border": 1, "bold": True, "top": 2},
        "signature": {"align": "left"},
    }

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Role, str, bool], Any] = {}

    def get(self, role: Role, number_format: str = TEXT_FORMAT, *, quoted: bool = False) -> Any:
        """``quoted`` is Excel's leading apostrophe: the text stays text when somebody edits the cell."""
        key = (role, number_format, quoted)
        if key not in self._made:
            settings = {"valign": "vcenter", "num_format": number_format, **self._ROLES[role]}
            self._made[key] = self._book.add_format(settings)
            self._made[key].set_quote_prefix(quoted)
        return self._made[key]

    def index(self, role: Role) -> StyleIndex:
        """Numbers of the formats of one role, for rows written as XML."""

        def index(number_format: str, *, quoted: bool = False) -> int:
            return int(self.get(role, number_format, quoted=quoted)._get_xf_index())

        return index


class _Writer:
    """Writes one sheet from top to bottom, as constant memory demands."""

    def __init__(self, worksheet: Any, spec: SheetSpec, styles: _Styles) -> None:
        self._worksheet = worksheet
        self._spec = spec
        self._styles = styles
        self._next_row = 0
        self._last_column = len(spec.columns) - 1

    def write(self) -> None:
        rows = iter(self._spec.rows)
        first_rows = list(islice(rows, _MEASURED_ROWS))
        self._set_widths(first_rows)
        self._write_banner()
        header = self._next_row
        self._write_header()
        self._write_rows(chain(first_rows, rows), "cell")
        self._worksheet.autofilter(header, 0, self._next_row - 1, self._last_column)
        if self._spec.totals is not None:
            # Rows of the sheet count from 1: the header is the one before the first.
            self._write_rows([self._spec.totals], "total", above=(header + 2, max(self._next_row, header + 2)))
        self._write_signatures()
        self._set_up_page(header)

    def _set_widths(self, rows: Sequence[Sequence[object]]) -> None:
        for number, column in enumerate(self._spec.columns):
            texts = [str(column.title), *(shown(row[number], column) for row in rows if number < len(row))]
            measured = max(map(display_width, texts)) + 2
            width = column.width or min(max(measured, _NARROWEST), _WIDEST)
            self._worksheet.set_column(number, number, width)

    def _write_banner(self) -> None:
        banner: list[tuple[Role, str]] = [("note", note) for note in self._spec.notes]
        if self._spec.title:
            self._worksheet.set_row(0, _TALL)
            banner.insert(0, ("title", self._spec.title))
        for role, text in banner:
            if self._last_column > 0:
                style = self._styles.get(role)
                self._worksheet.merge_range(self._next_row, 0, self._next_row, self._last_column, "", style)
            self._write_text(0, text, role)
            self._next_row += 1

    def _write_header(self) -> None:
        self._worksheet.set_row(self._next_row, _TALL)
        for number, column in enumerate(self._spec.columns):
            self._write_text(number, column.title, "header")
        self._next_row += 1

    def _write_rows(
        self, rows: Iterable[Sequence[object]], role: Role, *, above: tuple[int, int] | None = None
    ) -> None:
        """Put rows into XlsxWriter's file of finished rows, behind the one it still holds back."""
        as_xml = row_writer(self._spec.columns, self._styles.index(role), above=above)
        self._worksheet._write_single_row(self._next_row)
        for place, row in enumerate(rows):
            pictures = self._spec.pictures.get(place, ()) if role == "cell" else ()
            height = self._put_beside(pictures) if pictures else 0
            self._next_row += 1
            if self._next_row > _MOST_ROWS:
                raise ValueError(f"a worksheet ends at row {_MOST_ROWS}")
            self._worksheet.row_data_fh.write(as_xml(self._next_row, row, height=height))
        self._worksheet.previous_row = self._next_row
        self._worksheet._check_dimensions(self._next_row - 1, self._last_column)

    def _put_beside(self, pictures: Sequence[Picture]) -> int:
        """Pictures side by side, as tall as their row will be; that height in points."""
        self._worksheet.set_row(self._next_row, _PICTURE_ROW)
        offset: float = _GAP
        for picture in pictures:
            width, height = picture.size
            scale = min(1.0, (_PICTURE_ROW * 4 / 3 - 2 * _GAP) / height)
            options = {
                "image_data": BytesIO(picture.content),
                "description": strip_controls(picture.description),
                "x_scale": scale,
                "y_scale": scale,
                "x_offset": offset,
                "y_offset": _GAP,
            }
            self._worksheet.insert_image(self._next_row, self._last_column, picture.name, options)
            offset += width * scale + _GAP
        return _PICTURE_ROW

    def _write_text(self, column: int, text: str, role: Role) -> None:
        safe = _without_markup(safe_text(str(text)))
        style = self._styles.get(role, quoted=is_formula_like(safe))
        self._worksheet.write_string(self._next_row, column, safe, style)

    def _write_signatures(self) -> None:
        if not self._spec.signatures:
            return
        self._next_row += 1
        step = max(1, (self._last_column + 1) // len(self._spec.signatures))
        self._worksheet.set_row(self._next_row, _TALL)
        for place, label in enumerate(self._spec.signatures):
            self._write_text(place * step, f"{_('%(label)s:') % {'label': label}} ____________", "signature")
        self._next_row += 1

    def _set_up_page(self, header: int) -> None:
        sheet = self._worksheet
        sheet.freeze_panes(header + 1, self._spec.frozen_columns)
        sheet.repeat_rows(header)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.set_footer("&C&P / &N")
        if self._spec.watermark:
            # Excel has no watermark; grey text at the top of every printed page is the nearest. & starts a code there.
            text = strip_controls(self._spec.watermark).replace("&", "&&")[:200]
            sheet.set_header(f"&C&K808080 {text}")


def _without_markup(text: str) -> str:
    # XlsxWriter passes <r>…</r> on as markup of its own making; a person's would be markup injected into the file.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
