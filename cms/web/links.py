"""An entry's own address, which stays when the entry is moved or renamed, and its QR code for paper."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.domain.entry_codes import drawn_code
from cms.models import EntryPage
from cms.web.gates import readable, reader

DAY_SECONDS = 24 * 3600


@require_safe
def entry_link(request: HttpRequest, pk: int) -> HttpResponse:
    """To where the entry stands now."""
    entry = _entry(request, pk)
    response = HttpResponseRedirect(entry.url) if entry else redirect_to_login(request.path, reverse("sign_in"))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def entry_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The stable link as an SVG drawing."""
    if _entry(request, pk) is None:
        return redirect_to_login(request.path, reverse("sign_in"))
    drawn = drawn_code(request.build_absolute_uri(reverse("entry_link", args=[pk])))
    headers = {"Cache-Control": f"private, max-age={DAY_SECONDS}", "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(drawn, content_type="image/svg+xml", headers=headers)


def _entry(request: HttpRequest, pk: int) -> EntryPage | None:
    """The entry, or None for somebody who may find more after signing in; nobody is told what there is."""
    entry: EntryPage | None = readable(request, EntryPage.objects.filter(pk=pk)).first()
    if entry is None and reader(request) is not None:
        raise Http404
    return entry
