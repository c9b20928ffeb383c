"""Charts as inline SVG, drawn on the server: no script, no inline style; colours are in the stylesheet.

Each has a title that is read aloud, and stands beside a table with the same figures. Texts are escaped.
Shares are between 0 and 1.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.tables import display_width

# Narrow, so that the type is still read on a phone.
_WIDTH = 400
_LEFT, _RIGHT = 12, 12
_LETTER = 9.5  # a digit in the type of the charts; a Chinese character counts as two
_LEGEND_ROW = 24
_STEPS = (0, 25, 50, 75, 100)


class Bar(NamedTuple):
    """One bar of a histogram: what it stands for, and how many."""

    label: str
    number: int


class Whisker(NamedTuple):
    """A share with the ends of its interval."""

    label: str
    value: float
    low: float
    high: float


class Point(NamedTuple):
    """A figure of one time, such as a quarter; ``is_now`` sets the point off, as its label does in words."""

    label: str
    value: float
    is_now: bool = False


class Group(NamedTuple):
    """Bars that belong together, one for each series; ``is_marked`` sets the group off with a sign in its label."""

    label: str
    shares: Sequence[float]
    is_marked: bool = False


def histogram(bars: Sequence[Bar], *, title: str) -> SafeString:
    """Upright bars side by side with their counts above them; labels should be short."""
    height, top, foot = 220, 24, 28
    most = max((bar.number for bar in bars), default=0) or 1
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(bars), 1)
    drawn = []
    for place, bar in enumerate(bars):
        tall = (height - top - foot) * bar.number / most
        left, upper = _LEFT + step * place, height - foot - tall
        middle = left + step / 2
        drawn.append(_rect("bar", left + 2, upper, step - 4, tall))
        drawn.append(_text(middle, height - 8, bar.label, "middle"))
        if bar.number:
            drawn.append(_text(middle, upper - 6, str(bar.number), "middle"))
    drawn.append(_line("axis", _LEFT, height - foot, _WIDTH - _RIGHT, height - foot))
    return _svg(title, height, drawn)


def trend_chart(points: Sequence[Point], *, title: str, most: float = 100) -> SafeString:
    """Points in the order of time, joined by a line, with their figures above; from 0 to ``most``. Short labels."""
    height, top, foot = 200, 34, 28
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(points), 1)
    places = [
        (_LEFT + step * (number + 0.5), height - foot - (height - top - foot) * min(max(point.value / most, 0), 1))
        for number, point in enumerate(points)
    ]
    line = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    drawn = [
        _line("axis", _LEFT, height - foot, _WIDTH - _RIGHT, height - foot),
        format_html('<polyline class="trend" points="{}"/>', line),
    ]
    for point, (x, y) in zip(points, places, strict=True):
        drawn.append(format_html('<circle class="dot" cx="{}" cy="{}" r="5"/>', _n(x), _n(y)))
        drawn.append(_text(x, y - 12, f"{point.value:.1f}", "middle", "now" if point.is_now else "label"))
        drawn.append(_text(x, height - 8, point.label, "middle", "now" if point.is_now else "label"))
    return _svg(title, height, drawn)


def share_bars(bars: Sequence[tuple[str, float]], *, title: str) -> SafeString:
    """Lying bars, one below the other, each under its label: shares between 0 and 1."""
    scale, block = _Scale(()), 52
    height = block * len(bars) + 30
    drawn = scale.grid(height, top=8)
    for place, (label, share) in enumerate(bars):
        upper = block * place + 26
        drawn.append(_text(scale.left, upper - 7, label, "start"))
        drawn.append(_rect("bar", scale.left, upper, scale.x(share) - scale.left, 16))
        drawn.append(_text(scale.x(share) + 4, upper + 13, f"{100 * share:.0f}%", "start", "value"))
    return _svg(title, height, drawn)


def interval_chart(rows: Sequence[Whisker], *, title: str) -> SafeString:
    """A dot for each share with a line from end to end of its interval, under one scale of per cent."""
    scale = _Scale(row.label for row in rows)
    height = 34 + 34 * len(rows)
    drawn = scale.grid(height)
    for place, row in enumerate(rows):
        middle = 24 + 34 * place
        drawn.append(_text(scale.left - 10, middle + 5, row.label, "end"))
        drawn.append(_line("interval", scale.x(row.low), middle, scale.x(row.high), middle))
        drawn += [_line("interval", scale.x(end), middle - 6, scale.x(end), middle + 6) for end in (row.low, row.high)]
        drawn.append(format_html('<circle class="dot" cx="{}" cy="{}" r="6"/>', _n(scale.x(row.value)), _n(middle)))
    return _svg(title, height, drawn)


def grouped_bars(groups: Sequence[Group], series: Sequence[str], *, title: str) -> SafeString:
    """Lying bars, those of a group one below the other under its label, with their series named at the top."""
    legend, rows = _legend(series)
    thick, gap, head = 18, 38, 10 + _LEGEND_ROW * rows
    scale = _Scale(())
    block = thick * len(series) + gap
    height = head + block * len(groups) + 28
    drawn = [*legend, *scale.grid(height, top=head)]
    for place, group in enumerate(groups):
        upper = head + block * place + gap - 4
        drawn.append(_text(scale.left, upper - 8, _label(group), "start"))
        for number, share in enumerate(group.shares):
            y = upper + thick * number
            drawn.append(_rect(f"series-{number + 1}", scale.left, y, scale.x(share) - scale.left, thick - 2))
            drawn.append(_text(scale.x(share) + 4, y + thick - 4, f"{100 * share:.0f}%", "start", "value"))
    return _svg(title, height, drawn)


def _label(group: Group) -> str:
    return f"✓ {group.label}" if group.is_marked else group.label


def _legend(series: Sequence[str]) -> tuple[list[SafeString], int]:
    """The names of the series side by side, in as many rows as they need; and how many that are."""
    drawn: list[SafeString] = []
    left, row = float(_LEFT), 0
    for number, name in enumerate(series, start=1):
        wide = 22 + _LETTER * display_width(name)
        if left > _LEFT and left + wide > _WIDTH - _RIGHT:
            left, row = float(_LEFT), row + 1
        top = 6 + _LEGEND_ROW * row
        drawn.append(_rect(f"series-{number}", left, top, 16, 14))
        drawn.append(_text(left + 22, top + 12, name, "start"))
        left += wide + 24
    return drawn, row + 1


class _Scale:
    """From 0 to 100% to the right of labels, however wide the longest is."""

    def __init__(self, labels: Iterable[str]) -> None:
        widest = max((display_width(label) for label in labels), default=0)
        self.left = min(_LEFT + _LETTER * widest + (10 if widest else 0), _WIDTH / 2)
        # Room for a figure behind a full bar.
        self.right = _WIDTH - _RIGHT - 44

    def x(self, share: float) -> float:
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def grid(self, height: float, *, top: float = 6) -> list[SafeString]:
        drawn = []
        for percent in _STEPS:
            x = self.x(percent / 100)
            drawn.append(_line("grid", x, top, x, height - 22))
            drawn.append(_text(x, height - 6, f"{percent}%", "middle"))
        return drawn


def _svg(title: str, height: float, drawn: Iterable[SafeString]) -> SafeString:
    inside = format_html_join("", "{}", ((part,) for part in drawn))
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {} {}"><title>{}</title>{}</svg>', _WIDTH, _n(height), title, inside
    )


def _rect(name: str, x: float, y: float, width: float, height: float) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', name, _n(x), _n(y), _n(max(width, 0)), _n(height)
    )


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', name, _n(x1), _n(y1), _n(x2), _n(y2))


def _text(x: float, y: float, text: str, anchor: str, name: str = "label") -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', name, _n(x), _n(y), anchor, text)


def _n(value: float) -> str:
    """A coordinate to a tenth, without idle zeros, whatever the language."""
    return f"{value:.1f}".removesuffix(".0")
