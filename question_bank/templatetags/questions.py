"""How a question is put on a page."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.models import User
from question_bank.domain.asking import AskedFigure, AskedVersion
from question_bank.domain.showing import keepers_address, shown_address
from question_bank.models import Question
from question_bank.validators import BLANK_MARK

register = template.Library()

SHOWN_BLANK = "＿＿"
# Characters that no text holds (Unicode keeps them for private use) where the number of the question and the address of
# a picture will stand.
ANY_NUMBER = "\ue000"
ANY_ADDRESS = "\ue001"
AddressOf = Callable[[str], str]
_LABEL = re.compile(r'<label class="option">.*?</label>\s*', re.S)


@register.filter
def with_blanks(stem: str) -> str:
    """The stem as it is read: a blank is a line of its own width, not four underscores."""
    return stem.replace(BLANK_MARK, SHOWN_BLANK)


@register.filter
def plain_points(points: Decimal | str | float) -> str:
    """``2.50`` as ``2.5`` and ``5.00`` as ``5``."""
    try:
        return f"{Decimal(str(points)).normalize():f}"
    except InvalidOperation:
        return ""


@register.simple_tag
def questions(rows: Sequence[Any], person: User) -> SafeString:
    """Questions as a candidate sees them; what a row holds stands in the template, with ``face`` and ``order``.

    Their pictures open for ``person`` alone.

    Nobody has answered anything yet when a whole county opens its papers in the same minute: then each question is
    put together from pieces that were written when the first of them was asked it.
    """
    address_of = partial(shown_address, person=person)
    if any(row.answer or row.flagged for row in rows):
        return _written(rows, address_of)
    language = get_language()
    return mark_safe("".join(_put_together(row, language, address_of) for row in rows))


def _written(rows: Sequence[Any], address_of: AddressOf) -> SafeString:
    context = {"rows": rows, "words": _words(get_language()), "address_of": address_of}
    return mark_safe(render_to_string("question_bank/questions.html", context, using="jinja2"))


@lru_cache
def _words(_language: str) -> dict[str, str]:
    return {
        "question": _("Question %(number)s"),
        "of_question": _("question %(number)s"),
        "points": _("%(points)s points"),
        "flag": _("Flag"),
        "blank": _("Blank %(place)s"),
        "answer": _("Your answer"),
    }


def _put_together(row: Any, language: str, address_of: AddressOf) -> str:
    before, labels, behind = _pieces(language, row.face, row.kind_label, row.points)
    for figure in row.face.figures:
        before = before.replace(_any_address(figure.digest), address_of(figure.digest))
    html = before + "".join([labels[place] for place in row.order]) + behind
    return html.replace(ANY_NUMBER, str(row.number))


def _any_address(digest: str) -> str:
    return f"{ANY_ADDRESS}{digest}{ANY_ADDRESS}"


@lru_cache(maxsize=8192)
def _pieces(_language: str, face: AskedVersion, kind_label: str, points: Decimal) -> tuple[str, list[str], str]:
    """What stands before the options, each option by its place in ``face``, what stands behind them."""
    unanswered = {"number": ANY_NUMBER, "points": points, "answer": {}, "flagged": False}
    html = str(_written([SimpleNamespace(**face._asdict(), kind_label=kind_label, **unanswered)], _any_address))
    labels = _LABEL.findall(html)
    before, _label, rest = html.partition(labels[0]) if labels else (html, "", "")
    return before, labels, rest.rpartition(labels[-1])[2] if len(labels) > 1 else rest


@register.simple_tag
def question_preview(question: Question, shown: Mapping[str, Any]) -> SafeString:
    """A question in the editor as a candidate would see it."""
    face = {name: shown[name] for name in ("stem", "options", "blanks")}
    face["figures"] = [AskedFigure(**figure) for figure in shown.get("figures", ())]
    kind_label = question.get_kind_display()
    row = SimpleNamespace(
        number=1, kind=question.kind, kind_label=kind_label, points=None, answer={}, flagged=False, **face
    )
    return _written([row], keepers_address)
