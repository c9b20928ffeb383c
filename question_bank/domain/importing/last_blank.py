"""Where the blank of a fill-in question is, in formats that have one answer and no sign for the place."""

import re

from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.findings import NotTaken
from question_bank.validators import BLANK_MARK

_DRAWN = re.compile(r"_{3,}")
_UNESCAPED_STAR = re.compile(r"(?<!\\)\*")


def with_one_blank(stem: str) -> str:
    """The stem with its one blank as ``____``; at the end where none was drawn. Raises ``NotTaken`` for several."""
    drawn = _DRAWN.findall(stem)
    if len(drawn) > 1:
        raise NotTaken(_("The text has %(count)s blanks, but the file gives one answer.") % {"count": len(drawn)})
    return _DRAWN.sub(BLANK_MARK, stem) if drawn else f"{stem}{BLANK_MARK}"


def without_wildcards(answer: str) -> str:
    """The answer as Moodle means it: ``\\*`` is an asterisk, and ``*`` alone stands for anything, which is refused."""
    if "*" not in answer:
        return answer
    if _UNESCAPED_STAR.search(answer):
        raise NotTaken(_("An answer holds *, which stands for any text. Write out what counts as right."))
    return answer.replace(r"\*", "*")
