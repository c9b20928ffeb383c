"""Handbooks as members read them."""

from typing import NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cms.domain.changes import changes_since
from cms.domain.reading import Standing, mark_read, standings, text_when_read
from cms.models import BasePage, ChapterPage, EntryPage, HandbookIndexPage, HandbookPage
from cms.web.gates import readable, reader
from common.clock import now
from members.models import User


def shelf(request: HttpRequest, page: HandbookIndexPage) -> HttpResponse:
    books = list(readable(request, HandbookPage.objects.child_of(page).order_by("path")))
    entries = list(readable(request, EntryPage.objects.descendant_of(page).current(on=localdate(now()))))
    stand = _standings(request, entries)
    rows = [(book, *_counted([entry for entry in entries if entry.is_descendant_of(book)], stand)) for book in books]
    return render(request, "cms/handbook_index.html", {"page": page, "books": rows})


def _counted(entries: list[EntryPage], stand: dict[int, str]) -> tuple[int, int, int]:
    """How many there are, how many are new, how many changed."""
    found = [stand.get(entry.pk) for entry in entries]
    return len(found), found.count(Standing.NEW), found.count(Standing.CHANGED)


def _standings(request: HttpRequest, entries: list[EntryPage]) -> dict[int, str]:
    person = reader(request)
    return dict(standings(entries, of=person)) if person else {}


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
    stand = _standings(request, entries)
    listings = {chapter.path: Listing(chapter, [], []) for chapter in chapters}
    for entry in entries:
        # A chapter that is withdrawn takes its entries along.
        if listing := listings.get(entry.path[: -EntryPage.steplen]):
            rows = listing.expired if entry.is_expired(on=today) else listing.current
            rows.append(Listed(entry, stand.get(entry.pk, "")))
    return list(listings.values())


def entry(request: HttpRequest, page: EntryPage) -> HttpResponse:
    person, today = reader(request), localdate(now())
    stand = _standings(request, [page]).get(page.pk, "")
    seen = text_when_read(page, by=person) if person and stand == Standing.CHANGED else None
    before, after = page.neighbours(EntryPage.objects.live())
    chapter = cast(ChapterPage, page.get_parent().specific)
    context = {
        "page": page,
        "chapter": chapter,
        "handbook": chapter.get_parent(),
        "standing": stand,
        "changes": changes_since(seen, page.searched_text()) if seen is not None else [],
        "expired": page.is_expired(on=today),
        "before": before,
        "after": after,
    }
    return render(request, "cms/entry.html", context)


@login_required
@require_POST
def say_read(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """「我读过了」 under an entry; leads back to it."""
    page = get_object_or_404(readable(request, EntryPage.objects.all()), pk=pk)
    mark_read(page, by=cast(User, request.user), at=now())
    return HttpResponseRedirect(page.url)
