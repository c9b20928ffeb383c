"""A book that was read beside the handbook of the same title: what is new, changed, identical, not in the file."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db.models import Q
from wagtail.images import get_image_model

from cms.domain.importing.book import Book, Chapter, Entry
from cms.models import ChapterPage, EntryPage, HandbookPage
from cms.models.desk import on_desk
from members.models import User

FIELDS = ("short_answer", "basis", "document_number", "region", "valid_from", "valid_to", "checked_on")
# The editor names its paragraphs for its comments; and it may close an empty tag in another way.
_EDITORS_OWN = re.compile(r'\sdata-block-key="[^"]*"')


class Standing(StrEnum):
    """How an entry of the file stands to the handbook."""

    NEW = "new"
    CHANGED = "changed"
    IDENTICAL = "identical"


@dataclass(frozen=True)
class PlannedEntry:
    """``page`` is the entry with its latest draft; None for a new one."""

    entry: Entry
    number: int
    standing: Standing
    page: EntryPage | None = None


@dataclass(frozen=True)
class PlannedChapter:
    chapter: Chapter
    page: ChapterPage | None
    entries: list[PlannedEntry] = field(default_factory=list)


@dataclass(frozen=True)
class ImportPlan:
    """What bringing in ``book`` would do. ``handbook`` is None for a title that is not on the shelf yet."""

    book: Book
    handbook: HandbookPage | None
    chapters: list[PlannedChapter]
    # Entries of the handbook that the file does not have. Nothing happens to them.
    not_in_file: list[EntryPage]

    def counts(self) -> dict[str, int]:
        standings = [planned.standing for chapter in self.chapters for planned in chapter.entries]
        return {standing.value: standings.count(standing) for standing in Standing}

    @property
    def is_empty(self) -> bool:
        counts = self.counts()
        return not counts[Standing.NEW] and not counts[Standing.CHANGED]

    def entries_to_write(self) -> list[Entry]:
        """The new and the changed ones."""
        planned = (each for chapter in self.chapters for each in chapter.entries)
        return [each.entry for each in planned if each.standing != Standing.IDENTICAL]

    def digest(self) -> str:
        """Changes with the file and with what it would do: what was shown is what is carried out."""
        rows = [
            [planned.number, planned.standing, planned.page and planned.page.latest_revision_id, planned.entry.title]
            for chapter in self.chapters
            for planned in chapter.entries
        ]
        made_of = [self.handbook and self.handbook.pk, rows, repr(self.book.chapters), self.book.picture_hashes()]
        return sha256(json.dumps(made_of).encode()).hexdigest()


def plan_import(book: Book, *, by: User | None = None) -> ImportPlan:
    """Hold ``book`` against the handbook of the same title that ``by`` may work on (None: whichever there is).

    An entry is known by its title. Changes nothing.
    """
    handbooks = HandbookPage.objects.filter(Q(title=book.title) | Q(draft_title=book.title)).order_by("path")
    handbook = (on_desk(handbooks, by) if by else handbooks).first()
    known = list(_drafts(handbook)) if handbook else []
    numbers = _free_numbers(known)
    left = dict[str, list[EntryPage]]()
    for page in known:
        left.setdefault(page.title, []).append(page)
    hashes = _picture_hashes(known) if book.pictures else {}
    pages = {page.draft_title: page for page in ChapterPage.objects.child_of(handbook)} if handbook else {}
    chapters = [
        PlannedChapter(
            chapter,
            pages.get(chapter.title),
            [_planned(entry, left, numbers, book, hashes) for entry in chapter.entries],
        )
        for chapter in book.chapters
    ]
    return ImportPlan(book, handbook, chapters, [page for pages_left in left.values() for page in pages_left])


def _drafts(handbook: HandbookPage) -> Iterator[EntryPage]:
    for page in EntryPage.objects.of_handbook(handbook).select_related("latest_revision"):
        yield page.latest_revision.as_object() if page.latest_revision else page


def _free_numbers(known: list[EntryPage]) -> Iterator[int]:
    number = max((page.number or 0 for page in known), default=0)
    while True:
        number += 1
        yield number


def _planned(
    entry: Entry, left: dict[str, list[EntryPage]], numbers: Iterator[int], book: Book, hashes: Mapping[int, str]
) -> PlannedEntry:
    pages = left.get(entry.title)
    if not pages:
        return PlannedEntry(entry, next(numbers), Standing.NEW)
    page = pages.pop(0)
    same = _facts(entry) == _facts(page) and _of_file(entry, book) == _of_page(page, hashes)
    return PlannedEntry(entry, page.number or 0, Standing.IDENTICAL if same else Standing.CHANGED, page)


def _facts(thing: Any) -> list[Any]:
    return [getattr(thing, name) for name in FIELDS]


def _of_file(entry: Entry, book: Book) -> list[Any]:
    """The body as it is compared: pictures by their content."""
    return [_bare(block["type"], block["value"], book.picture_hashes()) for block in entry.body]


def _of_page(page: EntryPage, hashes: Mapping[int, str]) -> list[Any]:
    return [_bare(block["type"], block["value"], hashes) for block in page.body.get_prep_value()]


def _bare(kind: str, value: Any, hashes: Mapping[Any, str]) -> tuple[str, Any]:
    if kind == "text":
        return kind, _EDITORS_OWN.sub("", value).replace("<br/>", "<br>").replace("&quot;", '"').replace("&#x27;", "'")
    if kind == "image":
        return kind, (hashes.get(value["image"]), value["description"])
    if kind == "table":
        cells = [row["values"] for row in value["rows"]]
        return kind, ([column["heading"] for column in value["columns"]], cells)
    return kind, value


def _picture_hashes(pages: list[EntryPage]) -> dict[int, str]:
    blocks = (block for page in pages for block in page.body.get_prep_value() if block["type"] == "image")
    images = get_image_model().objects.filter(pk__in={block["value"]["image"] for block in blocks})
    return {image.pk: image.get_file_hash() for image in images}
