"""Long tables on paper: thin rules, the header on every page, Chinese line breaks, figures under each other.

ReportLab's own table makes a paragraph of every cell that may wrap, which takes minutes for thousands of rows. Here a
cell that fits on one line is drawn as it is, and only the others are broken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from typing import BinaryIO

from reportlab.platypus import Flowable

from common.pdf.blocks import Letterhead, Signatures, digest_line, heading, note
from common.pdf.canvas import INK, RULE, WASH, Align, PaperCanvas
from common.pdf.fonts import typeface
from common.pdf.lines import break_lines, unbreakable
from common.pdf.paper import Paper, Rendered, write_pdf
from common.pdf.repertoire import printable
from common.tables import NUMERIC, Column, SheetSpec, shown

_SIZE, _LEADING = 9.0, 13.0
_PAD_X, _PAD_Y = 4.0, 3.0
_FIRST_BASELINE = _PAD_Y + (_LEADING - _SIZE) / 2 + 0.88 * _SIZE
_WIDEST = 200.0
_MEASURED = 40
# A row with more lines may be cut between them; one with fewer moves to the next page as a whole.
_MOST_LINES_KEPT_TOGETHER = 18
_FEWEST_LINES = 3
_LAST_ROWS = 3
_FITS_EVERY_PAGE = 400.0


@dataclass(frozen=True)
class _Row:
    """Cells, each broken into lines."""

    cells: list[list[str]]
    bold: bool = False

    @cached_property
    def line_count(self) -> int:
        return max(map(len, self.cells))

    @cached_property
    def height(self) -> float:
        return self.line_count * _LEADING + 2 * _PAD_Y

    def cut(self, lines: int) -> tuple["_Row", "_Row"]:
        upper, lower = ([cell[part] for cell in self.cells] for part in (slice(lines), slice(lines, None)))
        return _Row(upper, self.bold), _Row(lower, self.bold)


@dataclass(frozen=True)
class _Grid:
    """What all parts of one table share: where the columns stand and the header above them."""

    lefts: list[float]
    widths: list[float]
    aligns: list[Align]
    header: _Row


class RuledTable(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A table, or the part of one that stands on a page. Made by :func:`ruled_table`."""

    canv: PaperCanvas

    def __init__(self, grid: _Grid, rows: Sequence[_Row], followed_by: float) -> None:
        super().__init__()
        self._grid = grid
        self._rows = rows
        self._followed_by = followed_by
        self.width = sum(grid.widths)
        self.height = grid.header.height + sum(row.height for row in rows)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        # Too high by what follows: then ReportLab asks for a split, which keeps the last rows back for the next page.
        fits_alone = self.height <= available_height < self.height + self._followed_by
        return self.width, available_height + 1 if fits_alone and self._can_wait() else self.height

    def _can_wait(self) -> bool:
        """Are there rows to send on to the next page, or few enough to go there as a whole?"""
        return len(self._rows) > _LAST_ROWS or self.height + self._followed_by < _FITS_EVERY_PAGE

    def split(self, available_width: float, available_height: float) -> list["RuledTable"]:
        """As many rows as fit, and the rest; nothing when not even one does."""
        if self.height <= available_height:
            return self._parts(list(self._rows[:-_LAST_ROWS]), list(self._rows[-_LAST_ROWS:]))
        left = available_height - self._grid.header.height
        fitting = 0
        while fitting < len(self._rows) and self._rows[fitting].height <= left:
            left -= self._rows[fitting].height
            fitting += 1
        upper, lower = list(self._rows[:fitting]), list(self._rows[fitting:])
        lines = int((left - 2 * _PAD_Y) // _LEADING)
        if lower[0].line_count > _MOST_LINES_KEPT_TOGETHER and lines >= _FEWEST_LINES:
            piece, lower[0] = lower[0].cut(lines)
            upper.append(piece)
        return self._parts(upper, lower)

    def _parts(self, upper: list[_Row], lower: list[_Row]) -> list["RuledTable"]:
        if not upper:
            return []
        return [RuledTable(self._grid, upper, 0), RuledTable(self._grid, lower, self._followed_by)]

    def draw(self) -> None:
        canvas, grid = self.canv, self._grid
        canvas.setFillColor(WASH)
        canvas.rect(0, self.height - grid.header.height, self.width, grid.header.height, stroke=0, fill=1)
        tops = [self.height]
        for row in (grid.header, *self._rows):
            self._draw_row(row, tops[-1])
            tops.append(tops[-1] - row.height)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.4)
        canvas.lines([(0, y, self.width, y) for y in tops[2:-1]])
        canvas.lines([(x, 0, x, self.height) for x in grid.lefts[1:]])
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.9)
        canvas.rect(0, 0, self.width, self.height)
        canvas.line(0, tops[1], self.width, tops[1])

    def _draw_row(self, row: _Row, top: float) -> None:
        grid = self._grid
        for left, width, align, lines in zip(grid.lefts, grid.widths, grid.aligns, row.cells, strict=True):
            where: Align = "center" if row is grid.header else align
            x = left + {"left": _PAD_X, "center": width / 2, "right": width - _PAD_X}[where]
            # Single lines stand in the middle of a row that others make higher.
            y = top - _FIRST_BASELINE - (row.line_count - len(lines)) * _LEADING / 2
            for line in lines:
                self.canv.text(x, y, line, _SIZE, bold=row.bold, align=where)
                y -= _LEADING


def ruled_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    *,
    width: float,
    totals: Sequence[object] | None = None,
    followed_by: float = 0,
) -> RuledTable:
    """A table ``width`` points wide (``Paper.text_width`` to fill the page).

    Values are shown as :func:`common.tables.shown` does, numbers to the right. Columns share the width in proportion
    to ``Column.width`` or their longest text, but so that no word is cut as long as there is room. ``followed_by``
    is the height of what must not stand on a page without the last rows (signatures). Raises ``ValueError`` when a
    row has more or fewer values than there are columns.
    """
    texts = [_texts(row, columns) for row in rows]
    last = [_texts(totals, columns)] if totals is not None else []
    widths = _shares(columns, [*texts, *last], width)
    grid = _Grid(
        lefts=[sum(widths[:place]) for place in range(len(widths))],
        widths=widths,
        aligns=["right" if column.kind in NUMERIC else "left" for column in columns],
        header=_broken([printable(str(column.title)) for column in columns], widths, bold=True),
    )
    body = [_broken(row, widths) for row in texts]
    return RuledTable(grid, [*body, *(_broken(row, widths, bold=True) for row in last)], followed_by)


def _texts(row: Sequence[object], columns: Sequence[Column]) -> list[str]:
    return [printable(shown(value, column)) for value, column in zip(row, columns, strict=True)]


def _shares(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Every column gets what its longest word needs; what is left goes to those that want more, or to all."""
    longest = [nlargest(_MEASURED, {row[place] for row in rows}, key=len) for place in range(len(columns))]
    texts = [[str(column.title), *those] for column, those in zip(columns, longest, strict=True)]
    wishes = [_wish(column, those) for column, those in zip(columns, texts, strict=True)]
    needs = [min(_need(column, those), wish) for column, those, wish in zip(columns, texts, wishes, strict=True)]
    left, wanting = width - sum(needs), sum(wishes) - sum(needs)
    if left <= 0:
        return [width * need / sum(needs) for need in needs]
    if wanting <= left:
        return [width * wish / sum(wishes) for wish in wishes]
    return [need + left * (wish - need) / wanting for need, wish in zip(needs, wishes, strict=True)]


def _wish(column: Column, texts: Sequence[str]) -> float:
    if column.width:
        return column.width * _SIZE / 2 + 2 * _PAD_X
    return min(_widest(texts), _WIDEST) + 2 * _PAD_X + 1


def _need(column: Column, texts: Sequence[str]) -> float:
    whole = _widest(texts)
    if column.kind == "datetime":
        return whole + 2 * _PAD_X + 1
    # A name or a word of four characters is not worth breaking either.
    words = (word for text in texts for word in unbreakable(text))
    return max(_widest(words), min(whole, 4 * _SIZE)) + 2 * _PAD_X + 1


def _widest(texts: Iterable[str]) -> float:
    return max(typeface().width(line, _SIZE, bold=True) for text in texts for line in text.split("\n"))


def _broken(texts: Sequence[str], widths: Sequence[float], *, bold: bool = False) -> _Row:
    def measure(text: str) -> float:
        return typeface().width(text, _SIZE, bold=bold)

    return _Row(
        [break_lines(text, width - 2 * _PAD_X, measure) for text, width in zip(texts, widths, strict=True)], bold
    )


def sheet_story(spec: SheetSpec, paper: Paper, *, office: str = "") -> list[Flowable]:
    """Letterhead (when there is an ``office``), title, notes, table, signatures and digest of one table."""
    opening = [Letterhead(office, paper.number)] if office else []
    opening += [heading(spec.title)] if spec.title else []
    opening += map(note, spec.notes)
    closing = [Signatures(spec.signatures)] if spec.signatures else []
    closing += [digest_line(paper.digest)] if paper.digest else []
    height = sum(block.wrap(paper.text_width, 0)[1] for block in closing)
    table = ruled_table(spec.columns, list(spec.rows), width=paper.text_width, totals=spec.totals, followed_by=height)
    return [*opening, table, *closing]


def write_sheet(target: BinaryIO, paper: Paper, spec: SheetSpec, *, office: str = "") -> Rendered:
    """One table as a PDF; see :func:`common.pdf.paper.write_pdf`."""
    return write_pdf(target, paper, sheet_story(spec, paper, office=office))
