"""The search page."""

from collections.abc import Iterable
from operator import attrgetter

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.domain.searching import KINDS, Filters, Found, Hit, search_pages
from cms.models import EntryPage, HandbookPage
from cms.web.gates import readable, reader
from common.chinese import strip_controls
from common.clock import now

A_PAGE = 20
LONGEST_QUERY = 80


@never_cache
@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = strip_controls(request.GET.get("q", "")).strip()[:LONGEST_QUERY]
    # Named by their type, which is indexed, and put in order here: else the database goes through every page there is.
    handbooks = sorted(readable(request, HandbookPage.objects.exact_type(HandbookPage)), key=attrgetter("path"))
    filters = _filters(request, handbooks)
    hits = search_pages(query, of=reader(request), on=localdate(now()), filters=filters) if query else Found()
    shown = Paginator(hits, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "hits": shown,
        "expired": _expired(shown) if filters.with_expired else (),
        "handbooks": handbooks,
        "kinds": [(name, label) for name, (_model, label) in KINDS.items()],
        "filters": filters,
    }
    return render(request, "cms/search.html", context)


def _expired(hits: Iterable[Hit]) -> set[int]:
    """Keys of the pages among them that hold no longer."""
    entries = EntryPage.objects.filter(pk__in=[hit.page.pk for hit in hits])
    return set(entries.expired(on=localdate(now())).values_list("pk", flat=True))


def _filters(request: HttpRequest, handbooks: list[HandbookPage]) -> Filters:
    """What was chosen, as far as it means something; the rest is as if it had not been said."""
    kind, handbook = request.GET.get("kind", ""), request.GET.get("handbook", "")
    chosen = next((book for book in handbooks if str(book.pk) == handbook), None)
    return Filters(kind=kind if kind in KINDS else "", handbook=chosen, with_expired=request.GET.get("expired") == "1")
