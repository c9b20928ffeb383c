"""The host's page of a session: who has not arrived, and what can be done about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.clock import now
from courses.domain.attending import settle_session
from courses.domain.feedback import feedback_on
from courses.domain.watching import board_of
from courses.enums import CourseState, SessionState
from courses.models import Session
from courses.web.gates import hosted_session


@never_cache
@login_required
@require_safe
def host_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Whoever looks at a session that is over settles it."""
    moment, session = now(), hosted_session(request, uuid)
    if settle_session(session, at=moment):
        session = hosted_session(request, uuid)
    context = {
        **_watched(session, moment),
        "waiting": session.leaves.waiting().select_related("person"),
        "decided": session.leaves.exclude(decided_by=None).select_related("person", "decided_by"),
        "feedback": feedback_on([session])[session.pk],
        "may_mark": may_be_marked(session, at=moment),
    }
    return render(request, "courses/host.html", context)


@never_cache
@login_required
@require_safe
def board(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The fragment that the page asks for every few seconds."""
    return render(request, "courses/_host_board.html", _watched(hosted_session(request, uuid), now()))


def _watched(session: Session, moment: datetime) -> dict[str, Any]:
    return {
        "session": session,
        "board": board_of(session, at=moment),
        "is_running": session.takes_arrivals(at=moment),
        "opens_later": session.state == SessionState.PLANNED and moment < session.opens_at(),
        "may_mark": may_be_marked(session, at=moment),
    }


def may_be_marked(session: Session, *, at: datetime) -> bool:
    """As ``attending.mark`` sees it."""
    return (
        session.state != SessionState.CANCELLED
        and session.course.state == CourseState.OPEN
        and at >= session.opens_at()
    )
