"""Reading an entry or a notice: what is new to a person, what changed since, and saying that it was read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from cms.models import EntryPage, NoticePage, ReadingRecord
from cms.models.audience import OWNER_PATH
from members.models import User

# What is noted as read; a lecture is heard or not, and a chapter is its entries.
Readable = EntryPage | NoticePage


class Standing(StrEnum):
    """How a page stands with a person."""

    NEW = "new"
    CHANGED = "changed"
    READ = "read"


def mark_read(page: Readable, *, by: User, at: datetime) -> None:
    """Note that ``by`` has read the page as it is published now. Safe to repeat; it counts nothing anywhere."""
    ReadingRecord.objects.update_or_create(
        person=by, page=page, defaults={"revision_id": page.live_revision_id, "read_at": at}
    )


def standings(pages: Iterable[Readable], *, of: User) -> Mapping[int, Standing]:
    """By the number of the page's row, for any number of pages in one query."""
    pages = list(pages)
    records = ReadingRecord.objects.of(of).filter(page__in=[page.pk for page in pages])
    read = dict(records.values_list("page_id", "revision_id"))
    return {page.pk: _standing(page, read) for page in pages}


def _standing(page: Readable, read: Mapping[int, int | None]) -> Standing:
    if page.pk not in read:
        return Standing.NEW
    return Standing.READ if read[page.pk] == page.live_revision_id else Standing.CHANGED


def counts_of_books(entries: QuerySet[EntryPage], *, of: User | None) -> dict[str, tuple[int, int, int]]:
    """By the path of the book: how many of ``entries`` it has, how many are new to ``of``, how many have changed.

    Counted by the database: a library may have ten thousand. To nobody in particular nothing is new.
    """
    records = ReadingRecord.objects.filter(page=OuterRef("pk"), person=of)
    now = records.filter(revision=OuterRef("live_revision"))
    books = entries.order_by().annotate(book=Substr("path", 1, OWNER_PATH), is_read=Exists(records), is_now=Exists(now))
    rows = books.values("book").annotate(
        entries=Count("pk"), read=Count("pk", filter=Q(is_read=True)), current=Count("pk", filter=Q(is_now=True))
    )
    counts = rows.values_list("book", "entries", "read", "current")
    return {book: (n, n - read if of else 0, read - current) for book, n, read, current in counts}


def text_when_read(page: Readable, *, by: User) -> str | None:
    """The words of the version that ``by`` read; None when it was never read or that version is gone."""
    record = ReadingRecord.objects.of(by).filter(page=page.pk).select_related("revision").first()
    if record is None or record.revision is None:
        return None
    seen: Readable = record.revision.as_object()
    return seen.searched_text()
