"""What stands around a table on official paper: letterhead, title, prose, signatures, digest."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from common.pdf.canvas import INK, INK_SOFT, SEAL, Align, PaperCanvas
from common.pdf.fonts import typeface
from common.pdf.lines import break_lines

# Where the baseline lies in a line: centred on the body of Chinese characters (880 above and 120 below it).
_ABOVE = 0.88
_OFFICE_SIZE = 26


class _Block(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A flowable that takes the whole width it is offered."""

    canv: PaperCanvas

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        self.height = self.measured(available_width)
        return self.width, self.height

    def measured(self, width: float) -> float:
        raise NotImplementedError


class Letterhead(_Block):
    """The issuing office in vermilion over a double rule, the number of the document under it (GB/T 9704-2012, 7.2)."""

    def __init__(self, office: str, number: str = "") -> None:
        super().__init__()
        self._office = office
        self._number = number

    def measured(self, width: float) -> float:
        return float((26 if self._number else 20) * mm)

    def draw(self) -> None:
        canvas = self.canv
        size = min(_OFFICE_SIZE, _OFFICE_SIZE * self.width / max(self._natural_width(), 1))
        canvas.text(self.width / 2, self.height - size, self._office, size, bold=True, align="center", color=SEAL)
        rule = 7 * mm
        canvas.text(self.width / 2, rule + 3 * mm, self._number, 10.5, align="center")
        canvas.rule(0, rule, self.width, thickness=1.6, color=SEAL)
        canvas.rule(0, rule - 2.4, self.width, thickness=0.5, color=SEAL)

    def _natural_width(self) -> float:
        return typeface().width(self._office, _OFFICE_SIZE, bold=True)


class Prose(_Block):
    """A paragraph. Sizes in points; ``indent`` in characters of the first line; ``after`` is the space under it."""

    def __init__(
        self,
        text: str,
        *,
        size: float = 10.5,
        leading: float = 1.6,
        bold: bool = False,
        align: Align = "left",
        indent: int = 0,
        after: float = 0,
        color: Color = INK,
    ) -> None:
        super().__init__()
        self._text = "\u3000" * indent + text
        self._size, self._leading, self._after = size, size * leading, after
        self._bold, self._align, self._color = bold, align, color
        self._lines: list[str] = []

    def measured(self, width: float) -> float:
        self._lines = break_lines(self._text, width, lambda text: typeface().width(text, self._size, bold=self._bold))
        return len(self._lines) * self._leading + self._after

    def draw(self) -> None:
        x = {"left": 0.0, "center": self.width / 2, "right": self.width}[self._align]
        y = self.height - (self._leading - self._size) / 2 - self._size * _ABOVE
        for line in self._lines:
            self.canv.text(x, y, line, self._size, bold=self._bold, align=self._align, color=self._color)
            y -= self._leading

    def split(self, available_width: float, available_height: float) -> list[Any]:
        # Two lines at least on either page.
        fitting = min(int(available_height // self._leading), len(self._lines) - 2)
        if fitting < 2:
            return []
        return [self._part(self._lines[:fitting], after=0), self._part(self._lines[fitting:], after=self._after)]

    def _part(self, lines: list[str], *, after: float) -> "Prose":
        part = Prose(
            "\n".join(lines),
            size=self._size,
            leading=self._leading / self._size,
            bold=self._bold,
            align=self._align,
            after=after,
            color=self._color,
        )
        part.wrap(self.width, 0)
        return part


class Hanging(Prose):
    """A paragraph beside its number or letter: ``left`` points of margin, the text ``hang`` further in."""

    def __init__(self, label: str, text: str, *, left: float = 0, hang: float, **style: Any) -> None:
        super().__init__(text, **style)
        self._label, self._left, self._hang = label, left, hang

    def measured(self, width: float) -> float:
        return super().measured(width - self._left - self._hang)

    def draw(self) -> None:
        y = self.height - (self._leading - self._size) / 2 - self._size * _ABOVE
        self.canv.text(self._left, y, self._label, self._size, bold=self._bold, color=self._color)
        self.canv.saveState()
        self.canv.translate(self._left + self._hang, 0)
        super().draw()
        self.canv.restoreState()

    def _part(self, lines: list[str], *, after: float) -> "Hanging":
        style = {"size": self._size, "leading": self._leading / self._size, "bold": self._bold, "color": self._color}
        # Only the first part has the number.
        label, self._label = self._label, ""
        part = Hanging(label, "\n".join(lines), left=self._left, hang=self._hang, after=after, **style)
        part.wrap(self.width, 0)
        return part


class RuledLines(_Block):
    """Room to write by hand."""

    _STEP = 9 * mm

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def measured(self, width: float) -> float:
        return float(self._count * self._STEP)

    def draw(self) -> None:
        for place in range(self._count):
            self.canv.rule(0, place * self._STEP, self.width)


def heading(text: str) -> Prose:
    """The title of the document."""
    return Prose(text, size=18, leading=1.4, bold=True, align="center", after=8)


def note(text: str) -> Prose:
    """A line of explanation between title and table."""
    return Prose(text, size=9, leading=1.5, color=INK_SOFT, after=4)


class Signatures(_Block):
    """Labels side by side, each with a line to sign on and one for the date; never torn apart by a page."""

    _DATE_DROP = 8.5 * mm

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self._labels = labels

    def measured(self, width: float) -> float:
        return float(26 * mm)

    def draw(self) -> None:
        share = self.width / max(len(self._labels), 1)
        for place, label in enumerate(self._labels):
            left, y = place * share, self.height - 12 * mm
            self._line(_("%(label)s:") % {"label": label}, left, y, share)
            self._line(_("%(label)s:") % {"label": _("Date")}, left, y - self._DATE_DROP, share)

    def _line(self, label: str, left: float, y: float, share: float) -> None:
        self.canv.text(left, y, label, 10.5)
        start = left + typeface().width(label, 10.5) + 2
        end = left + share - 8 * mm
        if end > start:
            self.canv.rule(start, y - 2, end - start, thickness=0.6, color=INK)


def digest_line(digest: str) -> Prose:
    """The whole digest of the content, to be held against that of the file."""
    text = _("SHA-256 of the content: %(digest)s") % {"digest": digest}
    return Prose(text, size=7, leading=1.5, color=INK_SOFT)
