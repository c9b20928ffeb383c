"""Handbooks to take away: as a PDF and as one page for reading without a network."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cms.domain.exporting import Edition, edition_of, printed_handbook, single_page
from cms.models import HandbookPage
from cms.web.gates import readable, reader
from common.clock import now

View = Callable[[HttpRequest, int], HttpResponseBase]


def _of_readable_edition(view: Callable[[HttpRequest, Edition], HttpResponseBase]) -> View:
    """Asks who may read before anything is made or taken from the disk, and whether the reader has it already."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
        try:
            handbook = get_object_or_404(readable(request, HandbookPage.objects.all()), pk=pk)
        except Http404:
            if reader(request) is None:
                return redirect_to_login(request.get_full_path(), reverse("sign_in"))
            raise
        base = request.build_absolute_uri("/")
        edition = edition_of(handbook, reader=reader(request), on=localdate(now()), base=base)
        tag = f'"{edition.digest}"'
        response = get_conditional_response(request, etag=tag) or view(request, edition)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    return answer


@_of_readable_edition
def pdf(request: HttpRequest, edition: Edition) -> HttpResponseBase:
    file = printed_handbook(edition).open("rb")
    return FileResponse(file, filename=f"{edition.handbook.title}.pdf", content_type="application/pdf")


@_of_readable_edition
def page(request: HttpRequest, edition: Edition) -> HttpResponseBase:
    response = HttpResponse(single_page(edition), content_type="text/html; charset=utf-8")
    # Never shown at our address, where its styles would need an exception from our policy.
    name = f"{edition.handbook.title}.html"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
