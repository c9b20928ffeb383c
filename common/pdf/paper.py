"""The page: A4, head and foot, watermark, and the document that collects the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, radians, sin
from typing import Any, BinaryIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import ActionFlowable, BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from common.pdf.canvas import INK_SOFT, PaperCanvas

MARGIN = 20 * mm
TOP, BOTTOM = 24 * mm, 22 * mm
_SMALL = 8
# A frame keeps back this much of its width and height from flowables that would fill it to the last bit.
_PADDING = 0
# Opaque and under everything else: transparency makes old printers slow and some of them wrong.
_WATERMARK = HexColor("#ededeb")
_WATERMARK_SIZE, _WATERMARK_ANGLE = 20, 30
_SHOWN_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The paper a document is printed on.

    ``title`` and ``number`` (of the document) stand at the head of every page but the first, ``watermark`` lightly
    across all. ``digest`` (hex, see :func:`common.tables.content_digest`) is shown in the foot, shortened. ``author``
    is the issuing office. ``language`` is that of the text, for screen readers; ``None`` is the active one.
    """

    title: str
    number: str = ""
    author: str = ""
    watermark: str = ""
    digest: str = ""
    landscape: bool = False
    language: str | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        short, long = float(A4[0]), float(A4[1])
        return (long, short) if self.landscape else (short, long)

    @property
    def text_width(self) -> float:
        """Width in points between the margins."""
        return float(self.size[0] - 2 * MARGIN)


class Section(ActionFlowable):  # type: ignore[misc]  # ReportLab has no types
    """A document within the document, on a sheet of its own: its pages are counted by themselves.

    ``name`` stands at the head of its later pages. Whoever prints on both sides finds no two sections on one sheet,
    unless ``on_new_sheet`` is off.
    """

    def __init__(self, name: str, *, is_first: bool, on_new_sheet: bool = True) -> None:
        super().__init__()
        self._name, self._is_first, self._on_new_sheet = name, is_first, on_new_sheet

    @staticmethod
    def of(name: str, *, is_first: bool, on_new_sheet: bool = True) -> list[Flowable]:
        return [Section(name, is_first=is_first, on_new_sheet=on_new_sheet), NextPageTemplate("later")]

    def apply(self, document: Any) -> None:
        if not self._is_first:
            document.handle_nextPageTemplate("first")
            document.handle_pageBreak()
        document.canv.begin_section(self._name, is_first=self._is_first, on_new_sheet=self._on_new_sheet)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came out: how many pages, and the characters that no font could draw (printed as 〓)."""

    pages: int
    missing_glyphs: frozenset[str]


def write_pdf(target: BinaryIO, paper: Paper, story: Sequence[Flowable]) -> Rendered:
    """Write the flowables in ``story`` on as many pages as they need; the list is left as it was.

    ReportLab's own flowables may stand between those of this package, as long as their text uses the fonts of
    :func:`common.pdf.fonts.typeface`. The same story gives the same bytes. Raises ReportLab's ``LayoutError`` for a
    flowable that fits on no page.
    """
    document = PaperDocument(target, paper)
    document.build([NextPageTemplate("later"), *story], canvasmaker=partial(PagedCanvas, paper=paper))
    return Rendered(document.canv.page_count, frozenset(document.canv.missing_glyphs))


class PaperDocument(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """Lays a story out on paper."""

    def __init__(self, target: BinaryIO, paper: Paper) -> None:
        super().__init__(
            target,
            pagesize=paper.size,
            title=paper.title,
            author=paper.author,
            subject=paper.number,
            creator="Yingzhi",
            lang=paper.language or get_language() or "zh-Hans",
            # No time of making and no random identity: the same content gives the same file.
            invariant=1,
        )
        self.addPageTemplates(self.templates(paper))

    def templates(self, paper: Paper) -> list[PageTemplate]:
        """The kinds of pages; the first is that of the first page."""
        draw = partial(_draw_page, paper=paper)
        return [
            PageTemplate("first", [text_frame(paper)], onPage=partial(draw, has_head=False)),
            PageTemplate("later", [text_frame(paper)], onPage=partial(draw, has_head=True)),
        ]


def text_frame(paper: Paper) -> Frame:
    """The part of the page between the margins, head and foot."""
    padding = {f"{side}Padding": _PADDING for side in ("left", "right", "top", "bottom")}
    return Frame(MARGIN, BOTTOM, paper.text_width, paper.size[1] - TOP - BOTTOM, **padding)


class PagedCanvas(PaperCanvas):
    """Knows how many pages there are only when all are drawn, so every page shows a form that is drawn last.

    The usual way, keeping each page open until the end, would hold them all in memory.
    """

    def __init__(self, *args: Any, paper: Paper, **options: Any) -> None:
        super().__init__(*args, **options)
        self._paper = paper
        self.page_count = 0
        # How many pages each section has, its name, and of which pages the foot is still to be drawn.
        self._counts, self.section = [0], ""
        self._feet: list[tuple[int, int, int]] = []

    def showPage(self) -> None:  # noqa: N802  # ReportLab's name
        self.page_count += 1
        self._counts[-1] += 1
        self._feet.append((self.page_count, len(self._counts) - 1, self._counts[-1]))
        super().showPage()

    def begin_section(self, name: str, *, is_first: bool, on_new_sheet: bool) -> None:
        self.section = name
        if is_first:
            return
        if on_new_sheet and self.page_count % 2:
            # The back of the last sheet stays empty.
            self.page_count += 1
            super().showPage()
        self._counts.append(0)

    def save(self) -> None:
        for page, section, number in self._feet:
            with self.form(foot_name(page)):
                _draw_foot(self, self._paper, number, self._counts[section])
        if self._paper.watermark:
            with self.form("watermark"):
                _draw_watermark(self, self._paper)
        super().save()


def _draw_page(canvas: PagedCanvas, document: Any, *, paper: Paper, has_head: bool) -> None:
    if paper.watermark:
        canvas.doForm("watermark")
    if has_head:
        draw_head(canvas, paper)
    canvas.doForm(foot_name(canvas.page_count + 1))


def foot_name(number: int) -> str:
    """The form that is the foot of a page."""
    return f"foot-{number}"


def draw_head(canvas: PagedCanvas, paper: Paper) -> None:
    """Title to the left, number to the right, a rule below."""
    width, height = paper.size
    line = height - TOP + 4 * mm
    canvas.text(MARGIN, line + 4, paper.title, _SMALL, color=INK_SOFT)
    canvas.text(width - MARGIN, line + 4, canvas.section or paper.number, _SMALL, align="right", color=INK_SOFT)
    canvas.rule(MARGIN, line, paper.text_width)


def _draw_foot(canvas: PaperCanvas, paper: Paper, number: int, count: int) -> None:
    line = BOTTOM - 9 * mm
    place = _("Page %(page)s of %(pages)s") % {"page": number, "pages": count}
    canvas.text(paper.size[0] / 2, line, place, 9, align="center", color=INK_SOFT)
    if paper.digest:
        check = _("Check code %(digest)s") % {"digest": grouped(paper.digest[:_SHOWN_DIGITS])}
        canvas.text(paper.size[0] - MARGIN, line, check, 7, align="right", color=INK_SOFT)


def grouped(digest: str) -> str:
    """Hex digits in groups of four, as a person reads them aloud."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _draw_watermark(canvas: PaperCanvas, paper: Paper) -> None:
    width, height = paper.size
    step = canvas.typeface.width(paper.watermark, _WATERMARK_SIZE) + 30 * mm
    canvas.rotate(_WATERMARK_ANGLE)
    slope = radians(_WATERMARK_ANGLE)
    # The page seen from the turned axes: everything between its outermost corners is filled.
    right = width * cos(slope) + height * sin(slope)
    bottom, top = -width * sin(slope), height * cos(slope)
    for row in range(int((top - bottom) / (45 * mm)) + 1):
        x = -step / 2 * (row % 2)
        while x < right:
            canvas.text(x, bottom + row * 45 * mm, paper.watermark, _WATERMARK_SIZE, color=_WATERMARK)
            x += step
