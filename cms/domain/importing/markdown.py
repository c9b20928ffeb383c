"""A handbook from Markdown: the first heading is the book, the second level chapters, the third entries."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cms.domain.importing.book import Book, Chapter, Entry, Lack, Problem
from cms.domain.importing.building import BookBuilder, inline_html


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


class _Reader(BookBuilder):
    """Goes through the tokens of a file once, from top to bottom. A place is the number of a line."""

    def read(self, text: str) -> None:
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        place = 0
        while place < len(tokens):
            place = self.take(tokens, place)

    def take(self, tokens: Sequence[Token], place: int) -> int:
        """Read the block that begins at ``place``; returns where the next one begins."""
        token = tokens[place]
        self.place = f"{token.map[0] + 1}" if token.map else self.place
        end = _end_of(tokens, place)
        self._name_pictures(tokens[place:end])
        if token.type == "heading_open":
            self._heading(token.tag, tokens[place + 1].content)
        elif token.type == "paragraph_open":
            self._paragraph(tokens[place + 1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self.text(_list_html(tokens[place:end]))
        elif token.type == "table_open":
            self.table(_rows(tokens[place:end]))
        else:
            self.problem(f"{token.type}: {token.content[:40]}")
        return end

    def _heading(self, tag: str, title: str) -> None:
        if tag == "h1" and not self.book.title:
            self.book.title = title
        elif tag == "h2":
            self.add_chapter(title)
        elif tag == "h3" and self.chapter:
            self.add_entry(title)
        else:
            self.problem(f"{tag}: {title}")

    def _paragraph(self, inline: Token) -> None:
        if self.entry is None:
            self.introduce(inline.content)
            return
        lines = [html for plain, html in _lines(inline) if not self.line(plain)]
        if words := "".join(lines):
            self.text(f"<p>{words}</p>")

    def _name_pictures(self, tokens: Iterable[Token]) -> None:
        """A text file holds no pictures, it only says where they were."""
        for token in tokens:
            for child in token.children or ():
                if child.type == "image":
                    self.problem(_("picture: %(name)s") % {"name": child.content or "…"}, Lack.LEFT_OUT)


class _BodyReader(_Reader):
    """Reads a lecture or a notice as if it were the one entry of a book."""

    def __init__(self) -> None:
        super().__init__()
        self.book.chapters.append(Chapter("", entries=[Entry("")]))

    def _heading(self, tag: str, title: str) -> None:
        self.heading(title)


def _end_of(tokens: Sequence[Token], place: int) -> int:
    """Where the block that opens at ``place`` has closed."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += tokens[end].nesting
        if depth <= 0:
            return end + 1
    return len(tokens)


def _lines(inline: Token) -> list[tuple[str, str]]:
    """The lines of a paragraph, each as plain words and as HTML."""
    lines = [("", "")]
    bold, address = 0, ""
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            lines.append(("", ""))
        elif token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            address = ""
        elif token.type != "image":
            plain, html = lines[-1]
            words = token.content
            lines[-1] = plain + words, html + inline_html(words, bold=bool(bold), address=address)
    return [(plain.strip(), html.strip()) for plain, html in lines]


def _list_html(tokens: Iterable[Token]) -> str:
    tags = {"bullet_list": "ul", "ordered_list": "ol", "list_item": "li"}
    parts = []
    for token in tokens:
        name, _separator, edge = token.type.rpartition("_")
        if name in tags:
            parts.append(f"<{'/' if edge == 'close' else ''}{tags[name]}>")
        elif token.type == "inline":
            parts.append("".join(html for _plain, html in _lines(token)))
    return "".join(parts)


def _rows(tokens: Sequence[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append("".join(plain for plain, _html in _lines(tokens[place + 1])))
    return rows
