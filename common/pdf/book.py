"""A printed book: cover, contents with page numbers, a running head with the chapter, links within.

The numbers in the contents are forms that are drawn when all pages are known, so a book is laid out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, BinaryIO

import segno
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak, PageTemplate

from common.pdf.blocks import Prose
from common.pdf.canvas import INK, INK_SOFT, RULE, SEAL, PaperCanvas
from common.pdf.fonts import typeface
from common.pdf.lines import break_lines
from common.pdf.paper import MARGIN, PagedCanvas, Paper, PaperDocument, Rendered, draw_head, foot_name, text_frame

_NUMBER_WIDTH = 40
_DROP = 6
_QR_SIZE = 30 * mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands on the first page: ``facts`` under each other, the QR code of ``address`` with ``hint`` below."""

    office: str
    title: str
    facts: Sequence[str]
    address: str
    hint: str


class BookCanvas(PagedCanvas):
    """Remembers on which page each part stands, and in which chapter the page being drawn is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.running = ""
        self._page_of: dict[str, int] = {}
        self._asked: dict[tuple[str, float], None] = {}

    def reach(self, key: str, title: str, level: int, top: float) -> None:
        """A part begins here, ``top`` points above the origin: links to ``key`` lead here, as does the outline."""
        self._page_of[key] = self.getPageNumber()
        self.bookmarkHorizontal(key, 0, top)
        self.addOutlineEntry(title, key, level, closed=level > 0 or None)

    def page_number(self, key: str, right: float, baseline: float, size: float) -> None:
        """The number of the page on which ``key`` stands or will stand, ending at ``right``."""
        self._asked[key, size] = None
        self.saveState()
        self.translate(right - _NUMBER_WIDTH, baseline - _DROP)
        self.doForm(_number_name(key, size))
        self.restoreState()

    def save(self) -> None:
        for key, size in self._asked:
            with self.form(_number_name(key, size)):
                self.text(_NUMBER_WIDTH, _DROP, f"{self._page_of.get(key, '')}", size, align="right")
        super().save()


def _number_name(key: str, size: float) -> str:
    return f"page-of-{key}-{size:g}"


class _BookDocument(PaperDocument):
    def __init__(self, target: BinaryIO, paper: Paper, cover: Cover) -> None:
        self._cover = cover
        super().__init__(target, paper)

    def templates(self, paper: Paper) -> list[PageTemplate]:
        draw_cover = partial(_draw_cover, paper=paper, cover=self._cover)
        # The head is drawn last: only then is it known which chapter has begun on the page.
        end_page = partial(_draw_running_head, paper=paper)
        return [
            PageTemplate("cover", [text_frame(paper)], onPage=draw_cover),
            PageTemplate("page", [text_frame(paper)], onPage=_draw_foot, onPageEnd=end_page),
        ]


def _draw_foot(canvas: BookCanvas, document: Any) -> None:
    canvas.doForm(foot_name(document.page))


def _draw_running_head(canvas: BookCanvas, document: Any, *, paper: Paper) -> None:
    draw_head(canvas, replace(paper, number=canvas.running))


def write_book(target: BinaryIO, paper: Paper, cover: Cover, story: Sequence[Flowable]) -> Rendered:
    """Write a cover and after it the flowables in ``story``; otherwise as :func:`common.pdf.paper.write_pdf`."""
    document = _BookDocument(target, paper, cover)
    opening = [NextPageTemplate("page"), _Nothing(), PageBreak()]
    document.build([*opening, *story], canvasmaker=partial(BookCanvas, paper=paper))
    return Rendered(document.canv.page_count, frozenset(document.canv.missing_glyphs))


class _Nothing(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Holds the page of the cover open, whose content is drawn with it."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return available_width, 1

    def draw(self) -> None:
        pass


def _draw_cover(canvas: BookCanvas, document: Any, *, paper: Paper, cover: Cover) -> None:
    width, height = paper.size
    face, middle = typeface(), width / 2
    canvas.text(middle, height - 62 * mm, cover.office, 16, align="center", color=INK_SOFT)
    size = 34.0
    lines = break_lines(cover.title, paper.text_width, lambda text: face.width(text, size, bold=True))
    y = height - 95 * mm
    for line in lines:
        canvas.text(middle, y, line, size, bold=True, align="center", color=INK)
        y -= size * 1.4
    canvas.rule(middle - 25 * mm, y + 6 * mm, 50 * mm, thickness=1.6, color=SEAL)
    y -= 8 * mm
    for fact in cover.facts:
        canvas.text(middle, y, fact, 11, align="center", color=INK_SOFT)
        y -= 7 * mm
    draw_qr(canvas, cover.address, middle - _QR_SIZE / 2, 52 * mm, _QR_SIZE)
    canvas.text(middle, 44 * mm, cover.hint, 9, align="center", color=INK_SOFT)
    canvas.text(middle, 38 * mm, cover.address, 8, align="center", color=INK_SOFT)
    canvas.linkURL(cover.address, (MARGIN, 36 * mm, width - MARGIN, 52 * mm + _QR_SIZE))


def draw_qr(canvas: PaperCanvas, text: str, x: float, y: float, size: float, *, mask: int | None = None) -> None:
    """The QR code of ``text`` in black, ``size`` points wide; the paper around it is its quiet zone.

    ``mask`` names one of the eight patterns (every reader takes any): looking for the best takes as long as a page.
    """
    rows = [list(row) for row in segno.make(text, error="m", micro=False, mask=mask).matrix]
    side = size / len(rows)
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for down, row in enumerate(rows, start=1):
        across = 0
        for is_dark, run in groupby(row):
            width = len(list(run))
            if is_dark:
                path.rect(x + across * side, y + size - down * side, width * side, side)
            across += width
    canvas.drawPath(path, stroke=0, fill=1)


class Headline(Prose):
    """A title that links lead to. ``runs_on`` makes it the running head; ``level`` is its place in the outline."""

    canv: BookCanvas

    def __init__(self, text: str, key: str, *, level: int, runs_on: bool = False, **style: Any) -> None:
        super().__init__(text, **{"bold": True, **style})
        self._title, self._key, self._level, self._runs_on = text, key, level, runs_on
        self.keepWithNext = 1

    def draw(self) -> None:
        if self._runs_on:
            self.canv.running = self._title
        self.canv.reach(self._key, self._title, self._level, self.height + 6)
        super().draw()

    def split(self, available_width: float, available_height: float) -> list[Any]:
        return []


class ContentsLine(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A title, dots, and the number of the page it stands on; all of it leads there."""

    canv: BookCanvas

    def __init__(self, text: str, key: str, *, size: float = 10.5, bold: bool = False, indent: float = 0) -> None:
        super().__init__()
        self._text, self._key, self._size, self._bold, self._indent = text, key, size, bold, indent
        self._leading = size * 1.7

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        room = available_width - self._indent - _NUMBER_WIDTH
        self._lines = break_lines(self._text, room, self._measure)
        self.width, self.height = available_width, len(self._lines) * self._leading + (4 if self._bold else 0)
        return self.width, self.height

    def _measure(self, text: str) -> float:
        return typeface().width(text, self._size, bold=self._bold)

    def draw(self) -> None:
        y = self.height - self._leading + self._leading * 0.3
        if self._bold:
            y -= 4
        for line in self._lines:
            self.canv.text(self._indent, y, line, self._size, bold=self._bold)
            y -= self._leading
        y += self._leading
        start = self._indent + self._measure(self._lines[-1]) + 6
        self._dots(start, self.width - 24, y)
        self.canv.page_number(self._key, self.width, y, self._size)
        self.canv.linkRect("", self._key, (0, 0, self.width, self.height), relative=1, thickness=0)

    def _dots(self, left: float, right: float, y: float) -> None:
        if right > left:
            self.canv.saveState()
            self.canv.setStrokeColor(RULE)
            self.canv.setLineWidth(0.7)
            self.canv.setDash([0.7, 3])
            self.canv.line(left, y + 2, right, y + 2)
            self.canv.restoreState()
