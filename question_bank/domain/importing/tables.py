"""Reading questions out of tables: one row a question, or one row an option."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from common.pictures import Picture
from common.spreadsheets.pictures import Workbook, with_pictures
from common.spreadsheets.reading import Limits, Sheet, read_rows
from question_bank.domain.importing.code_words import conventions_of
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.composing import Written, compose_or_refuse, difficulty_is_lost
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile, RefusedRow
from question_bank.domain.importing.headings import Meaning
from question_bank.domain.importing.layouts import Block, Layout
from question_bank.domain.importing.macros import refuse_macros
from question_bank.domain.importing.option_rows import grouped
from question_bank.domain.importing.pictures import against_pictures
from question_bank.domain.importing.rows import RowReader, WrittenRow, place_template
from question_bank.domain.importing.template import EXPORT_SHEET, TITLES
from question_bank.domain.importing.values import kind_named_in
from question_bank.enums import Kind

__all__ = ["Layout", "read_sheets", "read_table", "understand_columns"]

FORMAT = "table"
_LIMITS = Limits()
_SECTION = re.compile(r"(?:第?[一二三四五六七八九十]+(?:部分|大题)?[、.．\s]\s*)?\S{2,12}题\s*(?:[(（].*[)）])?")


def read_sheets(content: bytes, *, limits: Limits = _LIMITS) -> Workbook:
    """The sheets of an XLSX, XLS, ODS, CSV or TSV file, as :func:`read_rows` gives them, with the pictures of an XLSX.

    Raises a subclass of ``Refusal`` for everything else, and for a workbook with macros.
    """
    refuse_macros(content)
    return with_pictures(read_rows(content, limits=limits), content)


def read_table(book: Workbook, layout: Layout) -> QuestionFile:
    """Every row of the layout's blocks as a draft or as a refusal with its place and reason.

    A picture belongs to the question in whose row its upper edge lies.
    """
    drafts: list[QuestionDraft] = []
    refused: list[RefusedRow] = []
    text = _("The sheet “%(name)s” holds no questions.")
    losses: dict[str, None] = dict.fromkeys(text % {"name": name} for name in layout.skipped)
    pictures = [dict(rows) for rows in book.pictures] or [{} for _sheet in book.sheets]
    for block in layout.blocks:
        is_there = block.sheet < len(book.sheets)
        rows = list(_rows_of(block, book.sheets[block.sheet], pictures[block.sheet])) if is_there else []
        conventions = conventions_of([each.written for each in rows], layout.truth)
        losses |= dict.fromkeys(_losses_of(block))
        for written, reason in _questions_of(block, rows):
            if reason := reason or against_pictures(written.images):
                refused.append(RefusedRow(written.place, reason, " ".join(written.stem.split())[:60]))
                continue
            result = compose_or_refuse(written, conventions)
            if isinstance(result, RefusedRow):
                refused.append(result)
                continue
            drafts.append(result)
            if difficulty_is_lost(written, result):
                losses[_("A difficulty that is not clear is left open: “%(text)s”.")
                       % {"text": written.difficulty[:20]}] = None  # fmt: skip
    if any(pictures):
        losses[_("Pictures that stand beside no question are left out.")] = None
    if book.is_some_lost:
        losses[_("Pictures that are linked, larger than 5 MB or of an old or rare kind of file are left out.")] = None
    return QuestionFile(format=FORMAT, drafts=drafts, refused=refused, losses=list(losses))


def _questions_of(block: Block, rows: Sequence[WrittenRow]) -> Iterator[tuple[Written, str]]:
    if block.has_row_per_option:
        yield from grouped(block, rows)
    else:
        yield from ((row.written, "") for row in rows)


def _rows_of(block: Block, sheet: Sheet, pictures: dict[int, Sequence[Picture]]) -> Iterator[WrittenRow]:
    """The rows that say something; a title between them (二、多选题) sets the kind of those below it.

    Takes from ``pictures`` those that stand beside them.
    """
    kind: Kind | None = block.kind
    reader, place = RowReader(block), place_template(sheet.name)
    is_ours = block.name == EXPORT_SHEET and set(block.headings) <= set(TITLES)
    for number in range(block.first, min(block.last, len(sheet.rows)) + 1):
        cells = sheet.rows[number - 1]
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and _SECTION.fullmatch(filled[0]) and (named := kind_named_in(filled[0])):
            kind = named
            continue
        row = reader.read(cells, place % {"row": number}, kind, verbatim=is_ours)
        if not row.is_empty():
            row.written.images = tuple(pictures.pop(number, ()))
            yield row


def _losses_of(block: Block) -> Iterator[str]:
    if block.has(Meaning.POINTS):
        yield _("Points are not kept: the plan of an exam sets them.")
    known = zip(block.headings, chain(block.columns), strict=False)
    for heading, meaning in known:
        if heading and not meaning:
            yield _("The column “%(heading)s” is not used.") % {"heading": heading[:30]}
