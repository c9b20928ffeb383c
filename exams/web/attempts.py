"""One attempt under one address: taking it, looking it over, handing it in, and afterwards its result."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.clock import now
from exams.domain import grants
from exams.domain.closing import hand_in
from exams.domain.refusals import AnswerRefused, AttemptClosed, GrantEnded
from exams.domain.repairing import see_outcomes
from exams.domain.results import result_of
from exams.domain.saving import milliseconds, save_form
from exams.domain.sheets import answers_in, flags_in, unanswered
from exams.domain.sitting import Sheet, paper_sheet
from exams.domain.wording import time_of_day
from exams.models import Attempt
from exams.web import reviews
from exams.web.answer_card import card_html, card_words
from exams.web.gates import attempt_for
from members.web.middleware import outlasts_idling

LOW_SECONDS = 300
# More unanswered questions than these are shown by their squares alone.
MOST_LISTED = 12


@outlasts_idling
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    attempt = attempt_for(request, uuid)
    if request.method == "POST":
        return _act(request, attempt)
    if not attempt.is_open():
        return _show_result(request, attempt)
    return _show_card(request, attempt) if "card" in request.GET else _show_sheet(request, attempt)


def _act(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    action = request.POST.get("action")
    if not attempt.is_open():
        if action != "hand_in":
            messages.warning(request, _("The time was up before this arrived. What had been saved until then counts."))
        return _to(attempt)
    if action == "hand_in":
        hand_in(attempt, at=now())
        return _to(attempt)
    return _save(request, attempt, then="?card" if action == "check" else "")


def _save(request: HttpRequest, attempt: Attempt, *, then: str) -> HttpResponse:
    sheet, moment = paper_sheet(attempt), now()
    answers, flags = answers_in(request.POST, sheet.rows), flags_in(request.POST, sheet.rows)
    try:
        newer = save_form(attempt, answers, flags, as_of=_as_of(request), at=moment)
    except (AttemptClosed, GrantEnded) as refusal:
        messages.warning(request, str(refusal))
        return _to(attempt)
    except AnswerRefused as refusal:
        messages.error(request, str(refusal))
        for row in sheet.rows:
            row.answer, row.flagged = answers[row.number], row.number in flags
        return _show_sheet(request, attempt, sheet=sheet, status=refusal.status)
    _tell(request, newer, saved_at=time_of_day(moment))
    return _to(attempt, then)


def _as_of(request: HttpRequest) -> int:
    """The newest answer on the form when it was shown. Without a usable value nothing stored is overwritten."""
    text = request.POST.get("as_of", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else 0


def _tell(request: HttpRequest, newer: list[int], *, saved_at: str) -> None:
    if newer:
        text = _("Another device wrote these questions later, so its answers stay: %(numbers)s. Saved %(time)s.")
        messages.warning(request, text % {"numbers": listed(newer), "time": saved_at})
    else:
        messages.success(request, _("Saved %(time)s") % {"time": saved_at})


def listed(numbers: list[int]) -> str:
    """``1、4、19``"""
    return pgettext("numbers", ", ").join(str(number) for number in numbers)


def _to(attempt: Attempt, query: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("attempt", args=[attempt.uuid]) + query)


def _show_sheet(
    request: HttpRequest, attempt: Attempt, *, sheet: Sheet | None = None, status: int = 200
) -> HttpResponse:
    sheet = sheet or paper_sheet(attempt)
    context = {
        **_clock(attempt),
        "sheet": sheet,
        "card": card_html(sheet.rows),
        "card_words": card_words(),
        "answered_count": len(sheet.rows) - len(unanswered(sheet.rows)),
        "capability": grants.issue(attempt),
        "sequences": ",".join(str(row.sequence) for row in sheet.rows),
    }
    return render(request, "exams/taking.html", context, status=status)


def _show_card(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    sheet = paper_sheet(attempt)
    missing = unanswered(sheet.rows)
    context = {
        **_clock(attempt),
        "card": card_html(sheet.rows, sheet_url="?"),
        "missing": missing,
        "missing_listed": listed(missing) if len(missing) <= MOST_LISTED else "",
        "flagged": [row.number for row in sheet.rows if row.flagged],
    }
    return render(request, "exams/answer_card.html", context)


def _clock(attempt: Attempt) -> dict[str, object]:
    """What both pages say about the attempt and its time, and what their countdown starts from."""
    moment = now()
    seconds_left = max(int((attempt.closes_at - moment).total_seconds()), 0)
    return {
        "attempt": attempt,
        "exam": attempt.exam,
        "server_time": milliseconds(moment),
        "closes_at": milliseconds(attempt.closes_at),
        "seconds": int((attempt.closes_at - attempt.opened_at).total_seconds()),
        "seconds_left": seconds_left,
        "is_low": seconds_left <= LOW_SECONDS,
    }


def _show_result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    result = result_of(attempt, at=now())
    context = {"attempt": attempt, "exam": attempt.exam, "result": result}
    if result.released:
        context |= reviews.chosen(request, attempt, result)
        if any(not change.seen for change in result.changes):
            see_outcomes(attempt, at=now())
    return render(request, "exams/result.html", context)
