"""Saying that something is wrong with a question, from the released result that shows it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.clock import now
from common.refusals import Refusal
from exams.domain import reporting
from exams.web.gates import attempt_for
from question_bank.domain import reporting as bank_reporting


@login_required
@require_POST
def report_question(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    attempt, moment = attempt_for(request, uuid), now()
    version = reporting.asked_version(attempt, number, at=moment)
    if version is None:
        raise Http404
    reason, text = request.POST.get("reason", ""), request.POST.get("text", "")
    try:
        bank_reporting.report_question(version, reason=reason, text=text, by=attempt.candidate.person, at=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. The office looks at the question, and its answer appears here."))
    return HttpResponseRedirect(f"{reverse('attempt', args=[attempt.uuid])}?show=all#question-{number}")
