"""Tables of a Word file as rows of words."""

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.table import Table

# Word's own limit; a file that claims more is not from Word.
_MOST_COLUMNS = 63


def rows_of(table: Table) -> list[list[str]]:
    """The rows that hold anything. What a merged cell says is said in each of its places."""
    rows: list[list[str]] = []
    for row in table._tbl.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl")), None) is table._tbl:
            rows.append(list(_cells(row, rows[-1] if rows else []))[:_MOST_COLUMNS])
    return [row for row in rows if any(row)]


def _cells(row: Any, above: list[str]) -> Iterator[str]:
    place = 0
    for cell in row.findall(qn("w:tc")):
        properties = cell.find(qn("w:tcPr"))
        continued, span = (_is_continued(properties), _span(properties)) if properties is not None else (False, 1)
        words = above[place] if continued and place < len(above) else _words(cell)
        yield from [words] * span
        place += span


def _is_continued(properties: Any) -> bool:
    merged = properties.find(qn("w:vMerge"))
    return merged is not None and merged.get(qn("w:val"), "continue") == "continue"


def _span(properties: Any) -> int:
    value = properties.find(qn("w:gridSpan"))
    digits = value.get(qn("w:val"), "") if value is not None else ""
    return min(int(digits), _MOST_COLUMNS) if digits.isascii() and digits.isdecimal() and len(digits) < 5 else 1


def _words(cell: Any) -> str:
    lines = ("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in cell.findall(qn("w:p")))
    return " ".join(" ".join(lines).split())
