"""A handbook that was read from a file and is not in the database yet."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha1
from typing import Any

# What stands in a file before the value, and the field it fills.
LABELS = {
    "短答": "short_answer",
    "依据": "basis",
    "文号": "document_number",
    "有效期": "validity",
    "地区": "region",
    "适用范围": "region",
    "核对": "checked_on",
}
WARNING = "注意"


class Lack(StrEnum):
    """What is wrong at a place in the file."""

    NOT_UNDERSTOOD = "not_understood"
    MISSING = "missing"
    # Said, so that nobody misses it later; the book may be brought in without it.
    LEFT_OUT = "left_out"


@dataclass
class Problem:
    """Something in the file that was not understood: where, what."""

    place: str
    text: str
    lack: Lack = Lack.NOT_UNDERSTOOD


@dataclass
class Entry:
    """One entry; ``body`` in the raw form of ``BodyBlock``: ``{"type", "value"}``.

    A picture is named there by its key in ``Book.pictures`` until it is stored.
    """

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
    """A whole file. While something is ``to_mend`` it may be looked at; it is not brought in."""

    title: str = ""
    introduction: str = ""
    chapters: list[Chapter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def entry_count(self) -> int:
        return sum(len(chapter.entries) for chapter in self.chapters)

    @property
    def to_mend(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.lack != Lack.LEFT_OUT]

    @property
    def left_out(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.lack == Lack.LEFT_OUT]

    def picture_hashes(self) -> dict[str, str]:
        """Of each picture what Wagtail keeps as ``file_hash``."""
        return {key: sha1(content, usedforsecurity=False).hexdigest() for key, content in self.pictures.items()}
