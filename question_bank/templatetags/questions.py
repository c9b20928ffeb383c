"""How a question is put on a page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template

from question_bank.models import Question
from question_bank.validators import BLANK_MARK

register = template.Library()

SHOWN_BLANK = "＿＿"


@register.filter
def with_blanks(stem: str) -> str:
    """The stem as it is read: a blank is a line of its own width, not four underscores."""
    return stem.replace(BLANK_MARK, SHOWN_BLANK)


@register.filter
def blank_inputs(row: Any) -> list[tuple[int, str]]:
    """Number and present content of every blank of a row: ``[(1, "60日"), (2, "")]``."""
    answer = row["answer"] if isinstance(row, Mapping) else row.answer
    blanks = row["blanks"] if isinstance(row, Mapping) else row.blanks
    given: Sequence[str] = (answer or {}).get("blanks", [])
    return [(place, given[place - 1] if place <= len(given) else "") for place in range(1, blanks + 1)]


@register.filter
def plain_points(points: Decimal | str | float) -> str:
    """``2.50`` as ``2.5`` and ``5.00`` as ``5``."""
    try:
        return f"{Decimal(str(points)).normalize():f}"
    except InvalidOperation:
        return ""


@register.simple_tag
def preview_row(question: Question, shown: Mapping[str, Any]) -> dict[str, Any]:
    """A question in the editor in the shape that ``_question.html`` takes from a paper."""
    return {
        "number": 1,
        "kind": question.kind,
        "kind_label": question.get_kind_display(),
        "points": None,
        "answer": {},
        "flagged": False,
        **{name: shown[name] for name in ("stem", "options", "blanks")},
    }
