"""Feedback on a session, once, after it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.clock import now
from common.refusals import Refusal
from courses.domain.feedback import give_feedback
from courses.web.forms import FeedbackForm
from courses.web.gates import own_session, person_of
from courses.web.sessions import show_session


@login_required
@require_POST
def give(request: HttpRequest, uuid: UUID) -> HttpResponse:
    session = own_session(request, uuid)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return show_session(request, session, feedback_form=form, status=400)
    try:
        give_feedback(session, person_of(request), **form.cleaned_data, at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Nobody can see whose feedback it is."))
    return redirect("courses:session", uuid=uuid)
