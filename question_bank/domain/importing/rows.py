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
    Meaning.ENTRY: "entry",
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


def place_template(sheet: str) -> str:
    """Where a row stands, with ``%(row)s`` still to be filled in: looked up once, not once a row."""
    if sheet:
        return _("sheet “%(sheet)s”, row %(row)s") % {"sheet": sheet.replace("%", "%%"), "row": "%(row)s"}
    return _("row %(row)s")


class RowReader:
    """Puts what the cells of a row say into the fields that the columns of a block mean."""

    def __init__(self, block: Block) -> None:
        self._numbered = block.calls_options_by_number()
        self._topic = block.topic
        self._topics = block.columns_of(Meaning.TOPIC)
        self._fields = [
            (column, _FIELDS[Meaning(each)]) for column, each in enumerate(block.columns) if each in _FIELDS
        ]
        places = option_columns(block)
        self._options = [places.get(number, -1) for number in range(1, max(places, default=0) + 1)]
        self._number, self._letter, self._right = (
            next(iter(block.columns_of(meaning)), -1)
            for meaning in (Meaning.NUMBER, Meaning.OPTION_LETTER, Meaning.OPTION_RIGHT)
        )

    def read(self, cells: Sequence[str], place: str, kind: Kind | None, *, verbatim: bool) -> WrittenRow:
        texts = {field: cells[column] for column, field in self._fields if column < len(cells)}
        topics = (_cell(cells, column) for column in self._topics)
        written = Written(
            place=place,
            kind_around=kind,
            numbered=self._numbered,
            verbatim=verbatim,
            topic="/".join(filter(None, topics)) or self._topic,
            options=tuple(_cell(cells, column) for column in self._options),
            **texts,  # type: ignore[arg-type]
        )
        return WrittenRow(
            written,
            number=_cell(cells, self._number),
            letter=_cell(cells, self._letter),
            right=_cell(cells, self._right),
        )


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if 0 <= column < len(cells) else ""
