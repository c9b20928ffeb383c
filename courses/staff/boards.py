"""The tables of reports as pages show them: the same columns and values as in the files."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.tables import NUMERIC, Column, shown

NOTHING = "–"


class Cell(NamedTuple):
    label: str
    text: str
    is_number: bool


class BoardRow(NamedTuple):
    """``label`` heads the row and leads to ``url`` where there is one."""

    label: str
    url: str
    cells: list[Cell]


class Board(NamedTuple):
    """One table with its caption."""

    caption: str
    headings: list[str]
    rows: list[BoardRow]
    total: BoardRow | None = None


def board(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    total: Sequence[object] | None = None,
    urls: Iterable[str] = (),
) -> Board:
    """A table whose first column heads the rows."""
    made = [_row(columns, values) for values in rows]
    for place, url in enumerate(urls):
        made[place] = made[place]._replace(url=url)
    return Board(
        caption, [column.title for column in columns], made, _row(columns, total) if total is not None else None
    )


def _row(columns: Sequence[Column], values: Sequence[object]) -> BoardRow:
    cells = [
        Cell(column.title, shown(value, column) or NOTHING, column.kind in NUMERIC)
        for column, value in zip(columns, values, strict=True)
    ]
    return BoardRow(cells[0].text, "", cells[1:])
