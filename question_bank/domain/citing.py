"""The entries that questions cite: by what name files call them, and what somebody sees of them."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from cms.models import EntryPage, HandbookPage
from cms.models.audience import OWNER_PATH
from cms.models.desk import is_closed, on_desk
from common.chinese import fold
from members.models import User
from question_bank.models import Question

_NAME = re.compile(r"\s*《(?P<book>.+)》\s*第?\s*(?P<number>\d{1,9})\s*条?\s*")


def number_in(name: str) -> int | None:
    """The number of the entry of that name; nothing for what is no name of an entry."""
    found = _NAME.fullmatch(name)
    return int(found["number"]) if found else None


class CitedEntries:
    """Entries by the name that files give them, 《title of the handbook》第 number 条, as far as ``person`` sees them.

    A name that would mean two entries means none. Two queries, when the first entry is asked for.
    """

    def __init__(self, person: User) -> None:
        self._person = person

    def find(self, name: str) -> int | None:
        """The key of the entry of that name, if there is one."""
        found = _NAME.fullmatch(name)
        return self._by_name.get((fold(found["book"]), int(found["number"]))) if found else None

    def name_of(self, entry: int | None) -> str:
        """The name of an entry by its key; empty for none, and for one that no name tells from all others."""
        return self._names.get(entry, "") if entry else ""

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        twice = set()
        for pk, book, number in self._entries:
            name = fold(book), number
            if name in found:
                twice.add(name)
            found[name] = pk
        return {name: pk for name, pk in found.items() if name not in twice}

    @cached_property
    def _names(self) -> Mapping[int, str]:
        named = set(self._by_name.values())
        return {pk: f"《{book}》第{number}条" for pk, book, number in self._entries if pk in named}

    @cached_property
    def _entries(self) -> list[tuple[int, str, int]]:
        books = dict(HandbookPage.objects.values_list("path", "title"))
        entries = on_desk(EntryPage.objects.exclude(number=None), self._person).order_by()
        return [
            (pk, books[path[:OWNER_PATH]], number)
            for pk, path, number in entries.values_list("pk", "path", "number")
            if path[:OWNER_PATH] in books
        ]


def hide_closed_entries(questions: Iterable[Question], *, of: User) -> None:
    """Take from each question, for showing only, an entry that does not lie on this person's desk.

    The questions are the county's; what is addressed to one township stays there. One query for a person in hand.
    """
    for question in questions:
        if question.entry is not None and is_closed(question.entry, of):
            question.entry = None
