"""What a credential points at, for machines: its issuer, what was achieved, the keys, what was revoked."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.domain.badges import documents
from courses.domain.badges.images import badge_image
from courses.domain.badges.keys import known_keys
from courses.models import Course
from members.models import Division

_HOUR = 3600
# What was revoked shall be known soon.
_MINUTE = 60


def _document(content: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False}, content_type=content_type)
    # Public, and made to be read by pages of other sites.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _linked(content: dict[str, Any]) -> HttpResponse:
    """A part of a credential by itself says what its words mean."""
    return _document({"@context": list(documents.CONTEXTS), **content}, "application/ld+json")


def _office_for(code: str) -> Division:
    """A division that has a course with certificates; of others nothing is told."""
    courses = Course.objects.filter(gives_certificate=True)
    return get_object_or_404(Division, code=code, pk__in=courses.values("division"))


@cache_control(public=True, max_age=_HOUR)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return _document(documents.key_set(), "application/jwk-set+json")


@cache_control(public=True, max_age=_HOUR)
@require_safe
def key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    found = next((key for key in known_keys() if key.thumbprint == thumbprint), None)
    if found is None:
        raise Http404
    return _document(documents.as_json_web_key(found, documents.key_address(found)), "application/jwk+json")


@cache_control(public=True, max_age=_HOUR)
@require_safe
def issuer(request: HttpRequest, code: str) -> HttpResponse:
    return _linked(documents.issuer_profile(_office_for(code)))


@cache_control(public=True, max_age=_MINUTE)
@require_safe
def revocations(request: HttpRequest, code: str) -> HttpResponse:
    return _document(documents.revocation_list(_office_for(code)))


@cache_control(public=True, max_age=_HOUR)
@require_safe
def achievement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Only of courses that somebody holds a certificate of."""
    courses = Course.objects.select_related("division").filter(enrolments__certificates__isnull=False).distinct()
    return _linked(documents.achievement(get_object_or_404(courses, uuid=uuid)))


@cache_control(public=True, max_age=_HOUR)
@require_safe
def image(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(badge_image(), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Access-Control-Allow-Origin"] = "*"
    return response
