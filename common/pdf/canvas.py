"""The canvas all pages are drawn on: text in the house's typeface, and forms that may be filled in at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from common.pdf.fonts import Typeface, typeface

# ReportLab's default writes page contents as ASCII for the mail programs of the nineties, a quarter larger.
rl_config.useA85 = 0

Align = Literal["left", "center", "right"]

INK = HexColor("#1d231f")
INK_SOFT = HexColor("#4f5852")
RULE = HexColor("#8b928d")
WASH = HexColor("#f1f2ef")
SEAL = HexColor("#b2321b")

_SHARE_LEFT_OF_X: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}


class PaperCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """ReportLab's canvas with text that finds its fonts; ``missing_glyphs`` collects what was printed as 〓."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.typeface: Typeface = typeface()
        # Without it every file would name Helvetica, which is then not embedded.
        options["initialFontName"] = self.typeface.regular
        super().__init__(*args, **options)
        self.missing_glyphs: set[str] = set()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        color: Color = INK,
    ) -> None:
        """One line of text with its baseline at ``y``; ``align`` says which end of it stands at ``x`` (points)."""
        if not text:
            return
        if align != "left":
            x -= self.typeface.width(text, size, bold=bold) * _SHARE_LEFT_OF_X[align]
        runs = self.typeface.runs(text, bold=bold)
        if len(runs) > 1 or "〓" in runs[0][1]:
            self.missing_glyphs |= self.typeface.missing(text)
        pencil = self.beginText(x, y)
        pencil.setFillColor(color)
        for font_name, run in runs:
            pencil.setFont(font_name, size)
            pencil.textOut(run)
        self.drawText(pencil)

    def rule(self, x: float, y: float, width: float, *, thickness: float = 0.5, color: Color = RULE) -> None:
        """A horizontal line to the right of ``x``."""
        self.setStrokeColor(color)
        self.setLineWidth(thickness)
        self.line(x, y, x + width, y)

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """Draw a form, to be shown with ``doForm(name)``, also on pages that are already finished."""
        self.beginForm(name)
        yield
        self.endForm()
