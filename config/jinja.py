"""Jinja2, for the few long lists on pages that a whole county opens in the same minute.

Django's engine takes some 25 ms for fifty questions. Everything else stays in Django's templates.
"""

import re
from typing import Any

from django.template.defaultfilters import linebreaksbr
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension

from question_bank.templatetags.questions import plain_points, with_blanks


class WithoutIndentation(Extension):
    """What indents a template is not sent: half of a page of fifty questions would be blanks."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"\n\s+", "\n", source)


def environment(**options: Any) -> Environment:
    """``TEMPLATES`` names this; a name that a template asks for and nobody gave is an error."""
    options |= {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(extensions=[WithoutIndentation], **options)  # noqa: S701 - it is in the options
    made.filters |= {"with_blanks": with_blanks, "plain_points": plain_points, "linebreaksbr": linebreaksbr}
    return made
