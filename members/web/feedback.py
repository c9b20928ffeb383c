"""Complaints and suggestions: writing one, and what became of earlier ones."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.clock import now
from members.domain.feedback import TooMuchFeedback, own_page, send_feedback
from members.enums import FeedbackKind
from members.models import Feedback, User
from members.web.forms import FeedbackForm

MOST_SHOWN = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    if request.method != "POST":
        return _show(request, person, FeedbackForm(initial={"page": own_page(request.GET.get("from", ""))}))
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _show(request, person, form, status=400)
    try:
        _send(person, **form.cleaned_data)
    except TooMuchFeedback as refusal:
        form.add_error(None, str(refusal))
        return _show(request, person, form, status=refusal.status)
    messages.success(request, _("The county office has it. The answer appears on this page."))
    return HttpResponseRedirect(reverse("feedback"))


def _send(person: User, *, kind: str, text: str, page: str) -> Feedback:
    return send_feedback(FeedbackKind(kind), text, page=page, by=person, at=now())


def _show(request: HttpRequest, person: User, form: Any, *, status: int = 200) -> HttpResponse:
    entries = Feedback.objects.filter(person=person).select_related("answered_by")[:MOST_SHOWN]
    page = own_page(form["page"].value() or "")
    return render(request, "members/feedback.html", {"form": form, "entries": entries, "page": page}, status=status)
