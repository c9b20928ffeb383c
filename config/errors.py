"""How refusals look: problem details (RFC 9457) for the API, a plain page for people."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.refusals import Refusal

RETRY_AFTER_SECONDS = 5


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """The members of a problem document; ``code`` is stable, ``detail`` is for people."""
    return {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        **members,
    }


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal of the API as ``application/problem+json``."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, Refusal):
        set_rollback()
        return Response(
            problem(error.status, error.code, str(error), **error.members),
            status=error.status,
            content_type="application/problem+json",
        )
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    members: dict[str, Any] = {}
    code, detail = "invalid", _("The request could not be understood.")
    if isinstance(error, exceptions.ValidationError):
        members["errors"] = error.detail
    else:
        code, detail = str(error.get_codes()), str(error.detail)
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(
        problem(error.status_code, code, detail, **members),
        status=error.status_code,
        headers=headers,
        content_type="application/problem+json",
    )


def _refuse(request: HttpRequest, status: int, code: str, heading: str, detail: str) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(problem(status, code, detail), status=status, content_type="application/problem+json")
    return render(request, "error.html", {"heading": heading, "detail": detail}, status=status)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """503 without touching the database: not even the session may be read here."""
    heading, detail = (
        _("The server cannot reach its data"),
        _("Your answers stay on this device. Please try again in a few seconds."),
    )
    if _is_api(request):
        response: HttpResponse = JsonResponse(
            problem(503, "database_unavailable", detail), status=503, content_type="application/problem+json"
        )
    else:
        # No request in the context: the context processors would ask for the user.
        response = render(None, "outage.html", {"heading": heading, "detail": detail}, status=503)  # type: ignore[arg-type]
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refuse(
        request, 400, "bad_request", _("This request could not be understood"), _("Please go back and try again.")
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refuse(
        request, 403, "permission_denied", _("You may not open this page"), _("If you need it, ask the county office.")
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refuse(
        request,
        404,
        "not_found",
        _("This page does not exist"),
        _("The address may be mistyped, or the page is not for you."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _refuse(
        request, 403, "csrf_failed", _("This form is too old"), _("Please go back, reload the page and send it again.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    # Noticed outside any view: while a session was read or written, say.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return service_unavailable(request)
    if _is_api(request):
        return _refuse(request, 500, "server_error", "", _("Something went wrong on the server."))
    return render(
        None,
        "outage.html",
        {
            "heading": _("Something went wrong on the server"),
            "detail": _("It has been noted. Please try again in a moment."),
        },
        status=500,
    )  # type: ignore[arg-type]
