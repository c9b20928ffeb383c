"""Putting a book together while a file is read from top to bottom; the same for every kind of file."""

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from cms.domain.importing.book import LABELS, WARNING, Book, Chapter, Entry, Lack, Problem
from cms.models import ChapterPage, EntryPage, HandbookPage
from common.chinese import strip_controls

_LABELLED = re.compile(rf"^({'|'.join([*LABELS, WARNING])})\s*[：:]\s*(.+)$", re.DOTALL)
_DAY = r"(\d{4}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日|\.\d{1,2}\.\d{1,2}|/\d{1,2}/\d{1,2}))"
_PERIOD = re.compile(rf"^(?:自|从)?\s*{_DAY}\s*(?:起(?:施行|实施|生效)?|(?:起?至|到|—+|－|~|～)\s*{_DAY}\s*止?)$")
_UNTIL = re.compile(rf"^(?:至|截至|到)\s*{_DAY}\s*止?$")
_ALWAYS = ("长期", "长期有效", "永久")
_LONGEST_WARNING, _LONGEST_HEADING, _LONGEST_DESCRIPTION = 400, 120, 200
_NEEDED = {"short_answer": "短答", "basis": "依据"}


class BookBuilder:
    """Takes headings, lines and blocks in their order. ``place`` is where in the file the reader stands."""

    def __init__(self) -> None:
        self.book = Book()
        self.place = "1"
        self._places: dict[int, str] = {}

    @property
    def chapter(self) -> Chapter | None:
        return self.book.chapters[-1] if self.book.chapters else None

    @property
    def entry(self) -> Entry | None:
        return self.chapter.entries[-1] if self.chapter and self.chapter.entries else None

    def add_chapter(self, title: str) -> None:
        self.book.chapters.append(self._placed(Chapter(strip_controls(title).strip())))

    def add_entry(self, title: str) -> None:
        if self.chapter is None:
            self.problem(title)
        else:
            self.chapter.entries.append(self._placed(Entry(strip_controls(title).strip())))

    def _placed(self, thing: Any) -> Any:
        self._places[id(thing)] = self.place
        return thing

    def introduce(self, text: str) -> None:
        above = self.chapter or self.book
        above.introduction = strip_controls(f"{above.introduction}\n{text}".strip())

    def line(self, text: str) -> bool:
        """Does a line name a field, and so fill it? The reader adds what remains to the text."""
        found = _LABELLED.match(text.strip())
        if found is None or self.entry is None:
            return False
        self._labelled(self.entry, found[1], strip_controls(found[2].strip()))
        return True

    def _labelled(self, entry: Entry, label: str, value: str) -> None:
        if label == WARNING:
            self._add_limited("warning", value, _LONGEST_WARNING)
        elif label == "有效期":
            self._validity(entry, value)
        elif label == "核对":
            entry.checked_on = self._day(value)
        else:
            setattr(entry, LABELS[label], value)

    def _validity(self, entry: Entry, value: str) -> None:
        if value.rstrip("。") in _ALWAYS:
            return
        if found := _UNTIL.match(value.rstrip("。")):
            entry.valid_to = self._day(found[1])
        elif found := _PERIOD.match(value.rstrip("。")):
            entry.valid_from = self._day(found[1])
            entry.valid_to = self._day(found[2]) if found[2] else None
        else:
            self.problem(f"有效期：{value}")
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            self.problem(f"有效期：{value}")

    def _day(self, text: str) -> date | None:
        try:
            year, month, day = map(int, re.findall(r"\d+", text))
            return date(year, month, day)
        except ValueError:
            self.problem(text)
            return None

    def heading(self, text: str) -> None:
        """A heading inside an entry."""
        self._add_limited("heading", strip_controls(text).strip(), _LONGEST_HEADING)

    def text(self, html: str) -> None:
        """Neighbouring paragraphs and lists are one block, as a trainer would write them."""
        if self.entry and self.entry.body and self.entry.body[-1]["type"] == "text":
            self.entry.body[-1]["value"] += strip_controls(html)
        else:
            self.add("text", strip_controls(html))

    def table(self, rows: list[list[str]]) -> None:
        """The first row is the head; shorter rows are filled up."""
        width = max(map(len, rows))
        head, *body = [[strip_controls(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        columns = [{"type": "text", "heading": heading} for heading in head]
        self.add("table", {"columns": columns, "rows": [{"values": values} for values in body], "caption": ""})

    def picture(self, content: bytes, description: str) -> None:
        key = f"{len(self.book.pictures) + 1}"
        self.book.pictures[key] = content
        self.add("image", {"image": key, "description": strip_controls(description).strip()[:_LONGEST_DESCRIPTION]})

    def _add_limited(self, kind: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self.problem(_too_long(text, longest))
        else:
            self.add(kind, text)

    def add(self, kind: str, value: Any) -> None:
        if self.entry is None:
            self.problem(f"{kind}: {str(value)[:40]}")
        else:
            self.entry.body.append({"type": kind, "value": value})

    def problem(self, text: str, lack: Lack = Lack.NOT_UNDERSTOOD) -> None:
        self.book.problems.append(Problem(self.place, strip_controls(text), lack))

    def finish(self) -> Book:
        """The book with what is missing in it and what would not fit into its fields."""
        self.book.title = strip_controls(self.book.title).strip()
        if not self.book.title:
            self.book.problems.insert(0, Problem("1", "# …", Lack.MISSING))
        self.book.problems += self._too_long_above()
        for chapter in self.book.chapters:
            for entry in chapter.entries:
                self.book.problems += self._faults(entry)
        return self.book

    def _too_long_above(self) -> Iterator[Problem]:
        for thing, model in [(self.book, HandbookPage), *((chapter, ChapterPage) for chapter in self.book.chapters)]:
            yield from self._unfit(thing, model, ("title", "introduction"))
            if isinstance(thing, Chapter) and not thing.title:
                yield Problem(self._places[id(thing)], _("a chapter without a title"), Lack.MISSING)

    def _faults(self, entry: Entry) -> Iterator[Problem]:
        if not entry.title:
            yield Problem(self._places.get(id(entry), "1"), _("an entry without a title"), Lack.MISSING)
        for field, label in _NEEDED.items():
            if not getattr(entry, field):
                yield Problem(entry.title, f"{label}：", Lack.MISSING)
        yield from self._unfit(entry, EntryPage, ("title", "short_answer", "basis", "document_number", "region"))

    def _unfit(self, thing: Any, model: Any, fields: tuple[str, ...]) -> Iterator[Problem]:
        for field in fields:
            text, longest = getattr(thing, field), model._meta.get_field(field).max_length
            if len(text) > longest:
                yield Problem(thing.title[:40], _too_long(text, longest))


def _too_long(text: str, longest: int) -> str:
    return _("%(count)s characters, at most %(longest)s fit: %(start)s…") % {
        "count": len(text),
        "longest": longest,
        "start": text[:20],
    }


def inline_html(text: str, *, bold: bool = False, address: str = "") -> str:
    """A run of words in the few tags a text may hold; any other address than of the web is left as words."""
    html = escape(text, quote=False)
    if bold and html.strip():
        html = f"<b>{html}</b>"
    if address.startswith(("http://", "https://", "mailto:")):
        html = f'<a href="{escape(address)}">{html}</a>'
    return html
