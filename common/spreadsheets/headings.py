"""Which column is which, and where the table begins: headings as counties write them, under titles and notes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_BRACKETED = re.compile(r"[(（\[【].*?[)）\]】]")
_SIGNS = re.compile(r"[\s*＊:：_·、]+")
_LAST_HEADER_ROW = 20


@dataclass(frozen=True)
class Line:
    """One row of the file: where it stands, and its cells by field."""

    place: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Header:
    """The row (0 is the first) that names the columns, and the field of each column that was recognised."""

    row: int
    fields: Mapping[int, str]


class Headings:
    """The words that counties write over the columns, by field; the first of each is the one messages use."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._field_of = {_plain(heading): field for field, headings in words.items() for heading in headings}

    def find(self, rows: Sequence[Sequence[str]]) -> Header:
        """The row among the first twenty that names most columns; titles and notes above it are passed over."""
        candidates = [Header(number, self._fields_of(row)) for number, row in enumerate(rows[:_LAST_HEADER_ROW])]
        return max(candidates, key=lambda header: len(header.fields), default=Header(0, {}))

    def _fields_of(self, row: Sequence[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for column, heading in enumerate(row):
            field = self._field_of.get(_plain(heading)) or self._field_of.get(_plain(_BRACKETED.sub("", heading)))
            if field and field not in found.values():
                found[column] = field
        return found


def lines_below(header: Header, rows: Sequence[Sequence[str]], *, sheet: str) -> Iterator[Line]:
    """Rows that say anything, each with its place as a person finds it: ``花名册!5``."""
    for number, row in enumerate(rows[header.row + 1 :], start=header.row + 2):
        values = {field: row[column].strip() for column, field in header.fields.items() if column < len(row)}
        if any(values.values()):
            yield Line(f"{sheet}!{number}" if sheet else str(number), values)


def _plain(heading: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", heading))
