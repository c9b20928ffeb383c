"""The answer card beside the questions."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exams.domain.sitting import SheetRow


def card_words() -> dict[str, str]:
    """How the states of a square are read out; the script uses the same."""
    return {"answered": _(", answered"), "unanswered": _(", not answered"), "flagged": _(", flagged")}


class _Square(NamedTuple):
    """All that the looks of a square depend on."""

    number: int
    kind_label: str
    answer: bool
    flagged: bool


def card_html(rows: Sequence[SheetRow], *, sheet_url: str = "") -> SafeString:
    """The squares of ``rows``; they lead to the questions on ``sheet_url``, by default those of the same page;
    ``?`` is the page without its query."""
    squares = tuple(_Square(row.number, row.kind_label, bool(row.answer), row.flagged) for row in rows)
    return _squares(squares, get_language(), sheet_url)


# Where nobody has answered anything yet, the papers of one blueprint have the same card.
@lru_cache(maxsize=64)
def _squares(squares: tuple[_Square, ...], language: str, sheet_url: str) -> SafeString:
    groups = [(label, list(of_kind)) for label, of_kind in groupby(squares, key=lambda square: square.kind_label)]
    context = {"groups": groups, "words": card_words(), "sheet_url": sheet_url}
    return mark_safe(render_to_string("exams/squares.html", context, using="jinja2"))
