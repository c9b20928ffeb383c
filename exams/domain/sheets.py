"""A sheet of answers sent as a plain form."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

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


def unanswered(rows: Sequence[SheetRow]) -> list[int]:
    return [row.number for row in rows if not row.answer]
