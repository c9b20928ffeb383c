"""Handbooks as members read them."""

from operator import attrgetter
from typing import NamedTuple, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from cms.domain.reading import counts_of_books
from cms.models import BasePage, ChapterPage, EntryPage, HandbookIndexPage, HandbookPage
from cms.web.gates import readable, reader
from cms.web.standing import read_before, standings_of
from common.clock import now


def shelf(request: HttpRequest, page: HandbookIndexPage) -> HttpResponse:
    books = sorted(readable(request, HandbookPage.objects.exact_type(HandbookPage)), key=attrgetter("path"))
    entries = readable(request, EntryPage.objects.current(on=localdate(now())))
    counts = counts_of_books(entries, of=reader(request))
    rows = [(book, *counts.get(book.path, (0, 0, 0))) for book in books]
    return render(request, "cms/handbook_index.html", {"page": page, "books": rows})


def handbook(request: HttpRequest, page: HandbookPage) -> HttpResponse:
    chapters = list(ChapterPage.objects.child_of(page).live().order_by("path"))
    return render(request, "cms/handbook.html", {"page": page, "chapters": _with_entries(request, page, chapters)})


def chapter(request: HttpRequest, page: ChapterPage) -> HttpResponse:
    context = {"page": page, "handbook": page.get_parent().specific, "chapters": _with_entries(request, page, [page])}
    return render(request, "cms/chapter.html", context)


class Listed(NamedTuple):
    """An entry in a list, and how it stands with whoever looks."""

    entry: EntryPage
    standing: str


class Listing(NamedTuple):
    """A chapter with what holds now and, apart from it, what has expired."""

    chapter: ChapterPage
    current: list[Listed]
    expired: list[Listed]


def _with_entries(request: HttpRequest, above: BasePage, chapters: list[ChapterPage]) -> list[Listing]:
    today = localdate(now())
    entries = list(EntryPage.objects.descendant_of(above).live().order_by("path"))
    stand = standings_of(request, entries)
    listings = {chapter.path: Listing(chapter, [], []) for chapter in chapters}
    for entry in entries:
        # A chapter that is withdrawn takes its entries along.
        if listing := listings.get(entry.path[: -EntryPage.steplen]):
            rows = listing.expired if entry.is_expired(on=today) else listing.current
            rows.append(Listed(entry, stand.get(entry.pk, "")))
    return list(listings.values())


def entry(request: HttpRequest, page: EntryPage) -> HttpResponse:
    today = localdate(now())
    expired = page.is_expired(on=today)
    # Turning the pages leads from what holds to what holds; whoever looks something up sees its surroundings too.
    others = EntryPage.objects.all() if expired else EntryPage.objects.current(on=today)
    before, after = page.neighbours(readable(request, others))
    chapter = cast(ChapterPage, page.get_parent().specific)
    context = {
        "page": page,
        "chapter": chapter,
        "handbook": chapter.get_parent(),
        **read_before(request, page),
        "expired": expired,
        "before": before,
        "after": after,
    }
    return render(request, "cms/entry.html", context)
