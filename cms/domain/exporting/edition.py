"""A handbook as one reader may print it: read once, then printed in whatever form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import get_language

from cms.models import ChapterPage, EntryPage, HandbookPage, readable_pages
from members.models import Division, User

# Part of the digest: another way of printing gives other files.
_PRINTING_VERSION = "1"


@dataclass(frozen=True)
class PrintedEntry:
    page: EntryPage
    is_expired: bool

    @property
    def label(self) -> str:
        """Number and title."""
        return f"{self.page.number}. {self.page.title}" if self.page.number else self.page.title


@dataclass(frozen=True)
class PrintedChapter:
    page: ChapterPage
    entries: list[PrintedEntry]


@dataclass(frozen=True)
class Edition:
    """``base`` is the address of the site with a slash at its end; ``office`` the county that issues the book."""

    handbook: HandbookPage
    chapters: list[PrintedChapter]
    office: str
    base: str
    language: str

    @property
    def entries(self) -> list[PrintedEntry]:
        return [entry for chapter in self.chapters for entry in chapter.entries]

    @property
    def address(self) -> str:
        """Where the handbook is read on the site."""
        return self.base.rstrip("/") + str(self.handbook.url)

    @property
    def as_of(self) -> date | None:
        """The day of the last change that was published."""
        pages = [self.handbook, *(chapter.page for chapter in self.chapters), *(entry.page for entry in self.entries)]
        moments: list[datetime] = [page.last_published_at for page in pages if page.last_published_at]
        return localdate(max(moments)) if moments else None

    def bases(self) -> Mapping[str, list[PrintedEntry]]:
        """Every basis with the entries that rest on it, in the order in which they first appear."""
        found: dict[str, list[PrintedEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.page.basis.strip(), []).append(entry)
        return found

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all that is printed: the same content, the same file."""
        made_of = [
            [self.handbook.title, self.handbook.introduction, self.office, self.address, self.language],
            _PRINTING_VERSION,
            [[_facts(chapter.page), [_facts_of_entry(each) for each in chapter.entries]] for chapter in self.chapters],
        ]
        return sha256(json.dumps(made_of, default=str, ensure_ascii=False).encode()).hexdigest()


def _facts(page: ChapterPage) -> list[Any]:
    return [page.pk, page.title, page.introduction]


def _facts_of_entry(entry: PrintedEntry) -> list[Any]:
    page = entry.page
    names = ("pk", "number", "title", "short_answer", "basis", "document_number", "region", "valid_from", "valid_to")
    # A picture or a document that is exchanged for another one gets another number; the time tells of the rest.
    published = page.last_published_at
    return [*(getattr(page, name) for name in names), page.body.get_prep_value(), entry.is_expired, published]


def edition_of(handbook: HandbookPage, *, reader: User | None, on: date, base: str) -> Edition:
    """What ``reader`` may read of the handbook on that day, in three queries."""
    chapters = list(_readable(ChapterPage.objects.descendant_of(handbook), reader, on))
    entries = list(_readable(EntryPage.objects.descendant_of(handbook), reader, on))
    printed = [PrintedEntry(entry, entry.is_expired(on=on)) for entry in entries]
    of_chapter = {
        path: list(rows) for path, rows in groupby(printed, key=lambda row: row.page.path[: -row.page.steplen])
    }
    return Edition(
        handbook=handbook,
        chapters=[PrintedChapter(chapter, of_chapter.get(chapter.path, [])) for chapter in chapters],
        office=_office(),
        base=base,
        language=get_language() or "zh-hans",
    )


def _readable(pages: QuerySet[Any], reader: User | None, on: date) -> QuerySet[Any]:
    return readable_pages(pages, reader, on=on).order_by("path")


def _office() -> str:
    county = Division.objects.filter(code__endswith="000000").order_by("code").first()
    return county.name if county else ""
