"""Bringing a book that was read into the database."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

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
    handbook = HandbookPage(title=book.title, introduction=book.introduction)
    _add(ensure_shelves().handbooks, handbook, by=by, publish=publish)
    number = 0
    for chapter in book.chapters:
        page = ChapterPage(title=chapter.title, introduction=chapter.introduction)
        _add(handbook, page, by=by, publish=publish)
        for entry in chapter.entries:
            number += 1
            _add(page, _entry_page(entry, number, at=at), by=by, publish=publish)
    return handbook


def _add(parent: BasePage, page: BasePage, *, by: User | None, publish: bool) -> None:
    page.live = False
    page.slug = f"{type(page).__name__.removesuffix('Page').lower()}-{parent.numchild + 1}"
    if isinstance(page, EntryPage):
        page.slug = f"{page.number}"
    parent.add_child(instance=page)
    revision = page.save_revision(user=by)
    if publish:
        revision.publish(user=by)


def _entry_page(entry: Entry, number: int, *, at: datetime) -> EntryPage:
    fields: dict[str, Any] = {
        name: getattr(entry, name)
        for name in ("title", "short_answer", "basis", "document_number", "region", "valid_from", "valid_to")
    }
    page = EntryPage(number=number, checked_on=entry.checked_on, **fields)
    page.body = page.body.stream_block.to_python([{**block} for block in entry.body])
    return page
