"""A handbook from Markdown: the first heading is the book, the second level chapters, the third entries."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cms.domain.importing.book import LABELS, WARNING, Book, Chapter, Entry, Problem

_LABELLED = re.compile(rf"^({'|'.join([*LABELS, WARNING])})[：:]\s*(.+)$")
_PERIOD = re.compile(r"^(\d{4}-\d{2}-\d{2})\s*(?:起|至\s*(\d{4}-\d{2}-\d{2}))$")
_ALWAYS = "长期"


def read_markdown(text: str) -> Book:
    """The book in ``text`` with everything in it that was not understood. Stores nothing."""
    reader = _Reader()
    reader.read(text)
    return reader.finish()


def read_body(text: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """A text of its own, in which headings only part it, in the raw form of ``BodyBlock``; and what was not understood.

    Stores nothing.
    """
    reader = _BodyReader()
    reader.read(text)
    return reader.book.chapters[0].entries[0].body, reader.book.problems


class _Reader:
    """Goes through the tokens of a file once, from top to bottom."""

    def __init__(self) -> None:
        self.book = Book()
        self.line = 0

    @property
    def chapter(self) -> Chapter | None:
        return self.book.chapters[-1] if self.book.chapters else None

    @property
    def entry(self) -> Entry | None:
        return self.chapter.entries[-1] if self.chapter and self.chapter.entries else None

    def read(self, text: str) -> None:
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        place = 0
        while place < len(tokens):
            place = self.take(tokens, place)

    def take(self, tokens: Sequence[Token], place: int) -> int:
        """Read the block that begins at ``place``; returns where the next one begins."""
        token = tokens[place]
        self.line = token.map[0] + 1 if token.map else self.line
        end = _end_of(tokens, place)
        if token.type == "heading_open":
            self._heading(token.tag, tokens[place + 1].content)
        elif token.type == "paragraph_open":
            self._paragraph(tokens[place + 1].content)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._text(_list_html(tokens[place:end]))
        elif token.type == "table_open":
            self._add("table", _table(tokens[place:end]))
        else:
            self._problem(f"{token.type}: {token.content[:40]}")
        return end

    def _heading(self, tag: str, title: str) -> None:
        if tag == "h1" and not self.book.title:
            self.book.title = title
        elif tag == "h2":
            self.book.chapters.append(Chapter(title))
        elif tag == "h3" and self.chapter:
            self.chapter.entries.append(Entry(title))
        else:
            self._problem(f"{tag}: {title}")

    def _paragraph(self, text: str) -> None:
        if self.entry is None:
            self._introduce(text)
            return
        plain_lines: list[str] = []
        for line in text.splitlines():
            if found := _LABELLED.match(line.strip()):
                self._labelled(self.entry, found[1], found[2].strip())
            else:
                plain_lines.append(line.strip())
        if plain_lines:
            self._text(f"<p>{escape(''.join(plain_lines))}</p>")

    def _introduce(self, text: str) -> None:
        above = self.chapter or self.book
        above.introduction = f"{above.introduction}\n{text}".strip()

    def _labelled(self, entry: Entry, label: str, value: str) -> None:
        if label == WARNING:
            self._add("warning", value)
        elif label == "有效期":
            self._validity(entry, value)
        elif label == "核对":
            entry.checked_on = self._day(value)
        else:
            setattr(entry, LABELS[label], value)

    def _validity(self, entry: Entry, value: str) -> None:
        if value == _ALWAYS:
            return
        found = _PERIOD.match(value)
        if found is None:
            self._problem(f"有效期：{value}")
            return
        entry.valid_from = self._day(found[1])
        entry.valid_to = self._day(found[2]) if found[2] else None

    def _day(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._problem(text)
            return None

    def _text(self, html: str) -> None:
        """Neighbouring paragraphs and lists are one block, as a trainer would write them."""
        if self.entry and self.entry.body and self.entry.body[-1]["type"] == "text":
            self.entry.body[-1]["value"] += html
        else:
            self._add("text", html)

    def _add(self, kind: str, value: Any) -> None:
        if self.entry is None:
            self._problem(f"{kind}: {str(value)[:40]}")
        else:
            self.entry.body.append({"type": kind, "value": value})

    def _problem(self, text: str) -> None:
        self.book.problems.append(Problem(f"{self.line}", text))

    def finish(self) -> Book:
        if not self.book.title:
            self.book.problems.insert(0, Problem("1", "# …"))
        for chapter in self.book.chapters:
            for entry in chapter.entries:
                missing = [
                    label for label, field in (("短答", "short_answer"), ("依据", "basis")) if not getattr(entry, field)
                ]
                self.book.problems += [Problem(entry.title, f"{label}：") for label in missing]
        return self.book


class _BodyReader(_Reader):
    """Reads a lecture or a notice as if it were the one entry of a book."""

    def __init__(self) -> None:
        super().__init__()
        self.book.chapters.append(Chapter("", entries=[Entry("")]))

    def _heading(self, tag: str, title: str) -> None:
        self._add("heading", title)


def _end_of(tokens: Sequence[Token], place: int) -> int:
    """Where the block that opens at ``place`` has closed."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += tokens[end].nesting
        if depth <= 0:
            return end + 1
    return len(tokens)


def _list_html(tokens: Iterable[Token]) -> str:
    tags = {"bullet_list": "ul", "ordered_list": "ol", "list_item": "li"}
    parts = []
    for token in tokens:
        name, _separator, edge = token.type.rpartition("_")
        if name in tags:
            parts.append(f"<{'/' if edge == 'close' else ''}{tags[name]}>")
        elif token.type == "inline":
            parts.append(escape(token.content))
    return "".join(parts)


def _table(tokens: Sequence[Token]) -> dict[str, Any]:
    """In the raw form of a typed table."""
    rows: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[place + 1].content)
    head, *body = rows
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": values} for values in body],
        "caption": "",
    }
