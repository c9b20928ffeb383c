"""The review of a result: which of its questions are shown."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.models import EntryPage, readable_pages
from common.clock import now
from exams.domain.reporting import reports_in
from exams.domain.results import PARTIAL, RIGHT, UNANSWERED, WAITING, WRONG, Result, ReviewRow
from exams.models import Attempt
from members.models import User
from question_bank.domain.reporting import LONGEST_TEXT
from question_bank.domain.showing import shown_address
from question_bank.enums import ReportReason

# sign, tone, word: never by colour alone
VERDICTS = {
    RIGHT: ("✓", "good"),
    PARTIAL: ("◐", "warn"),
    WRONG: ("✕", "warn"),
    UNANSWERED: ("○", "warn"),
    WAITING: ("…", "plain"),
}


class EntryLink(NamedTuple):
    """The entry that holds the answer to a question."""

    title: str
    url: str


def chosen(request: HttpRequest, attempt: Attempt, result: Result) -> dict[str, Any]:
    """The rows to show, the filters with their counts, and which of them is on.

    Without a choice: what was not right, or everything when all of it was. Only for a released result.
    """
    lists = {
        "wrong": [row for row in result.rows if row.verdict in (PARTIAL, WRONG, UNANSWERED)],
        "flagged": [row for row in result.rows if row.flagged],
        "all": result.rows,
    }
    asked = request.GET.get("show", "")
    show = asked if asked in lists else "wrong" if lists["wrong"] else "all"
    entries = _entries_to_read(request, lists["wrong"])
    names = {"wrong": _("Not right"), "flagged": _("Flagged"), "all": pgettext("questions", "All")}
    return {
        "show": show,
        "filters": [(name, names[name], len(rows)) for name, rows in lists.items()],
        "review_html": _html(request, attempt, lists[show], entries) if lists[show] else "",
        "wrong_count": len(lists["wrong"]),
    }


def _entries_to_read(request: HttpRequest, wrong: Sequence[ReviewRow]) -> dict[int, EntryLink]:
    """By the number of the question: the entry it tests, as far as this person may read it. One query, or none."""
    tested = {row.number: row.entry_id for row in wrong if row.entry_id}
    if not tested:
        return {}
    entries = EntryPage.objects.filter(pk__in=set(tested.values())).defer("body", "plain_text")
    found = readable_pages(entries, cast(User, request.user), on=localdate(now())).in_bulk()
    links = {key: EntryLink(entry.title, entry.get_url(request) or "") for key, entry in found.items()}
    return {number: links[entry] for number, entry in tested.items() if entry in links}


def _html(
    request: HttpRequest, attempt: Attempt, rows: Sequence[ReviewRow], entries: Mapping[int, EntryLink]
) -> SafeString:
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
        "entry": _("Read the entry: %(title)s"),
        "repair": _("Repaired"),
    }
    verdicts = _verdicts()
    review = [(row, *VERDICTS[row.verdict], verdicts[row.verdict]) for row in rows]
    address_of = partial(shown_address, person=cast(User, request.user))
    context = {"review": review, "words": words, "entries": entries, "address_of": address_of}
    context |= _reporting(request, attempt)
    return mark_safe(render_to_string("exams/review.html", context, using="jinja2"))


def _reporting(request: HttpRequest, attempt: Attempt) -> dict[str, Any]:
    """What the person says about questions: the forms, and what came of what was said. One query."""
    return {
        "reports": reports_in(attempt),
        "reasons": ReportReason.choices,
        "report_url": reverse("report_question", args=[attempt.uuid, 0]).removesuffix("0/"),
        "csrf_token": get_token(request),
        "longest": LONGEST_TEXT,
        "report_words": {
            "open": _("Something wrong with this question?"),
            "reason": _("What is wrong"),
            "text": _("In a few words (500 characters at most)"),
            "send": _("Report the question"),
            "waits": _("You reported this question (%(reason)s). The office looks at it; its answer appears here."),
            "settled": _("You reported this question (%(reason)s)."),
            "answer": _("The office answers"),
        },
    }


def _verdicts() -> dict[str, str]:
    return {
        RIGHT: pgettext("answer", "Right"),
        PARTIAL: pgettext("answer", "Incomplete"),
        WRONG: pgettext("answer", "Wrong"),
        UNANSWERED: _("Not answered"),
        WAITING: _("Waiting for a marker"),
    }
