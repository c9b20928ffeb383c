"""Middleware that is about wiring, not about any one app."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from config.errors import service_unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]


class ChosenLanguageMiddleware:
    """Chinese unless this person chose otherwise.

    Django's own middleware also follows the browser's Accept-Language; a phone bought abroad
    would then show a county office's page in another language than the office wrote it in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class DatabaseOutageMiddleware:
    """An unreachable database is said as 503 with a hint when to try again, not as a crash."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return service_unavailable(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return service_unavailable(request)
        return None


# What the largest number of a row can be; SQLite's driver refuses even to ask for another one.
LARGEST_KEY = 2**63 - 1


class NoSuchNumberMiddleware:
    """An address with a number that no row can have leads nowhere, like one that no row has."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if any(isinstance(value, int) and value > LARGEST_KEY for value in kwargs.values()):
            raise Http404


FOR_PROGRAMS = "default-src 'none'; frame-ancestors 'none'"


class PagePolicyMiddleware:
    """The strict policy on our pages; what Wagtail's editor needs beyond it on the staff pages only.

    An answer for programs may load nothing at all, which is also said shorter: fifty saves carry it.

    django-csp puts the policies together; its own middleware would do so anew for every response.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.strict = build_policy()
        self.for_staff = build_policy(
            update={
                "script-src": ["'self'", "'unsafe-inline'"],
                "style-src": ["'self'", "'unsafe-inline'"],
                "img-src": ["blob:"],
            }
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own pages about a mistake carry their styles in themselves.
        if not (settings.DEBUG and response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR}):
            response.headers.setdefault(HEADER, self._policy(request, response))
        return response

    def _policy(self, request: HttpRequest, response: HttpResponse) -> str:
        if response.headers.get("Content-Type", "").endswith("json"):
            return FOR_PROGRAMS
        return self.for_staff if request.path.startswith("/admin/") else self.strict
