"""Bringing a book that was read into the database."""

from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.domain.importing.book import Book, Entry
from cms.domain.shelves import ensure_shelves
from cms.models import BasePage, ChapterPage, EntryPage, HandbookPage
from common.refusals import Refusal
from members.models import User


class BookRefused(Refusal):
    """A file with something in it that was not understood, or nothing at all."""

    code = "book_refused"


@transaction.atomic
def shelve(book: Book, *, by: User | None, at: datetime, publish: bool = False) -> HandbookPage:
    """A new handbook with its chapters and entries: all or nothing. Drafts, unless ``publish``.

    Raises BookRefused when the book has problems or no entries.
    """
    if book.problems or not book.entry_count:
        raise BookRefused(_("The file was not understood completely, so nothing was brought in."))
    shelf = ensure_shelves().handbooks
    handbook = HandbookPage(title=book.title, introduction=book.introduction, slug=_free_slug(shelf))
    _fill(shelf, handbook, book, by=by, publish=publish)
    log(handbook, "cms.import_handbook", user=by, timestamp=at, data={"entries": book.entry_count})
    return handbook


def _fill(shelf: BasePage, handbook: HandbookPage, book: Book, *, by: User | None, publish: bool) -> None:
    add_page(shelf, handbook, by=by, publish=publish)
    number = 0
    for place, chapter in enumerate(book.chapters, start=1):
        page = ChapterPage(title=chapter.title, introduction=chapter.introduction, slug=f"chapter-{place}")
        add_page(handbook, page, by=by, publish=publish)
        for entry in chapter.entries:
            number += 1
            add_page(page, _entry_page(entry, number), by=by, publish=publish)


def _free_slug(shelf: BasePage) -> str:
    taken = set(shelf.get_children().values_list("slug", flat=True))
    return next(slug for slug in (f"handbook-{n}" for n in count(1)) if slug not in taken)


def add_page(parent: BasePage, page: BasePage, *, by: User | None, publish: bool) -> None:
    """Below ``parent`` as the last one, as a draft with its first version or published."""
    page.live = False
    # A text from a file refers to nothing that is stored here, so there is nothing for that index.
    with disable_reference_index_auto_update():
        parent.add_child(instance=page)
        revision = page.save_revision(user=by)
        if publish:
            revision.publish(user=by)


def _entry_page(entry: Entry, number: int) -> EntryPage:
    fields: dict[str, Any] = {
        name: getattr(entry, name)
        for name in ("title", "short_answer", "basis", "document_number", "region", "valid_from", "valid_to")
    }
    page = EntryPage(number=number, slug=f"{number}", checked_on=entry.checked_on, **fields)
    page.body = page.body.stream_block.to_python([{**block} for block in entry.body])
    return page
