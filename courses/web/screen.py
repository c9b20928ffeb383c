"""The page for the projector: the QR code of this minute, and the same code to be spoken."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.domain.entry_codes import drawn_code
from common.clock import now
from courses.domain.codes import changes_at, code_of
from courses.domain.watching import counts_of
from courses.enums import SessionState
from courses.models import Session
from courses.web.gates import hosted_session


@never_cache
@login_required
@require_safe
def screen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Without a script the page is fetched anew each minute."""
    return render(request, "courses/screen.html", _shown(request, hosted_session(request, uuid), now()))


@never_cache
@login_required
@require_safe
def code(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The part of the page that changes."""
    return render(request, "courses/_screen_code.html", _shown(request, hosted_session(request, uuid), now()))


def _shown(request: HttpRequest, session: Session, moment: datetime) -> dict[str, Any]:
    """Before sign-in opens and when the session is over there is no code to be photographed."""
    there, expected = counts_of(session)
    context = {"session": session, "there": there, "expected": expected, "at": moment}
    if not session.takes_arrivals(at=moment):
        is_coming = session.state == SessionState.PLANNED and moment < session.opens_at()
        return context | {"is_coming": is_coming, "opens_at": session.opens_at()}
    digits = code_of(session, at=moment)
    path = reverse("courses:sign_in_to_session", args=[session.uuid])
    address = request.build_absolute_uri(f"{path}?{urlencode({'code': digits})}")
    return context | {
        "is_open": True,
        "code": digits,
        # Drawn by us from an address of ours.
        "drawn": mark_safe(drawn_code(address).decode()),
        "spoken_at": request.build_absolute_uri(reverse("courses:spoken_code")),
        "changes_at_ms": int(changes_at(at=moment).timestamp() * 1000),
        "at_ms": int(moment.timestamp() * 1000),
        "seconds": max(int((changes_at(at=moment) - moment).total_seconds()), 0),
    }
