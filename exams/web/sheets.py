"""A sheet of answers sent as a plain form, and the answer card made of it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from exams.domain.sitting import SheetRow
from question_bank.enums import Kind


def answer_in(form: QueryDict, row: SheetRow) -> dict[str, Any]:
    """What a form says about one question, in the shape of ``Response.answer``; ``{}`` for nothing."""
    name = f"q{row.number}"
    if row.kind == Kind.FILL:
        blanks = [form.get(f"{name}-{place}", "") for place in range(1, row.blanks + 1)]
        return {"blanks": blanks} if any(blanks) else {}
    if row.kind == Kind.SHORT:
        # A browser sends line ends as CR LF; what a script saved has LF alone.
        text = form.get(name, "").replace("\r\n", "\n")
        return {"text": text} if text else {}
    picked = form.getlist(name)
    return {"options": picked} if picked else {}


def answers_in(form: QueryDict, rows: Sequence[SheetRow]) -> dict[int, dict[str, Any]]:
    return {row.number: answer_in(form, row) for row in rows}


def flags_in(form: QueryDict, rows: Sequence[SheetRow]) -> set[int]:
    return {row.number for row in rows if f"flag{row.number}" in form}


class Square(NamedTuple):
    """One square of the answer card; ``words`` say what its shape shows."""

    number: int
    state: str
    words: str


class CardGroup(NamedTuple):
    """Neighbouring questions of one kind."""

    label: str
    squares: list[Square]


def answer_card(rows: Sequence[SheetRow]) -> list[CardGroup]:
    words = card_words()
    return [
        CardGroup(label, [_square(row, words) for row in of_kind])
        for label, of_kind in groupby(rows, key=lambda row: row.kind_label)
    ]


def card_words() -> dict[str, str]:
    """How the states of a square are read out; the script uses the same."""
    return {"answered": _(", answered"), "unanswered": _(", not answered"), "flagged": _(", flagged")}


def _square(row: SheetRow, words: dict[str, str]) -> Square:
    states = ["answered" if row.answer else "unanswered", *(["flagged"] if row.flagged else [])]
    return Square(row.number, " ".join(states), "".join(words[state] for state in states))


def unanswered(rows: Sequence[SheetRow]) -> list[int]:
    return [row.number for row in rows if not row.answer]
