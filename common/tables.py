"""A table described once, to be written as a workbook, as CSV or as PDF."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Literal, overload

from django.utils import timezone

from common.pictures import Picture

Kind = Literal["text", "integer", "decimal", "percent", "datetime"]
NUMERIC: frozenset[Kind] = frozenset({"integer", "decimal", "percent"})

# As a first character these make spreadsheet programs read a text as a formula or a command; the full-width ones do
# in East Asian versions (OWASP, CSV Injection).
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")
_BEFORE_FORMULA = "\t\r"
# Beyond this nobody reads decimals, and rounding would leave the precision of the decimal context.
_LARGEST_EXPONENT = 15


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width, and what its values are.

    ``width`` counts half-width characters (a Chinese one is two); ``None`` is measured from the heading and the first
    rows. A ``percent`` is given as a share (0.973 is shown as 97.3%), a ``datetime`` may also be a date; text in a
    numeric column ("absent") is shown as it is. ``places`` are the decimals of ``decimal`` and ``percent``.
    """

    title: str
    width: float | None = None
    kind: Kind = "text"
    places: int = 1


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a workbook computes itself, with what comes out: everywhere else ``value`` alone is shown.

    Over the columns ``first`` to ``last`` of its own row (counted from 0); without them over the rows above it in its
    own column, which only the row of totals may ask for.
    """

    function: Literal["SUM", "AVERAGE", "COUNTA", "MAX", "MIN"]
    value: float | Decimal
    first: int | None = None
    last: int | None = None


class LateRow(Sequence[object]):
    """A row that is made when it is read: totals that are known when the last of the other rows has passed."""

    def __init__(self, make: Callable[[], Sequence[object]]) -> None:
        self._make = make

    def __len__(self) -> int:
        return len(self._make())

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...
    def __getitem__(self, place: int | slice) -> object:
        return self._make()[place]

    def __iter__(self) -> Iterator[object]:
        return iter(self._make())


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """One table with what stands around it.

    ``rows`` may be any iterable and is then read once, row by row (give a list to use the description twice).
    ``totals`` is one more row under the others, read after them. ``signatures`` are labels such as 制表 and
    审核, with room to sign.
    ``frozen_columns`` stay in sight when the workbook is scrolled sideways. ``pictures`` stand in the last column of
    rows (counted from 0) and beyond it, PNG or JPEG, in workbooks alone.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    title: str = ""
    notes: Sequence[str] = ()
    totals: Sequence[object] | None = None
    signatures: Sequence[str] = ()
    watermark: str = ""
    frozen_columns: int = 0
    pictures: Mapping[int, Sequence[Picture]] = field(default_factory=dict)


def shown(value: object, column: Column) -> str:
    """``value`` as a person reads it in that column; ``None`` is empty, times are local, halves are rounded up."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        return shown(value.value, column)
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if column.kind in NUMERIC and isinstance(value, int | float | Decimal):
        return _number(value, column)
    return str(value)


def _number(value: float | Decimal, column: Column) -> str:
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        return str(value)
    if column.kind == "percent":
        return f"{_rounded(number.scaleb(2), column.places)}%"
    return str(_rounded(number, 0 if column.kind == "integer" else column.places))


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def local(moment: datetime) -> datetime:
    """The moment on the wall clock of the current time zone, without a zone, as spreadsheets want it."""
    return timezone.localtime(moment).replace(tzinfo=None) if timezone.is_aware(moment) else moment


def display_width(text: str) -> int:
    """Width of the longest line of ``text`` in half-width characters; Chinese ones count two."""
    lines = str(text).split("\n")
    return max(sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line) for line in lines)


def is_formula_like(text: str) -> bool:
    """Would a spreadsheet program take this text for a formula?"""
    return text[:1] in _BEFORE_FORMULA or text.lstrip()[:1] in _FORMULA_STARTS if text else False


def content_digest(*sheets: SheetSpec) -> str:
    """SHA-256 (hex) of what the tables show, so that a print and a file can be held against each other.

    Same content, same digest, whatever the paper or the file type. Reads ``rows``: what is to be written too must be
    lists, or be asked for again.
    """
    return digest_of(sheets)


def digest_of(sheets: Iterable[SheetSpec]) -> str:
    """As :func:`content_digest`, for any number of tables: neither they nor their rows are held in memory."""
    digest, separator = sha256(), ""
    for line in _lines(sheets):
        digest.update(f"{separator}{line}".encode("utf-8", "replace"))
        separator = "\n"
    return digest.hexdigest()


def _lines(sheets: Iterable[SheetSpec]) -> Iterator[str]:
    """The tables as lines of JSON, in which no cell can pass for two and no total for a row."""
    for sheet in sheets:
        yield _line("sheet", [sheet.name, sheet.title, *sheet.notes])
        yield _line("header", [column.title for column in sheet.columns])
        for row in sheet.rows:
            yield _line("row", _shown(row, sheet))
        if sheet.totals is not None:
            yield _line("totals", _shown(sheet.totals, sheet))


def _shown(row: Sequence[object], sheet: SheetSpec) -> list[str]:
    return [shown(value, column) for value, column in zip(row, sheet.columns, strict=True)]


def _line(kind: str, values: Sequence[object]) -> str:
    return json.dumps([kind, *map(str, values)], ensure_ascii=False)
