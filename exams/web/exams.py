"""The pages before a test: which there are, and the rules of one."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.refusals import Refusal
from exams.domain.sitting import next_paper, open_attempt, unanswered_rows
from exams.domain.standing import Place, Standing, place_of, places_of
from exams.domain.wording import time_left
from exams.models import Candidate
from exams.web.gates import candidate_for
from exams.web.rules_in_words import composition, rules_in_words
from members.models import User
from question_bank.templatetags.questions import questions

NOW = (Standing.RUNNING, Standing.OPEN)


@never_cache
@login_required
@require_safe
def exam_list(request: HttpRequest) -> HttpResponse:
    places = places_of(cast(User, request.user), at=now())
    groups = {
        "current": [place for place in places if place.standing in NOW],
        "coming": [place for place in places if place.standing == Standing.COMING][::-1],
        "past": [place for place in places if place.standing not in (*NOW, Standing.COMING)],
    }
    return render(request, "exams/exam_list.html", groups)


@never_cache
@login_required
@require_safe
def exam_intro(request: HttpRequest, uuid: UUID) -> HttpResponse:
    moment = now()
    place = place_of(candidate_for(request, uuid), at=moment)
    if place.standing in {Standing.COMING, Standing.OPEN}:
        _get_ready(place.candidate, cast(User, request.user))
    rows = list(place.exam.blueprint.rows.all())
    context = {
        "place": place,
        "exam": place.exam,
        "composition": composition(rows),
        "rules": rules_in_words(place.exam, rows),
        "left": _left(place, moment),
        "results_out": place.exam.results_are_out(at=moment),
    }
    return render(request, "exams/exam_intro.html", context)


def _get_ready(candidate: Candidate, person: User) -> None:
    """Who looks at this page presses start in the same moment as everybody else; by then their questions are at hand.

    What is written here is kept in memory piece by piece (``question_bank.templatetags.questions``).
    """
    if paper := next_paper(candidate):
        questions(unanswered_rows(paper), person)


def _left(place: Place, moment: datetime) -> str:
    if place.running:
        return time_left(place.running.closes_at, at=moment)
    until = place.exam.opens_at if place.standing == Standing.COMING else place.exam.closes_at
    return time_left(until, at=moment)


@login_required
@require_POST
def exam_start(request: HttpRequest, uuid: UUID) -> HttpResponseRedirect:
    """Opens an attempt, or leads back to the open one."""
    try:
        attempt, _opened = open_attempt(candidate_for(request, uuid), at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("exam_intro", uuid=uuid)
    return HttpResponseRedirect(reverse("attempt", args=[attempt.uuid]))
