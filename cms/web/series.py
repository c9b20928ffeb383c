"""What appears one after the other, the newest first: lectures and notices as members see them."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.models import BasePage, LectureIndexPage, LecturePage, NoticeIndexPage, NoticePage
from cms.web.gates import readable
from cms.web.standing import read_before, standings_of

A_PAGE = 30


class Series(NamedTuple):
    """The kind of page on a shelf, its fields that say by whom or which issue and of which day, and "none yet"."""

    kind: type[BasePage]
    about: str
    day: str
    nothing: Promise


SERIES: dict[type[BasePage], Series] = {
    LectureIndexPage: Series(LecturePage, "speaker", "held_on", _("No lecture has been published yet.")),
    NoticeIndexPage: Series(NoticePage, "issue", "issued_on", _("No notice is addressed to you yet.")),
}


def series(request: HttpRequest, page: LectureIndexPage | NoticeIndexPage) -> HttpResponse:
    what = SERIES[type(page)]
    pages = readable(request, what.kind.objects.child_of(page)).order_by(f"-{what.day}", "-pk")
    shown = Paginator(pages, A_PAGE).get_page(request.GET.get("page"))
    stand = standings_of(request, list(shown)) if what.kind is NoticePage else {}
    rows = [(found, getattr(found, what.about), getattr(found, what.day), stand.get(found.pk, "")) for found in shown]
    return render(request, "cms/series.html", {"page": page, "rows": rows, "shown": shown, "nothing": what.nothing})


def lecture(request: HttpRequest, page: LecturePage) -> HttpResponse:
    return render(request, "cms/lecture.html", {"page": page})


def notice(request: HttpRequest, page: NoticePage) -> HttpResponse:
    return render(request, "cms/notice.html", {"page": page, **read_before(request, page)})
