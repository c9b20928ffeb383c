"""The pictures of questions."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from question_bank.models import Figure


@login_required
@require_safe
def figure(request: HttpRequest, digest: str) -> HttpResponse:
    """A figure by what is in it. Whoever knows the address was shown the question; the bytes never change."""
    found = get_object_or_404(Figure, digest=digest)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(bytes(found.content), content_type=found.content_type, headers=headers)
