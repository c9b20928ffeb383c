"""One person at one session: marked by hand, with what it was before."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.refusals import Refusal
from courses.domain.attending import mark
from courses.models import Attendance, Enrolment, Session
from courses.web.forms import LeaveForm, MarkForm
from courses.web.gates import hosted_session, person_of
from courses.web.hosting import may_be_marked


def enrolment_in(session: Session, code: str) -> Enrolment:
    """Whoever is, or was, in the course of the session."""
    enrolments = session.course.enrolments.select_related("person", "team")
    return get_object_or_404(enrolments, person__code=code)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_person(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    session = hosted_session(request, uuid)
    enrolment = enrolment_in(session, code)
    attendance = Attendance.objects.filter(session=session, person=enrolment.person).first()
    if request.method != "POST":
        return show_person(request, session, enrolment, MarkForm(initial=_initial(attendance)))
    form = MarkForm(request.POST)
    if not form.is_valid():
        return show_person(request, session, enrolment, form, status=400)
    said = form.cleaned_data
    try:
        mark(
            session,
            enrolment.person,
            state=said["state"],
            reason=said["reason"],
            why=said["why"],
            arrived_at=_moment(session, said["arrived"]),
            by=person_of(request),
            at=now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return show_person(request, session, enrolment, form, status=refusal.status)
    messages.success(request, _("Noted: %(name)s") % {"name": enrolment.person.name})
    return redirect("courses:host", uuid=uuid)


def show_person(
    request: HttpRequest,
    session: Session,
    enrolment: Enrolment,
    form: MarkForm | None = None,
    *,
    leave_form: LeaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one person at the session; of the two forms one may carry what was refused."""
    attendance = Attendance.objects.filter(session=session, person=enrolment.person).first()
    context = {
        "session": session,
        "enrolment": enrolment,
        "person": enrolment.person,
        "attendance": attendance,
        "changes": attendance.changes.select_related("changed_by") if attendance else (),
        "leaves": session.leaves.filter(person=enrolment.person).select_related("asked_by", "decided_by"),
        "form": form or MarkForm(initial=_initial(attendance)),
        "leave_form": leave_form or LeaveForm(),
        "is_self": enrolment.person_id == person_of(request).pk,
        "may_mark": may_be_marked(session, at=now()),
    }
    return render(request, "courses/mark_person.html", context, status=status)


def _initial(attendance: Attendance | None) -> dict[str, object]:
    if attendance is None:
        return {}
    arrived = localtime(attendance.arrived_at).time() if attendance.arrived_at else None
    return {"state": attendance.state, "reason": attendance.reason, "arrived": arrived}


def _moment(session: Session, time: object) -> datetime | None:
    """A time of the session's day."""
    if time is None:
        return None
    begins = localtime(session.starts_at)
    return datetime.combine(begins.date(), time, begins.tzinfo)  # type: ignore[arg-type]
