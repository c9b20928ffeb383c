"""Body rows of a worksheet as XML.

XlsxWriter spends some 19 µs on a cell, which makes a county's yearly results a matter of 12 CPU seconds. These rows are
plain, so they are written here at an eighth of that; everything around them stays with XlsxWriter.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Protocol
from xml.sax.saxutils import escape

from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name

from common.chinese import strip_controls
from common.tables import NUMERIC, Column, Formula, is_formula_like

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # day 0 of Excel's calendar, which knows no time zones
_DAY = timedelta(days=1)
_LONGEST_TEXT = 32_767
# Excel keeps numbers as doubles; a whole number beyond this would silently lose digits, so it is written as text.
_LARGEST_NUMBER = 999_999_999_999_999
# What XLSX itself uses for control characters; typed by a person it must not become one (ECMA-376, 22.9.2.19).
_LOOKS_LIKE_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")

DATE_FORMAT, DATETIME_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@"


class StyleIndex(Protocol):
    """Gives the number of the cell style with a number format; ``quoted`` is Excel's leading apostrophe."""

    def __call__(self, number_format: str, *, quoted: bool = False) -> int: ...


class RowWriter(Protocol):
    """Gives the XML of a row; ``height`` in points, of itself as tall as its text."""

    def __call__(self, number: int, values: Sequence[object], *, height: int = 0) -> str: ...


def number_format(column: Column) -> str:
    """Excel's format for the numbers of that column."""
    decimals = f".{'0' * column.places}" if column.places else ""
    formats = {"integer": "0", "decimal": f"0{decimals}", "percent": f"0{decimals}%"}
    return formats.get(column.kind, TEXT_FORMAT)


def safe_text(text: str) -> str:
    """Text as a cell may hold it: without control characters, cut with an ellipsis after 32,767 UTF-16 units."""
    clean = strip_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 <= _LONGEST_TEXT or len(clean.encode("utf-16-le")) // 2 <= _LONGEST_TEXT:
        return clean
    return clean.encode("utf-16-le")[: 2 * _LONGEST_TEXT - 2].decode("utf-16-le", errors="ignore") + "…"


def row_writer(columns: Sequence[Column], style: StyleIndex, *, above: tuple[int, int] | None = None) -> RowWriter:
    """A function that gives the XML of row ``number`` (1 is the first of the sheet) with those values.

    ``above`` are the first and last row that a formula of totals reckons with. It raises ``ValueError`` when there are
    more or fewer values than columns.
    """
    zone = timezone.get_current_timezone()
    cells = [
        (xl_col_to_name(place), column.kind in NUMERIC, style(number_format(column)))
        for place, column in enumerate(columns)
    ]
    date_style, datetime_style = style(DATE_FORMAT), style(DATETIME_FORMAT)
    text_style, quoted_style = style(TEXT_FORMAT), style(TEXT_FORMAT, quoted=True)

    def content(value: object, is_numeric: bool, numeric_style: int) -> str:
        if value is None:
            return f's="{text_style}"/>'
        if is_numeric and isinstance(value, int | float | Decimal) and _fits(value):
            return f's="{numeric_style}"><v>{float(value)!r}</v></c>'
        if isinstance(value, datetime):
            naive = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
            return f's="{datetime_style}"><v>{(naive.replace(microsecond=0) - _EPOCH) / _DAY:.10f}</v></c>'
        if isinstance(value, date):
            return f's="{date_style}"><v>{(value - _EPOCH.date()).days}</v></c>'
        text = safe_text(str(value))
        if not text:
            return f's="{text_style}"/>'
        index = quoted_style if is_formula_like(text) else text_style
        return f's="{index}" t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'

    def cell(letters: str, number: int, value: object, is_numeric: bool, numeric_style: int) -> str:
        if isinstance(value, Formula):
            words = _formula(value, letters, number, above)
            return f's="{numeric_style}"><f>{words}</f><v>{float(value.value)!r}</v></c>'
        return content(value, is_numeric, numeric_style)

    def row(number: int, values: Sequence[object], *, height: int = 0) -> str:
        parts = [
            f'<c r="{letters}{number}" {cell(letters, number, value, is_numeric, numeric_style)}'
            for (letters, is_numeric, numeric_style), value in zip(cells, values, strict=True)
        ]
        tall = f' ht="{height}" customHeight="1"' if height else ""
        return f'<row r="{number}"{tall}>{"".join(parts)}</row>'

    return row


def _formula(formula: Formula, letters: str, number: int, above: tuple[int, int] | None) -> str:
    """Made of nothing but names of functions and cells: no text of a person gets in."""
    if formula.first is not None and formula.last is not None:
        span = f"{xl_col_to_name(formula.first)}{number}:{xl_col_to_name(formula.last)}{number}"
    elif above is not None:
        span = f"{letters}{above[0]}:{letters}{above[1]}"
    else:
        raise ValueError("this formula has no cells to reckon with")
    return f"{formula.function}({span})"


def _fits(number: float | Decimal) -> bool:
    return isfinite(number) and -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER


def _escaped(text: str) -> str:
    return escape(_LOOKS_LIKE_ESCAPE.sub("_x005F_", text) if "_x" in text else text)
