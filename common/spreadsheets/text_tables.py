"""Tables that are text: which encoding, which delimiter."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from common.chinese import is_control_free
from common.encodings import decoded
from common.spreadsheets.refusals import NotATable, WebPageNotTable

_DELIMITERS = ",\t;"
_SNIFFED_LINES = 50
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|head|meta|table|\?xml|!--)", re.IGNORECASE)
_HINT = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)


def decode(content: bytes) -> str:
    """The text in UTF-8, UTF-16 or GB18030, whichever fits first.

    Raises :class:`NotATable` when none fits or the text holds control characters, :class:`WebPageNotTable` for HTML
    and XML, which many systems offer as ``.xls``.
    """
    text = decoded(content)
    if text is None:
        raise NotATable
    if _WEB_PAGE.match(text):
        raise WebPageNotTable
    if not is_control_free(text.replace("\f", "\n")):
        raise NotATable
    return text


def parse(text: str) -> Iterator[list[str]]:
    """Rows of trimmed cells, one at a time. Raises :class:`NotATable` when quotes or sizes make no sense."""
    hint = _HINT.match(text)
    delimiter = hint[1] if hint else _delimiter(text)
    body = text[hint.end() :] if hint else text
    try:
        for row in csv.reader(StringIO(body, newline=""), delimiter=delimiter):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise NotATable from error


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines most evenly; a comma where none does."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the first rows that have the most frequent number of cells, and that number; nothing for one cell."""
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        widths = Counter(len(row) for row in islice(reader, _SNIFFED_LINES) if row)
    except csv.Error:
        return 0, 0
    width, count = max(
        ((w, c) for w, c in widths.items() if w > 1), key=lambda pair: (pair[1], pair[0]), default=(0, 0)
    )
    return (count / widths.total(), width) if width else (0, 0)
