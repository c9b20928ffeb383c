"""Understanding a table nobody has described: where its headings are and what they mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.headings import (
    Meaning,
    is_bare,
    meaning_of,
    option_column,
    option_number,
    rank_of,
)
from question_bank.domain.importing.layouts import Block, Layout
from question_bank.domain.importing.unheaded import columns_by_content
from question_bank.domain.importing.values import folded, kind_named_in
from question_bank.enums import Kind

# A stem alone is no table of questions; one of these has to stand beside it.
_COMPANIONS = {Meaning.ANSWER, Meaning.OPTIONS, Meaning.KIND, Meaning.OPTION_RIGHT, Meaning.MARKING_GUIDE}
_MOST_COLUMNS = 60
_LONGEST_HEADING = 30
_PLAIN_NAME = re.compile(
    r"(?:sheet|工作表|table|表格?)\s*\d*|试题.{0,4}|题库.{0,4}|题目.{0,4}|questions?\s*\d*|导入模板|模板", re.I
)
# 对=A，错=B; A表示正确，B表示错误; 1为对，2为错
_TRUTH_NOTE = re.compile(
    r"([A-Z0-9])\s*(?:[=＝:：]|为|是|表示|代表)?\s*(正确|错误|对|错)|(正确|错误|对|错)\s*(?:[=＝:：]|为|是|用|填|选)\s*([A-Z0-9])"
)


def understand_columns(sheets: Sequence[Sheet]) -> Layout:
    """The layout that the headings suggest, or, for a sheet without any, its content (then it is not sure).

    Hidden sheets and sheets without questions are skipped and named.
    """
    blocks: list[Block] = []
    skipped: list[str] = []
    for number, sheet in enumerate(sheets):
        found = [] if sheet.hidden else list(_blocks_of(number, sheet))
        blocks += found
        if not found and sheet.rows:
            skipped.append(sheet.name)
    several = len({block.sheet for block in blocks}) > 1
    named = tuple(_named_for_its_sheet(block) if several else block for block in blocks)
    return Layout(blocks=named, skipped=tuple(skipped), truth=_explained_truth(sheets))


def _blocks_of(number: int, sheet: Sheet) -> Iterator[Block]:
    headers = [place for place, row in enumerate(sheet.rows) if _is_header(row)]
    if not headers:
        yield from _without_header(number, sheet)
        return
    for place, end in zip(headers, [*headers[1:], len(sheet.rows)], strict=True):
        headings = tuple(sheet.rows[place][:_MOST_COLUMNS])
        columns, is_sure = _meanings(headings)
        rows = sheet.rows[place + 1 : end]
        block = Block(
            sheet=number,
            name=sheet.name,
            header=place + 1,
            first=place + 2,
            last=end,
            headings=headings,
            columns=columns,
            kind=_kind_above(sheet, place) or kind_named_in(sheet.name),
            is_sure=is_sure,
        )
        yield _with_sorted_identifiers(_with_rows_understood(block, rows), rows)


def _is_header(row: Sequence[str]) -> bool:
    meanings = {meaning_of(cell) for cell in row[:_MOST_COLUMNS] if cell and len(cell) <= _LONGEST_HEADING}
    if Meaning.STEM not in meanings:
        return False
    return bool(meanings & _COMPANIONS) or option_column(2) in meanings


def _meanings(headings: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The meaning of each column, and whether no two claimed the same. Topics may stand in several columns."""
    wanted = [meaning_of(heading) for heading in headings]
    if option_column(2) not in wanted:
        # A single letter as a heading is an option only among others.
        wanted = [Meaning.UNUSED if is_bare(heading) else each for heading, each in zip(headings, wanted, strict=True)]
    is_sure = True
    for meaning in set(wanted) - {Meaning.UNUSED, Meaning.TOPIC}:
        places = [place for place, each in enumerate(wanted) if each == meaning]
        best = min(places, key=lambda place: rank_of(headings[place]))
        is_tied = sum(rank_of(headings[place]) == rank_of(headings[best]) for place in places) > 1
        is_sure &= not is_tied
        wanted = [Meaning.UNUSED if place in places and place != best else each for place, each in enumerate(wanted)]
    return tuple(str(each) for each in wanted), is_sure


def _kind_above(sheet: Sheet, header: int) -> Kind | None:
    """The kind that the title right above the headings names (一、单选题)."""
    for row in reversed(sheet.rows[max(header - 2, 0) : header]):
        cells = [cell for cell in row if cell]
        if len(cells) > 1:
            return None
        if cells and (kind := kind_named_in(cells[0])):
            return kind
    return None


def _with_rows_understood(block: Block, rows: Sequence[Sequence[str]]) -> Block:
    """Has every option a row of its own? Then a column says whether it is right, or the stems have gaps below them."""
    if block.has(Meaning.OPTION_RIGHT) or block.has(Meaning.OPTION_LETTER):
        return replace(block, has_row_per_option=True)
    options, stems = block.columns_of(Meaning.OPTIONS), block.columns_of(Meaning.STEM)
    if not options or not stems:
        return block
    filled = [row for row in rows if len(row) > options[0] and row[options[0]]]
    below = sum(not _cell(row, stems[0]) for row in filled)
    return replace(block, has_row_per_option=below * 2 > len(filled))


def _with_sorted_identifiers(block: Block, rows: Sequence[Sequence[str]]) -> Block:
    """Identifiers that only count 1, 2, 3 are serial numbers: another file has the same for other questions."""
    keys = block.columns_of(Meaning.KEY)
    if not keys:
        return block
    values = [value for row in rows if (value := _cell(row, keys[0]))]
    if not all(value.isdecimal() and int(value) <= len(rows) + 1 for value in values):
        return block
    columns = tuple(Meaning.NUMBER.value if place == keys[0] else each for place, each in enumerate(block.columns))
    return replace(block, columns=columns)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _without_header(number: int, sheet: Sheet) -> Iterator[Block]:
    columns = columns_by_content(sheet.rows)
    if columns:
        yield Block(
            sheet=number,
            name=sheet.name,
            header=None,
            first=1,
            last=len(sheet.rows),
            headings=(),
            columns=columns,
            kind=kind_named_in(sheet.name),
            is_sure=False,
        )


def _named_for_its_sheet(block: Block) -> Block:
    """Of several sheets, one that is named neither plainly nor for a kind is named for its topic."""
    is_topic = (
        block.name
        and not block.has(Meaning.TOPIC)
        and not kind_named_in(block.name)
        and not _PLAIN_NAME.fullmatch(block.name.strip())
    )
    return replace(block, topic=block.name) if is_topic else block


def _explained_truth(sheets: Sequence[Sheet]) -> dict[str, bool]:
    """What a note or a heading of the file says about codes for right and wrong, if it explains both."""
    for sheet in sheets:
        for row in sheet.rows[:10]:
            for cell in row:
                found = {
                    folded(match[1] or match[4]): (match[2] or match[3]) in {"对", "正确"}
                    for match in _TRUTH_NOTE.finditer(cell)
                }
                if len(found) == 2 and set(found.values()) == {True, False}:
                    return found
    return {}


def option_columns(block: Block) -> dict[int, int]:
    """Where each option (1 is A) stands."""
    return {number: place for place, meaning in enumerate(block.columns) if (number := option_number(meaning))}
