"""CSV, streamed line by line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from common.chinese import strip_controls
from common.tables import is_formula_like

CsvEncoding = Literal["utf-8-sig", "gb18030"]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(
    header: Sequence[object], rows: Iterable[Sequence[object]], encoding: CsvEncoding = "utf-8-sig"
) -> Iterator[bytes]:
    """The table as encoded CSV lines (RFC 4180), for a streaming response.

    UTF-8 begins with a mark, without which Excel takes it for the local code page. Text that a spreadsheet program
    would run as a formula gets an apostrophe in front; numbers do not, so -5 stays a number. Control characters are
    left out, every other character survives in both encodings.
    """
    # writerow() returns what write() of its file returns; typeshed knows only real files there.
    to_line: Callable[[Sequence[object]], str] = csv.writer(_Echo(), lineterminator="\r\n").writerow
    mark = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    yield mark + to_line(_cells(header)).encode(codec)
    for row in rows:
        yield to_line(_cells(row)).encode(codec)


def _cells(row: Sequence[object]) -> list[object]:
    return [_cell(value) for value in row]


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = strip_controls(str(value))
    return f"'{text}" if isinstance(value, str) and is_formula_like(text) else text
