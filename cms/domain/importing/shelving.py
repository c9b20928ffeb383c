"""Bringing a book that was read into the database."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.domain.importing.book import Book, Entry
from cms.domain.importing.comparing import FIELDS, ImportPlan, PlannedChapter, PlannedEntry, Standing, plan_import
from cms.domain.importing.pictures import stored_pictures
from cms.domain.shelves import ensure_shelves
from cms.models import BasePage, ChapterPage, EntryPage, HandbookPage
from common.refusals import Refusal
from members.models import User


class BookRefused(Refusal):
    """A file with something in it that was not understood, or nothing at all."""

    code = "book_refused"


class PlanHasChanged(Refusal):
    """The handbook was edited between the dry run and now."""

    code = "plan_has_changed"


class EntryLocked(Refusal):
    """Somebody holds an entry that would be changed."""

    code = "entry_locked"


@transaction.atomic
def shelve(book: Book, *, by: User | None, at: datetime, publish: bool = False) -> HandbookPage:
    """A new handbook with its chapters and entries: all or nothing. Drafts, unless ``publish``.

    Raises BookRefused when something in the book is to be mended or it has no entries.
    """
    _check(book)
    shelf = ensure_shelves().handbooks
    handbook = HandbookPage(title=book.title, introduction=book.introduction, slug=_free_slug(shelf))
    with stored_pictures(book, [entry for chapter in book.chapters for entry in chapter.entries], by=by):
        _fill(shelf, handbook, book, by=by, publish=publish)
    log(handbook, "cms.import_handbook", user=by, timestamp=at, data={"entries": book.entry_count})
    return handbook


@transaction.atomic
def carry_out_import(book: Book, *, shown: str, by: User, at: datetime) -> HandbookPage:
    """What the plan with the digest ``shown`` says: a new handbook, or drafts of new and changed entries.

    All or nothing, and nothing is published or deleted. Raises PlanHasChanged, BookRefused and EntryLocked.
    """
    plan = plan_import(book, by=by)
    if plan.digest() != shown:
        raise PlanHasChanged(_("The handbook has changed since this was shown. Look at it again."))
    if plan.handbook is None:
        return shelve(book, by=by, at=at)
    _check(book)
    with stored_pictures(book, plan.entries_to_write(), by=by):
        _renew(plan, plan.handbook, by=by)
    log(plan.handbook, "cms.renew_handbook", user=by, timestamp=at, data=plan.counts())
    return plan.handbook


def _check(book: Book) -> None:
    if book.to_mend or not book.entry_count:
        raise BookRefused(_("The file was not understood completely, so nothing was brought in."))


def _fill(shelf: BasePage, handbook: HandbookPage, book: Book, *, by: User | None, publish: bool) -> None:
    add_page(shelf, handbook, by=by, publish=publish)
    number = 0
    for place, chapter in enumerate(book.chapters, start=1):
        page = ChapterPage(title=chapter.title, introduction=chapter.introduction, slug=f"chapter-{place}")
        add_page(handbook, page, by=by, publish=publish)
        for entry in chapter.entries:
            number += 1
            add_page(page, _entry_page(entry, number), by=by, publish=publish)


def _renew(plan: ImportPlan, handbook: HandbookPage, *, by: User) -> None:
    for planned in plan.chapters:
        chapter = planned.page or _new_chapter(handbook, planned, by=by)
        for each in planned.entries:
            if each.standing == Standing.NEW:
                slug = next(_free_slugs(chapter, f"{each.number}"))
                add_page(chapter, _entry_page(each.entry, each.number, slug=slug), by=by, publish=False)
            elif each.standing == Standing.CHANGED and each.page:
                _rewrite(each, each.page, by=by)


def _new_chapter(handbook: HandbookPage, planned: PlannedChapter, *, by: User) -> ChapterPage:
    slug = next(_free_slugs(handbook, f"chapter-{handbook.numchild + 1}"))
    page = ChapterPage(title=planned.chapter.title, introduction=planned.chapter.introduction, slug=slug)
    add_page(handbook, page, by=by, publish=False)
    handbook.refresh_from_db()
    return page


def _rewrite(planned: PlannedEntry, page: EntryPage, *, by: User) -> None:
    """The next draft of an entry; what members read stays until it is published."""
    if not page.permissions_for_user(by).can_edit() or (page.get_lock() and page.get_lock().for_user(by)):
        raise EntryLocked(_("“%(entry)s” is locked, so nothing was brought in.") % {"entry": page.title})
    for name in FIELDS:
        setattr(page, name, getattr(planned.entry, name))
    page.body = _body(page, planned.entry)
    page.save_revision(user=by)


def _free_slug(shelf: BasePage) -> str:
    taken = set(shelf.get_children().values_list("slug", flat=True))
    return next(slug for slug in (f"handbook-{n}" for n in count(1)) if slug not in taken)


def _free_slugs(parent: BasePage, wish: str) -> Iterator[str]:
    taken = set(parent.get_children().values_list("slug", flat=True))
    return (slug for slug in (wish, *(f"{wish}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def add_page(parent: BasePage, page: BasePage, *, by: User | None, publish: bool) -> None:
    """Below ``parent`` as the last one, as a draft with its first version or published."""
    page.live = False
    # Without pictures a text from a file refers to nothing that is stored here: there is nothing for that index.
    with nullcontext() if _has_pictures(page) else disable_reference_index_auto_update():
        parent.add_child(instance=page)
        # Publishing looks at every field by itself.
        revision = page.save_revision(user=by, clean=not publish)
        if publish:
            revision.publish(user=by)


def _has_pictures(page: BasePage) -> bool:
    body = getattr(page, "body", None)
    return bool(body and body.blocks_by_name("image"))


def _entry_page(entry: Entry, number: int, *, slug: str = "") -> EntryPage:
    fields: dict[str, Any] = {name: getattr(entry, name) for name in ("title", *FIELDS)}
    page = EntryPage(number=number, slug=slug or f"{number}", **fields)
    page.body = _body(page, entry)
    return page


def _body(page: EntryPage, entry: Entry) -> Any:
    return page.body.stream_block.to_python([{**block} for block in entry.body])
