"""Signing in to a session: by the QR code on the screen, or by the code as it was spoken."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.refusals import Refusal
from courses.domain.codes import DIGITS, digits_in
from courses.domain.refusals import NotEnrolled, WrongCode
from courses.domain.signing_in import arrival_of, judge_code, open_sessions_of, refuse_closed, session_of_code, sign_in
from courses.enums import ArrivalWay
from courses.models import Attendance, Session
from courses.web.gates import announced_session, person_of
from courses.web.seen_codes import SeenCode, keep_code, seen_code
from members.web.problems import is_for_programs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_to_session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the QR code leads. Whoever is not signed in to the product loses nothing by doing that first.

    Their code is kept as it is and judged when they are back: nobody can try codes without saying who they are.
    """
    moment, session = now(), announced_session(uuid)
    if not request.user.is_authenticated:
        return _after_signing_in(request, session, moment)
    if request.method == "POST":
        return _arrive(request, session, moment)
    if there := arrival_of(session, person_of(request)):
        return _receipt(request, session, there)
    return _ask(request, session, moment)


def _after_signing_in(request: HttpRequest, session: Session, moment: datetime) -> HttpResponse:
    if code := _code_in(request):
        keep_code(request, session.uuid, code, at=moment)
    return redirect_to_login(request.path, resolve_url("sign_in"))


def _ask(request: HttpRequest, session: Session, moment: datetime) -> HttpResponse:
    """One button when the code is known and right, a field for it when it is not known."""
    code = _code_in(request)
    seen = seen_code(request, session.uuid, at=moment)
    if code and (seen is None or seen.code != code):
        seen = SeenCode(code, moment)
    try:
        if seen is None:
            refuse_closed(session, person_of(request), at=moment)
            return render(request, "courses/sign_in.html", {"session": session})
        judge_code(session, person_of(request), seen.code, seen_at=seen.at, at=moment)
    except Refusal as refusal:
        return _refused(request, session, refusal)
    keep_code(request, session.uuid, seen.code, at=seen.at)
    return render(request, "courses/sign_in.html", {"session": session, "seen": seen})


def _arrive(request: HttpRequest, session: Session, moment: datetime) -> HttpResponse:
    """The code in the form, from when it was seen; without one that was seen in the last minutes."""
    typed, seen = _code_in(request), seen_code(request, session.uuid, at=moment)
    is_kept = seen is not None and typed in ("", seen.code)
    code, seen_at = (seen.code, seen.at) if seen and is_kept else (typed, moment)
    way = ArrivalWay.SCREEN if is_kept else ArrivalWay.SPOKEN
    try:
        attendance, is_new = sign_in(session, person_of(request), code=code, way=way, seen_at=seen_at, at=moment)
    except Refusal as refusal:
        return _refused(request, session, refusal)
    if is_for_programs(request):
        return render(request, "courses/_receipt.html", _told(session, attendance, is_new))
    return redirect("courses:sign_in_to_session", uuid=session.uuid)


def _told(session: Session, attendance: Attendance, is_new: bool) -> dict[str, Any]:
    return {"session": session, "attendance": attendance, "is_new": is_new}


def _receipt(request: HttpRequest, session: Session, attendance: Attendance) -> HttpResponse:
    # A code in the address belongs to somebody who signed in before and opens it again.
    is_new = not _code_in(request)
    return render(request, "courses/sign_in.html", {"receipt": True, **_told(session, attendance, is_new)})


def _refused(request: HttpRequest, session: Session, refusal: Refusal) -> HttpResponse:
    """What was refused and what to do now: the fragment for the script, the page for everybody else.

    Whose session it is not learns nothing more about it.
    """
    is_theirs = not isinstance(refusal, NotEnrolled)
    context = {"session": session if is_theirs else None, "refusal": refusal, "may_try": isinstance(refusal, WrongCode)}
    name = "courses/_refusal.html" if is_for_programs(request) else "courses/sign_in.html"
    return render(request, name, context, status=refusal.status)


def _code_in(request: HttpRequest) -> str:
    """Six digits, or nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    code = digits_in(sent.get("code", ""))
    return code if len(code) == DIGITS else ""


# -- spoken -----------------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def spoken_code(request: HttpRequest) -> HttpResponse:
    """Six digits; which of my sessions they belong to is found by itself."""
    moment, person = now(), person_of(request)
    if request.method != "POST":
        return render(request, "courses/spoken_code.html", _spoken(request, moment))
    try:
        session = session_of_code(person, _code_in(request), at=moment)
        sign_in(session, person, code=_code_in(request), way=ArrivalWay.SPOKEN, seen_at=moment, at=moment)
    except Refusal as refusal:
        context = _spoken(request, moment) | {"refusal": refusal}
        return render(request, "courses/spoken_code.html", context, status=refusal.status)
    return redirect(reverse("courses:sign_in_to_session", args=[session.uuid]))


def _spoken(request: HttpRequest, moment: datetime) -> dict[str, Any]:
    return {"running": open_sessions_of(person_of(request), at=moment)}
