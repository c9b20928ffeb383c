"""From Wagtail's tree to our views: which view shows which kind of page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from cms.models import (
    BasePage,
    ChapterPage,
    EntryPage,
    HandbookIndexPage,
    HandbookPage,
    LectureIndexPage,
    LecturePage,
    NoticeIndexPage,
    NoticePage,
)
from cms.web import handbooks, series
from cms.web.gates import check_readable, reader
from cms.web.offline import HEADER, keeper

VIEWS: dict[type[BasePage], Callable[[HttpRequest, Any], HttpResponse]] = {
    HandbookIndexPage: handbooks.shelf,
    HandbookPage: handbooks.handbook,
    ChapterPage: handbooks.chapter,
    EntryPage: handbooks.entry,
    LectureIndexPage: series.series,
    LecturePage: series.lecture,
    NoticeIndexPage: series.series,
    NoticePage: series.notice,
}


def show_page(page: BasePage, request: HttpRequest, args: Sequence[Any], kwargs: dict[str, Any]) -> HttpResponse:
    """Receiver of Wagtail's ``before_serve_page``: every page is shown by one of our views, or not at all."""
    view = VIEWS.get(type(page))
    if view is None:
        raise Http404
    try:
        check_readable(request, page)
    except Http404:
        if reader(request) is None:
            return redirect_to_login(request.get_full_path(), reverse("sign_in"))
        raise
    # Templates ask for it too: a page that may be kept brings the worker that keeps it.
    request.offline_keeper = keeper(request, page)  # type: ignore[attr-defined]
    response = view(request, page)
    if request.offline_keeper:  # type: ignore[attr-defined]
        response.headers[HEADER] = request.offline_keeper  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "private, no-cache"
    return response
