"""Pages that belong to no app: health, language, text size, API reference."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from config.context import TEXT_SIZES

YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; an outage becomes 503 in the middleware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


health.stateless = True  # type: ignore[attr-defined]


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax", httponly=True
        )
    return response


@require_POST
def choose_text_size(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    size = request.POST.get("text-size", "")
    if size in TEXT_SIZES:
        response.set_cookie("text_size", size, max_age=YEAR_SECONDS, samesite="Lax")
    return response


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """A readable reference made from the schema itself: no third-party script is needed for it."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    calls = [
        {"method": method.upper(), "path": address, **operation}
        for address, methods in sorted(schema["paths"].items())
        for method, operation in methods.items()
    ]
    return render(request, "api_docs.html", {"info": schema["info"], "calls": calls})


for _view in (choose_language, choose_text_size, api_docs):
    _view.open_to_all_passwords = True  # type: ignore[attr-defined]
