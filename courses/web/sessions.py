"""One session as its people see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.clock import now
from courses.domain.feedback import MARKS, may_give_feedback
from courses.domain.material import material_for
from courses.enums import ATTENDED_STATES, CourseState, SessionState
from courses.models import Attendance, Session
from courses.rules import may_host
from courses.web.forms import FeedbackForm, LeaveForm
from courses.web.gates import person_of, session_for
from members.enums import RequestState
from members.models import User


@never_cache
@login_required
@require_safe
def session_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return show_session(request, session_for(request, uuid))


def show_session(
    request: HttpRequest,
    session: Session,
    *,
    leave_form: LeaveForm | None = None,
    feedback_form: FeedbackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a session; a form is given where what was sent could not be taken."""
    moment, person = now(), person_of(request)
    attendance = Attendance.objects.filter(session=session, person=person).first()
    context: dict[str, Any] = {
        "session": session,
        "lecturers": session.lecturers.all(),
        "material": material_for(session.course, person, on=localdate(moment)),
        "attendance": attendance,
        "takes_arrivals": session.takes_arrivals(at=moment),
        "may_host": may_host(person, session, on=localdate(moment)),
        **_leave_of(session, person, attendance, moment),
        "leave_form": leave_form or LeaveForm(),
        "is_asking": leave_form is not None,
        "may_give_feedback": may_give_feedback(session, attendance, at=moment),
        "feedback_form": feedback_form or FeedbackForm(),
        "marks": MARKS,
    }
    return render(request, "courses/session.html", context, status=status)


def _leave_of(session: Session, person: User, attendance: Attendance | None, moment: datetime) -> dict[str, Any]:
    """What was asked so far, and whether anything can be asked: as ``leaves.ask_leave`` sees it."""
    leaves = list(session.leaves.filter(person=person).select_related("decided_by"))
    is_open = session.course.state == CourseState.OPEN and session.state != SessionState.CANCELLED
    was_there = attendance is not None and attendance.state in ATTENDED_STATES
    is_asked = any(leave.state != RequestState.DECLINED for leave in leaves)
    is_enrolled = session.course.enrolments.active(on=localdate(moment)).filter(person=person).exists()
    may_ask = is_open and is_enrolled and not was_there and not is_asked
    return {"leaves": leaves, "may_ask_leave": may_ask, "is_enrolled": is_enrolled}
