"""How a question is put on a page."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from question_bank.models import Question
from question_bank.validators import BLANK_MARK

register = template.Library()

SHOWN_BLANK = "＿＿"


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
def questions(rows: Iterable[Any]) -> SafeString:
    """Questions as a candidate sees them; what a row holds stands in the template."""
    words = {
        "question": _("Question %(number)s"),
        "of_question": _("question %(number)s"),
        "points": _("%(points)s points"),
        "flag": _("Flag"),
        "blank": _("Blank %(place)s"),
        "answer": _("Your answer"),
    }
    context = {"rows": rows, "words": words}
    return mark_safe(render_to_string("question_bank/questions.html", context, using="jinja2"))


@register.simple_tag
def question_preview(question: Question, shown: Mapping[str, Any]) -> SafeString:
    """A question in the editor as a candidate would see it."""
    row = {
        "number": 1,
        "kind": question.kind,
        "kind_label": question.get_kind_display(),
        "points": None,
        "answer": {},
        "flagged": False,
        **{name: shown[name] for name in ("stem", "options", "blanks")},
    }
    return questions([row])
