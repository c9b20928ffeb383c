"""Reading an entry: what is new to a person, what changed since, and saying that it was read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from cms.models import EntryPage, ReadingRecord
from members.models import User


class Standing(StrEnum):
    """How an entry stands with a person."""

    NEW = "new"
    CHANGED = "changed"
    READ = "read"


def mark_read(entry: EntryPage, *, by: User, at: datetime) -> None:
    """Note that ``by`` has read the entry as it is published now. Safe to repeat; it counts nothing anywhere."""
    ReadingRecord.objects.update_or_create(
        person=by, entry=entry, defaults={"revision_id": entry.live_revision_id, "read_at": at}
    )


def standings(entries: Iterable[EntryPage], *, of: User) -> Mapping[int, Standing]:
    """By the number of the entry's row, for any number of entries in one query."""
    pages = list(entries)
    records = ReadingRecord.objects.of(of).filter(entry__in=pages)
    read = dict(records.values_list("entry_id", "revision_id"))
    return {page.pk: _standing(page, read) for page in pages}


def _standing(page: EntryPage, read: Mapping[int, int | None]) -> Standing:
    if page.pk not in read:
        return Standing.NEW
    return Standing.READ if read[page.pk] == page.live_revision_id else Standing.CHANGED


def text_when_read(entry: EntryPage, *, by: User) -> str | None:
    """The words of the version that ``by`` read; None when it was never read or that version is gone."""
    record = ReadingRecord.objects.of(by).filter(entry=entry).select_related("revision").first()
    if record is None or record.revision is None:
        return None
    seen: EntryPage = record.revision.as_object()
    return seen.searched_text()
