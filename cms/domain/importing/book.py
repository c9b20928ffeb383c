"""A handbook that was read from a file and is not in the database yet."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

# What stands in a file before the value, and the field it fills.
LABELS = {
    "短答": "short_answer",
    "依据": "basis",
    "文号": "document_number",
    "有效期": "validity",
    "地区": "region",
    "核对": "checked_on",
}
WARNING = "注意"


@dataclass
class Problem:
    """Something in the file that was not understood: where, what."""

    place: str
    text: str


@dataclass
class Entry:
    """One entry; ``body`` in the raw form of ``BodyBlock``: ``{"type", "value"}``."""

    title: str
    short_answer: str = ""
    body: list[dict[str, Any]] = field(default_factory=list)
    basis: str = ""
    document_number: str = ""
    region: str = "全国"
    valid_from: date | None = None
    valid_to: date | None = None
    checked_on: date | None = None


@dataclass
class Chapter:
    """A chapter with its entries."""

    title: str
    introduction: str = ""
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Book:
    """A whole file. With ``problems`` it may be looked at; it is not brought in."""

    title: str = ""
    introduction: str = ""
    chapters: list[Chapter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def entry_count(self) -> int:
        return sum(len(chapter.entries) for chapter in self.chapters)
