"""Prose in which single words are bold or lead somewhere, framed boxes, and pictures."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from common.pdf.canvas import INK, INK_SOFT, SEAL, WASH, PaperCanvas
from common.pdf.fonts import typeface
from common.pdf.lines import break_lines
from common.pdf.repertoire import printable

_ABOVE = 0.88
LINK = HexColor("#1f5c46")
_HIGHEST_PICTURE = 300.0


class Style(NamedTuple):
    """How a character looks and where it leads: ``#key`` within the document, an address, or nowhere."""

    bold: bool = False
    link: str = ""


class Runs(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A paragraph of ``(words, style)``; ``sign`` (a bullet, a number) hangs to the left in the indent. Points."""

    canv: PaperCanvas

    def __init__(
        self,
        runs: Sequence[tuple[str, Style]],
        *,
        size: float = 10.5,
        leading: float = 1.65,
        indent: float = 0,
        sign: str = "",
        after: float = 5,
    ) -> None:
        super().__init__()
        pieces = [(printable(words), style) for words, style in runs]
        self._text = "".join(words for words, _style in pieces)
        self._styles = [style for words, style in pieces for _character in words]
        self._size, self._leading, self._indent, self._sign, self._after = size, size * leading, indent, sign, after
        self._lines: list[tuple[int, int]] = []

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self._lines = self._broken(available_width - self._indent)
        self.width, self.height = available_width, len(self._lines) * self._leading + self._after
        return self.width, self.height

    def _broken(self, width: float) -> list[tuple[int, int]]:
        """Where each line begins and ends. Measured as if all were bold, which is never narrower."""
        found, place = [], 0
        for line in break_lines(self._text, width, lambda text: typeface().width(text, self._size, bold=True)):
            place = max(self._text.find(line, place), place)
            found.append((place, place + len(line)))
            place += len(line)
        return found

    def draw(self) -> None:
        y = self.height - (self._leading - self._size) / 2 - self._size * _ABOVE
        if self._sign:
            self.canv.text(self._indent - 5, y, self._sign, self._size, align="right", color=INK_SOFT)
        for start, end in self._lines:
            x = self._indent
            for words, style in self._segments(start, end):
                x = self._draw_segment(x, y, words, style)
            y -= self._leading

    def _segments(self, start: int, end: int) -> Iterator[tuple[str, Style]]:
        while start < end:
            style, stop = self._styles[start], start
            while stop < end and self._styles[stop] == style:
                stop += 1
            yield self._text[start:stop], style
            start = stop

    def _draw_segment(self, x: float, y: float, words: str, style: Style) -> float:
        self.canv.text(x, y, words, self._size, bold=style.bold, color=LINK if style.link else INK)
        right = x + typeface().width(words, self._size, bold=style.bold)
        if style.link:
            self.canv.rule(x, y - 1.5, right - x, thickness=0.4, color=LINK)
            lead(self.canv, style.link, (x, y - 3, right, y + self._size))
        return right

    def split(self, available_width: float, available_height: float) -> list[Any]:
        fitting = min(int(available_height // self._leading), len(self._lines) - 2)
        if fitting < 2:
            return []
        cut = self._lines[fitting][0]
        return [self._part(0, cut, self._sign, 0), self._part(cut, len(self._text), "", self._after)]

    def _part(self, start: int, end: int, sign: str, after: float) -> "Runs":
        runs = list(self._segments(start, end))
        return Runs(
            runs, size=self._size, leading=self._leading / self._size, indent=self._indent, sign=sign, after=after
        )


def lead(canvas: PaperCanvas, link: str, rectangle: tuple[float, float, float, float]) -> None:
    """Make a part of the page lead to ``#key`` in this document or to an address on the web."""
    if link.startswith("#"):
        canvas.linkRect("", link[1:], rectangle, relative=1, thickness=0)
    else:
        canvas.linkURL(link, rectangle, relative=1, thickness=0)


class Box(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Words on a tinted ground with a bar to the left; never torn apart by a page. ``title`` is bold above them."""

    canv: PaperCanvas
    _PAD = 8.0

    def __init__(
        self, text: str, *, title: str = "", size: float = 10.5, bar: Color = SEAL, bold: bool = False, after: float = 7
    ) -> None:
        super().__init__()
        self._words, self._title, self._size, self._bar, self._bold, self._after = text, title, size, bar, bold, after

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        room = available_width - 2 * self._PAD - 4
        lines = break_lines(self._words, room, lambda text: typeface().width(text, self._size, bold=True))
        self._lines = [(self._title, True)] if self._title else []
        self._lines += [(line, self._bold) for line in lines]
        self.width = available_width
        self.height = len(self._lines) * self._size * 1.6 + 2 * self._PAD - 2 + self._after
        return self.width, self.height

    def draw(self) -> None:
        canvas, bottom = self.canv, self._after
        canvas.setFillColor(WASH)
        canvas.rect(0, bottom, self.width, self.height - bottom, stroke=0, fill=1)
        canvas.setFillColor(self._bar)
        canvas.rect(0, bottom, 3, self.height - bottom, stroke=0, fill=1)
        y = self.height - self._PAD - self._size * 1.1
        for line, bold in self._lines:
            is_title = bold and line == self._title
            canvas.text(self._PAD + 4, y, line, self._size, bold=bold, color=self._bar if is_title else INK)
            y -= self._size * 1.6


class PictureBlock(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A picture as wide as it is, at most as the text, with its description below."""

    canv: PaperCanvas

    def __init__(self, picture: ImageReader, description: str) -> None:
        super().__init__()
        self._picture, self._description = picture, description

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        across, down = self._picture.getSize()
        share = min(available_width / across, _HIGHEST_PICTURE / down, 1)
        self._drawn = across * share, down * share
        self._lines = break_lines(self._description, available_width, lambda text: typeface().width(text, 9))
        self.width, self.height = available_width, self._drawn[1] + len(self._lines) * 14 + 12
        return self.width, self.height

    def draw(self) -> None:
        across, down = self._drawn
        self.canv.drawImage(self._picture, (self.width - across) / 2, self.height - down, across, down)
        y = self.height - down - 12
        for line in self._lines:
            self.canv.text(self.width / 2, y, line, 9, align="center", color=INK_SOFT)
            y -= 14
