"""One row of a table as it is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from question_bank.domain.importing.columns import option_columns
from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.headings import Meaning
from question_bank.domain.importing.layouts import Block
from question_bank.enums import Kind

_FIELDS = {
    Meaning.STEM: "stem",
    Meaning.KIND: "kind",
    Meaning.ANSWER: "answer",
    Meaning.OPTIONS: "options_text",
    Meaning.ANCHORED: "anchored",
    Meaning.OPTION_ORDER: "option_order",
    Meaning.BLANK_ORDER: "blank_order",
    Meaning.MARKING_GUIDE: "marking_guide",
    Meaning.EXPLANATION: "explanation",
    Meaning.BASIS: "basis",
    Meaning.DOCUMENT_NUMBER: "document_number",
    Meaning.REGION: "region",
    Meaning.VALIDITY: "validity",
    Meaning.VALID_FROM: "valid_from",
    Meaning.VALID_TO: "valid_to",
    Meaning.DIFFICULTY: "difficulty",
    Meaning.KEY: "key",
}


@dataclass(slots=True)
class WrittenRow:
    """``number`` is the serial number, ``letter`` and ``right`` describe the option of a row of its own."""

    written: Written
    number: str = ""
    letter: str = ""
    right: str = ""

    def is_empty(self) -> bool:
        """Only what people fill in ahead: numbers, kinds, topics, points."""
        written = self.written
        texts = (written.stem, written.answer, written.options_text, self.right, self.letter, written.explanation)
        return not any(texts) and not any(written.options)


def place_of(sheet: str, row: int) -> str:
    if sheet:
        return _("sheet “%(sheet)s”, row %(row)s") % {"sheet": sheet, "row": row}
    return _("row %(row)s") % {"row": row}


def written_row(block: Block, cells: Sequence[str], place: str, kind: Kind | None) -> WrittenRow:
    """What the cells of a row say, each in the field its column means."""
    written = Written(place=place, kind_around=kind, numbered=block.calls_options_by_number())
    for column, meaning in enumerate(block.columns[: len(cells)]):
        if field := _FIELDS.get(Meaning(meaning)) if meaning in _FIELDS else None:
            setattr(written, field, cells[column])
    topics = (_cell(cells, column) for column in block.columns_of(Meaning.TOPIC))
    written.topic = "/".join(filter(None, topics)) or block.topic
    places = option_columns(block)
    if places:
        written.options = tuple(_cell(cells, places.get(number, -1)) for number in range(1, max(places) + 1))
    return WrittenRow(
        written,
        number=_first(block, cells, Meaning.NUMBER),
        letter=_first(block, cells, Meaning.OPTION_LETTER),
        right=_first(block, cells, Meaning.OPTION_RIGHT),
    )


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if 0 <= column < len(cells) else ""


def _first(block: Block, cells: Sequence[str], meaning: Meaning) -> str:
    return next((_cell(cells, column) for column in block.columns_of(meaning)), "")
