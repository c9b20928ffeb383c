"""Leave from a session: asked for, entered, decided, and its document."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.domain.files import INLINE_TYPES, content_type_of
from cms.web.files import POLICY
from common.clock import now
from common.refusals import Refusal
from courses.domain.leaves import ask_leave, decide_leave, enter_leave, note_opened
from courses.models import Leave
from courses.rules import may_host
from courses.web.forms import DecisionForm, LeaveForm
from courses.web.gates import hosted_session, own_session, person_of
from courses.web.marking import enrolment_in, show_person
from courses.web.sessions import show_session


@login_required
@require_POST
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For oneself; what was typed is not lost when it is refused."""
    session = own_session(request, uuid)
    form = LeaveForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_session(request, session, leave_form=form, status=400)
    try:
        ask_leave(session, **form.cleaned_data, by=person_of(request), at=now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return show_session(request, session, leave_form=form, status=refusal.status)
    messages.success(request, _("Your leave is with the host. The answer appears here."))
    return redirect("courses:session", uuid=uuid)


@login_required
@require_POST
def enter(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """For somebody else, approved at once."""
    session = hosted_session(request, uuid)
    enrolment = enrolment_in(session, code)
    form = LeaveForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_person(request, session, enrolment, leave_form=form, status=400)
    try:
        enter_leave(session, enrolment.person, **form.cleaned_data, by=person_of(request), at=now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return show_person(request, session, enrolment, leave_form=form, status=refusal.status)
    messages.success(request, _("The leave is entered: %(name)s") % {"name": enrolment.person.name})
    return redirect("courses:host", uuid=uuid)


@login_required
@require_POST
def decide(request: HttpRequest, uuid: UUID, leave: UUID) -> HttpResponse:
    session = hosted_session(request, uuid)
    found = get_object_or_404(session.leaves.select_related("person", "session"), uuid=leave)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Approve or decline, with a short answer."))
        return redirect("courses:host", uuid=uuid)
    try:
        decide_leave(found, **form.cleaned_data, by=person_of(request), at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The decision is noted; %(name)s sees it.") % {"name": found.person.name})
    return redirect("courses:host", uuid=uuid)


@login_required
@require_safe
def leave_file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """For the person and whoever decides; the same 404 for what does not exist and what is not theirs to see."""
    moment, person = now(), person_of(request)
    leaves = Leave.objects.exclude(file="").select_related(
        "person", "session__course__division", "session__course__kind"
    )
    leave = get_object_or_404(leaves, uuid=uuid)
    if leave.person_id != person.pk and not may_host(person, leave.session, on=localdate(moment)):
        raise Http404
    try:
        content = leave.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    note_opened(leave, by=person, at=moment)
    kind = content_type_of(leave.file_name)
    disposition = "inline" if kind in INLINE_TYPES else "attachment"
    headers = {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(leave.file_name)}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(content, content_type=kind, headers=headers)
