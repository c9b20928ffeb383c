"""What a file of questions is, and who reads it. The content decides, never the name of the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.refusals import Refusal
from common.spreadsheets.pictures import Workbook
from common.spreadsheets.text_tables import decode
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.interchange import READERS, sniff
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.line_kinds import field_of, is_option, is_section
from question_bank.domain.importing.plain_text import read_plain_text
from question_bank.domain.importing.refusals import NoQuestions
from question_bank.domain.importing.tables import read_sheets, read_table
from question_bank.domain.importing.word import read_word

TABLE = "table"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read, and for a table how its columns were understood."""

    format: str
    questions: QuestionFile
    layout: Layout | None = None


class NeedsLayout(Exception):
    """A table whose columns a person has to look at before anything is read from it."""

    def __init__(self, format: str, layout: Layout) -> None:
        super().__init__(format)
        self.format, self.layout = format, layout


Remembered = Callable[[str], Mapping[str, Any] | None]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_PART = b"word/document.xml"


def read_file(content: bytes, *, layout: Mapping[str, Any] | None, remembered: Remembered) -> ReadFile:
    """The questions of a file of any kind we read.

    ``layout`` is how a person said a table is to be read; ``remembered`` gives what was once said about tables with
    the same headings, by their signature. Raises ``NeedsLayout`` for a table that nobody has looked at and that leaves
    a doubt, and a ``Refusal`` for what holds no questions or cannot be read.
    """
    if (format := sniff(content)) is not None:
        return _with_questions(ReadFile(format, READERS[format](content)))
    if content.startswith(_ZIP) and _WORD_PART in content:
        return _with_questions(ReadFile("word", read_word(content)))
    if content.startswith((_ZIP, _OLE)):
        return _with_questions(_read_table(read_sheets(content), layout, remembered))
    return _with_questions(_read_text(content, layout, remembered))


def _read_text(content: bytes, layout: Mapping[str, Any] | None, remembered: Remembered) -> ReadFile:
    """A text is a table where its first rows are one for certain; else questions one below the other."""
    try:
        book = read_sheets(content)
    except Refusal:
        return ReadFile("text", read_plain_text(content))
    understood = understand_columns(book.sheets)
    if layout is not None or (understood.blocks and understood.is_sure()):
        return _read_table(book, layout, remembered)
    written = read_plain_text(content)
    if written.drafts or (not understood.blocks and _has_signs(decode(content))):
        return ReadFile("text", written)
    return _read_table(book, layout, remembered)


def _has_signs(text: str) -> bool:
    """Does a line look like part of a question? Any letter or notice reads as stems that lack everything else."""
    return any(is_option(line) or is_section(line) or field_of(line) for line in text.splitlines())


def _read_table(book: Workbook, layout: Mapping[str, Any] | None, remembered: Remembered) -> ReadFile:
    # What a person said of this very file holds as it is, also for tables without headings to know them by.
    said = Layout.from_json(layout) if layout is not None else None
    if said is not None and said.is_sure() and said.blocks:
        return ReadFile(TABLE, read_table(book, said), said)
    understood = understand_columns(book.sheets)
    chosen = layout or remembered(understood.signature())
    if chosen is not None:
        understood = understood.adopt(Layout.from_json(chosen))
    if not understood.blocks:
        raise NoQuestions
    if not understood.is_sure():
        raise NeedsLayout(TABLE, understood)
    return ReadFile(TABLE, read_table(book, understood), understood)


def _with_questions(file: ReadFile) -> ReadFile:
    if not (file.questions.drafts or file.questions.refused):
        raise NoQuestions
    return file
