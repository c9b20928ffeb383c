"""Figures of the library: finding and showing pages with the demonstration's entries, and with ten thousand."""

import time
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.backends import get_search_backend

from cms.domain.demo_knowledge import load_demo_knowledge
from cms.domain.searching import Filters, search_pages
from cms.domain.shelves import ensure_shelves
from cms.models import BasePage, ChapterPage, EntryPage, HandbookPage
from common.clock import now
from members.models import Division, User
from tests.benchmarks.client import Browser, session_cookie
from tests.benchmarks.server import serving

Figure = tuple[str, float, str]

CASES = Path(__file__).resolve().parent.parent / "cms" / "search_cases.toml"
MANY = 10_000
A_CHAPTER = 20
LOOKS = 30
AT_ONCE = 1000


def figures(reader: User) -> Iterator[Figure]:
    """The same questions and pages twice; in between the library grows."""
    # Notices are addressed to townships by name.
    for number, name in enumerate(("柳河镇", "青石镇"), start=201):
        Division.objects.get_or_create(code=f"530998{number}000", defaults={"name": name})
    load_demo_knowledge(at=now())
    yield from _measure(reader)
    _grow(MANY - EntryPage.objects.count())
    yield from _measure(reader)


def _measure(reader: User) -> Iterator[Figure]:
    count = EntryPage.objects.count()
    yield f"index time of {count} entries", _index(), "CPU s"
    cases: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    before, among_three = time.process_time(), 0
    for case in cases:
        filters = Filters(kind=case.get("kind", ""), with_expired=case.get("expired", False))
        hits = search_pages(case["query"], of=reader, on=date(2026, 11, 1), filters=filters)
        among_three += case["find"] in [hit.page.title for hit in hits[:3]]
    yield f"{count} entries: mean query", 1000 * (time.process_time() - before) / len(cases), "CPU ms"
    yield f"{count} entries: recall@3", 100 * among_three / len(cases), "%"
    yield from _pages(reader, count)


def _index() -> float:
    before = time.process_time()
    backend = get_search_backend()
    for model in (BasePage, HandbookPage, ChapterPage, EntryPage):
        pages = list(model.objects.all())
        # As Wagtail's own command does: PostgreSQL takes no more than 65,535 values in one statement.
        for first in range(0, len(pages), AT_ONCE):
            backend.add_bulk(model, pages[first : first + AT_ONCE])
    return time.process_time() - before


def _pages(reader: User, count: int) -> Iterator[Figure]:
    """CPU of server and database for one look, signed in."""
    chapter = ChapterPage.objects.live().order_by("path").first()
    assert chapter
    addresses = {"home": "/", "chapter": chapter.url, "search": "/search/?q=%E8%84%B1%E8%B4%AB"}
    with serving() as server:
        browser = Browser(server, session_cookie(reader))
        for name, address in addresses.items():
            moments = []
            for _look in range(LOOKS):
                browser.page(address)
                moments.append(server.cpu_seconds())
            # The first look of a worker loads templates.
            costs = [late - early for early, late in pairwise(moments)][LOOKS // 3 :]
            yield f"{count} entries: {name} page", 1000 * mean(costs), "CPU ms"


def _grow(count: int) -> None:
    """One more handbook of ``count`` entries, in two statements a thousand: page by page it would take minutes.

    Its texts are the demonstration's words in another order, so that they are like what is searched and not it.
    """
    chance = Random(1)
    texts = EntryPage.objects.values_list("plain_text", flat=True)
    words = [text[place : place + 2] for text in texts for place in range(0, 80, 2)]
    shelf = ensure_shelves().handbooks
    book = HandbookPage(title="万条手册", slug="many")
    shelf.add_child(instance=book)
    chapters = [ChapterPage(title=f"第{n}章", slug=f"c{n}") for n in range(-(-count // A_CHAPTER))]
    for chapter in chapters:
        book.add_child(instance=chapter)
    kind = ContentType.objects.get_for_model(EntryPage)
    pages = [_page(n, chapters[n // A_CHAPTER], kind, words, chance) for n in range(count)]
    BasePage.objects.bulk_create(pages, batch_size=400)
    rows = [(page.pk, n, page.title, "[]", "某办法第一条", "", "全国") for n, page in enumerate(pages)]
    columns = "basepage_ptr_id, number, short_answer, body, basis, document_number, region"
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO cms_entrypage ({columns}) VALUES ({', '.join(['%s'] * 7)})", rows)
    BasePage.objects.filter(pk__in=[chapter.pk for chapter in chapters]).update(numchild=A_CHAPTER)


def _page(number: int, chapter: ChapterPage, kind: ContentType, words: list[str], chance: Random) -> BasePage:
    place = number % A_CHAPTER + 1
    title = "".join(chance.choices(words, k=6)) + str(number)
    return BasePage(
        title=title,
        draft_title=title,
        slug=f"e{number}",
        path=BasePage._get_path(chapter.path, chapter.depth + 1, place),
        depth=chapter.depth + 1,
        numchild=0,
        url_path=f"{chapter.url_path}e{number}/",
        content_type=kind,
        locale=chapter.locale,
        live=True,
        plain_text="，".join("".join(chance.choices(words, k=5)) for _sentence in range(12)),
    )
