"""Blocks of a quarter's papers: where a paper can be verified, bars of what was reached."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from common.pdf.book import draw_qr
from common.pdf.canvas import INK_SOFT, RULE, WASH, PaperCanvas
from common.pdf.fonts import typeface
from common.pdf.lines import break_lines
from common.pdf.paper import grouped
from performance.domain.reporting.documents import address
from performance.domain.reporting.words import number_line
from performance.models import Document

PINE = HexColor("#1d5a42")
_QR_SIZE = 20 * mm
_SMALL = 7.5
_MASK = 4
_HALF_DIGEST = 32


class Verification(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The code that leads to the page of the document, with number, digest and address beside it; never torn apart."""

    canv: PaperCanvas

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document, self._address = document, address(document)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, float(_QR_SIZE + 3 * mm)
        return self.width, self.height

    def draw(self) -> None:
        draw_qr(self.canv, self._address, 0, 0, _QR_SIZE, mask=_MASK)
        self.canv.linkURL(self._address, (0, 0, _QR_SIZE, _QR_SIZE), relative=1, thickness=0)
        digest = self._document.digest
        y = _QR_SIZE - 8
        for line in (
            number_line(self._document.number),
            _("Scan to verify this paper, or open the address and compare the first eight characters:"),
            self._address,
            _("SHA-256 of the content: %(digest)s") % {"digest": grouped(digest[:_HALF_DIGEST])},
            grouped(digest[_HALF_DIGEST:]),
        ):
            self.canv.text(_QR_SIZE + 4 * mm, y, line, _SMALL, color=INK_SOFT)
            y -= 11


class Bar(NamedTuple):
    """What was reached of what could be."""

    label: str
    points: Decimal
    of: Decimal


class Bars(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A lying bar for each line, as long as its weight and filled as far as it was reached, with both figures."""

    canv: PaperCanvas
    _SIZE, _STEP, _THICK = 8.5, 15.0, 8.0
    _LABEL_SHARE, _FIGURES = 0.34, 24 * mm

    def __init__(self, bars: Sequence[Bar]) -> None:
        super().__init__()
        self._bars = bars

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, self._STEP * len(self._bars) + 4
        return self.width, self.height

    def draw(self) -> None:
        canvas, left = self.canv, self.width * self._LABEL_SHARE
        room = self.width - left - self._FIGURES
        most = max((max(bar.of, bar.points) for bar in self._bars), default=Decimal(1)) or Decimal(1)
        y = self.height - self._STEP
        for bar in self._bars:
            canvas.text(left - 6, y + 1, _cut(bar.label, left - 10, self._SIZE), self._SIZE, align="right")
            whole, part = (room * float(max(value, Decimal(0)) / most) for value in (bar.of, bar.points))
            canvas.setFillColor(WASH)
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.5)
            canvas.rect(left, y, whole, self._THICK, stroke=1, fill=1)
            canvas.setFillColor(PINE)
            canvas.rect(left, y, part, self._THICK, stroke=0, fill=1)
            canvas.text(self.width, y + 1, f"{bar.points:.2f} / {bar.of:.2f}", self._SIZE, align="right")
            y -= self._STEP


def _cut(text: str, width: float, size: float) -> str:
    """As much of a label as fits on its line."""
    lines = break_lines(text, width, lambda words: typeface().width(words, size))
    return lines[0] if len(lines) == 1 else f"{lines[0][:-1]}…"
