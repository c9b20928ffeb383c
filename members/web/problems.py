"""Refusals that come before any view: a page for people, a problem document (RFC 9457) for programs."""

from django.http import HttpRequest, JsonResponse


def is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("x-requested-with") == "XMLHttpRequest"


def problem(status: int, code: str, detail: str) -> JsonResponse:
    body = {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
