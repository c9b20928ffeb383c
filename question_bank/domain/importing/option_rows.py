"""Tables in which every option has a row of its own, and the first row of a question its stem."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.headings import Meaning
from question_bank.domain.importing.layouts import Block
from question_bank.domain.importing.options import LETTERS
from question_bank.domain.importing.rows import WrittenRow
from question_bank.domain.importing.values import NotCertain, flag_of


def grouped(block: Block, rows: Sequence[WrittenRow]) -> Iterator[tuple[Written, str]]:
    """Each question with all its options, and the reason it is refused, if it is."""
    group: list[WrittenRow] = []
    for row in rows:
        if group and _begins(row, group[0]):
            yield _question(block, group)
            group = []
        group.append(row)
    if group:
        yield _question(block, group)


def _begins(row: WrittenRow, first: WrittenRow) -> bool:
    """A stem or a number of its own begins a question; repeated in every row, or left out, they continue it."""
    stem, head = row.written.stem, first.written.stem
    numbers = row.number or row.written.key, first.number or first.written.key
    if stem and stem != head:
        return True
    return bool(numbers[0]) and numbers[0] != numbers[1]


def _question(block: Block, group: Sequence[WrittenRow]) -> tuple[Written, str]:
    written = group[0].written
    try:
        _gather(block, group, written)
    except NotCertain as doubt:
        return written, doubt.reason
    return written, ""


def _gather(block: Block, group: Sequence[WrittenRow], written: Written) -> None:
    answers = dict.fromkeys(row.written.answer for row in group if row.written.answer)
    if len(answers) > 1:
        raise NotCertain(_("The rows of this question give different answers."))
    written.answer = next(iter(answers), "")
    written.images = tuple(image for row in group for image in row.written.images)
    if len(group) == 1 and not group[0].letter:
        return
    _check_letters(group)
    written.options = tuple(_text(row) for row in group)
    written.options_text = ""
    if block.has(Meaning.OPTION_RIGHT):
        written.right = [flag_of(row.right) for row in group]


def _text(row: WrittenRow) -> str:
    # An option with a row of its own keeps its | and ;, but not its letter: that is taken off when all are known.
    return row.written.options_text.strip()


def _check_letters(group: Sequence[WrittenRow]) -> None:
    letters = [row.letter.strip(" .．、()（）").upper() for row in group]
    if any(letters) and letters not in (list(LETTERS[: len(group)]), [str(n + 1) for n in range(len(group))]):
        raise NotCertain(_("The letters of the options are not A, B, C… in this order."))
