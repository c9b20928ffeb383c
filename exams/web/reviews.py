"""The review of a result: which of its questions are shown."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exams.domain.results import PARTIAL, RIGHT, UNANSWERED, WAITING, WRONG, Result, ReviewRow

# sign, tone, word: never by colour alone
VERDICTS = {
    RIGHT: ("✓", "good"),
    PARTIAL: ("◐", "warn"),
    WRONG: ("✕", "warn"),
    UNANSWERED: ("○", "warn"),
    WAITING: ("…", "plain"),
}


def chosen(result: Result, show: str) -> dict[str, Any]:
    """The rows to show, the filters with their counts, and which of them is on.

    Without a choice: what was not right, or everything when all of it was.
    """
    lists = {
        "wrong": [row for row in result.rows if row.verdict in (PARTIAL, WRONG, UNANSWERED)],
        "flagged": [row for row in result.rows if row.flagged],
        "all": result.rows,
    }
    show = show if show in lists else "wrong" if lists["wrong"] else "all"
    names = {"wrong": _("Not right"), "flagged": _("Flagged"), "all": pgettext("questions", "All")}
    return {
        "show": show,
        "filters": [(name, names[name], len(rows)) for name, rows in lists.items()],
        "review_html": _html(lists[show]) if lists[show] else "",
        "wrong_count": len(lists["wrong"]),
    }


def _html(rows: Sequence[ReviewRow]) -> SafeString:
    words = {
        "question": _("Question %(number)s"),
        "flagged": _("Flagged"),
        "points": _("%(points)s points"),
        "answer": _("Your answer"),
        "no_answer": _("No answer"),
        "guide": _("Marked by"),
        "key": _("Right answer"),
        "why": pgettext("explanation", "Why"),
        "basis": pgettext("law", "Basis"),
        "topic": _("Topic"),
        "repair": _("Repaired"),
    }
    verdicts = _verdicts()
    context = {"review": [(row, *VERDICTS[row.verdict], verdicts[row.verdict]) for row in rows], "words": words}
    return mark_safe(render_to_string("exams/review.html", context, using="jinja2"))


def _verdicts() -> dict[str, str]:
    return {
        RIGHT: pgettext("answer", "Right"),
        PARTIAL: pgettext("answer", "Incomplete"),
        WRONG: pgettext("answer", "Wrong"),
        UNANSWERED: _("Not answered"),
        WAITING: _("Waiting for a marker"),
    }
