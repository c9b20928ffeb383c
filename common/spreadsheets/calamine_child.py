"""Run as a program of its own: a workbook on standard input, its sheets as JSON on standard output.

A workbook that names one cell in its last corner makes the reader ask for memory for all cells before it, and a Rust
allocation that fails ends the process. So it is this process that ends, under limits, and not the server.
Imports nothing but the reader, so that it starts quickly and in isolation.

Arguments: most rows, most cells, most bytes of memory, most CPU seconds.
Exit status: 0 read, 3 encrypted, 4 not a table, 5 too many cells; any other: it died under its limits.
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import python_calamine as calamine

ENCRYPTED, NOT_A_TABLE, TOO_MANY_CELLS = 3, 4, 5

# From here on a double does not hold every whole number: an 18-digit identity number has already lost its last digits.
# It is passed on in scientific notation, so that whoever checks it sees that it is broken.
_LARGEST_EXACT = 1e15


def main() -> int:
    most_rows, most_cells, memory_bytes, cpu_seconds = map(int, sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with calamine.load_workbook(BytesIO(sys.stdin.buffer.read())) as book:
            sheets = _read(book, most_rows, most_cells)
    except calamine.PasswordError:
        return ENCRYPTED
    except (OverflowError, MemoryError):
        return TOO_MANY_CELLS
    except Exception:
        return NOT_A_TABLE
    sys.stdout.buffer.write(json.dumps(sheets, ensure_ascii=False).encode("utf-8", "replace"))
    return 0


def collect(rows: Iterable[list[str]], most_rows: int, most_cells: int) -> list[list[str]]:
    """The rows without empty cells at their ends and empty rows at the end; raises ``OverflowError`` beyond the limits.

    Empty rows are held back until something follows: a stray format far below does not count.
    """
    kept: list[list[str]] = []
    held_back = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            held_back += 1
            continue
        most_cells -= len(row)
        if len(kept) + held_back >= most_rows or most_cells < 0:
            raise OverflowError
        kept.extend([] for _ in range(held_back))
        kept.append(row)
        held_back = 0
    return kept


def _read(book: Any, most_rows: int, most_cells: int) -> list[dict[str, Any]]:
    sheets = []
    for number, about in enumerate(book.sheets_metadata):
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        rows = collect(_rows_from_the_top(book.get_sheet_by_index(number)), most_rows, most_cells)
        most_cells -= sum(map(len, rows))
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append({"name": about.name, "hidden": hidden, "rows": rows})
    return sheets


def _rows_from_the_top(sheet: Any) -> Iterator[list[str]]:
    """Rows as text, with the empty ones and the empty columns in front, so that row numbers are true."""
    # iter_rows() itself begins at the first row of the sheet, but at the first used column.
    _, first_column = sheet.start or (0, 0)
    for values in sheet.iter_rows():
        yield [""] * first_column + [_as_text(value) for value in values]


def _as_text(value: object) -> str:
    match value:
        case bool():
            text = "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < _LARGEST_EXACT:
            text = str(int(value))
        case float():
            text = f"{value:.15g}"
        case datetime() | date() | time():
            text = value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            text = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            text = str(value)
    return text.strip()


if __name__ == "__main__":
    sys.exit(main())
