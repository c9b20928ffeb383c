"""A handbook from a Word file: its headings are the book, the chapters and the entries."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from cms.domain.importing.book import LABELS, WARNING, Book, Lack
from cms.domain.importing.building import BookBuilder
from cms.domain.importing.refusals import BookTooLarge, UnreadableBook
from cms.domain.importing.word_file import open_word
from cms.domain.importing.word_headings import (
    TITLE,
    Levels,
    is_caption,
    is_contents,
    level_of,
    levels_of_book,
    looks_like_title,
)
from cms.domain.importing.word_inside import flatten, left_out, lines_of, list_level, pictures_of
from cms.domain.importing.word_lists import ListItem, list_html
from cms.domain.importing.word_tables import rows_of

_CAPTION = re.compile(r"^图\s*[\d一二三四五六七八九十.-]*[\s：:.、]*")

# A book of a hundred entries has some two thousand.
_MOST_BLOCKS = 30_000

Block = Paragraph | Table


def read_word(content: bytes) -> Book:
    """The book in a Word file (.docx) with everything in it that was not understood. Stores nothing.

    A title is a paragraph in the style of titles, the only heading of the highest level, or else the first line. Of
    the other headings the two highest levels are chapters and entries; with one level alone all are entries. Raises
    one of the subclasses of :class:`UnreadableBook`, whatever the bytes are.
    """
    document = open_word(content)
    try:
        has_changes = flatten(document.element.body)
        blocks = list(_blocks(document))
        if len(blocks) > _MOST_BLOCKS:
            raise BookTooLarge
        reader = _Reader(blocks)
        reader.read()
        if has_changes:
            reader.problem(_("Tracked changes were read as if they had been accepted."), Lack.LEFT_OUT)
        return reader.finish()
    except UnreadableBook:
        raise
    # A file that opens may still refer to styles, parts and numbers that it does not have.
    except Exception as error:
        raise UnreadableBook from error


def _blocks(document: Document) -> Iterator[Block]:
    """Paragraphs and tables in their order."""
    for child in document.element.body:
        if child.tag == qn("w:p"):
            yield Paragraph(child, document._body)
        elif child.tag == qn("w:tbl"):
            yield Table(child, document._body)


class _Reader(BookBuilder):
    """Goes through the blocks of a document once. A place is a heading and the number of the paragraph below it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__()
        self._blocks = [block for block in blocks if isinstance(block, Table) or not is_contents(block)]
        self._levels, self._title_line = self._outline()
        self._below, self._count = "", 0
        self._items: list[ListItem] = []
        self._undescribed: list[bytes] = []

    def _outline(self) -> tuple[Levels, Paragraph | None]:
        paragraphs = [block for block in self._blocks if isinstance(block, Paragraph) and block.text.strip()]
        headings = [level for each in paragraphs if (level := level_of(each)) is not None]
        first = paragraphs[0] if paragraphs else None
        before = first if first is not None and level_of(first) is None and looks_like_title(first) else None
        levels = levels_of_book(headings, has_line_before=before is not None)
        return levels, before if levels.title is None else None

    def read(self) -> None:
        for block in self._blocks:
            self._count += 1
            self._say_place()
            if isinstance(block, Table):
                self._end_list()
                self._table(block)
            else:
                self._paragraph(block)
        self._end_list()
        self._give_up_pictures()

    def _say_place(self) -> None:
        number = {"number": self._count, "heading": self._below}
        self.place = (_("%(heading)s, paragraph %(number)s") if self._below else _("paragraph %(number)s")) % number

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text.strip()
        level = level_of(paragraph) if text else None
        if level is not None:
            self._end_list()
            self._heading(level, text)
        elif self._title_line is not None and paragraph._p is self._title_line._p:
            self.book.title = text
        elif (depth := list_level(paragraph)) is not None and text:
            self._list_item(paragraph, *depth)
        else:
            self._end_list()
            self._words(paragraph, text)
        for what in left_out(paragraph):
            self.problem(what, Lack.LEFT_OUT)
        self._pictures(paragraph)

    def _heading(self, level: int, text: str) -> None:
        self._give_up_pictures()
        self._below, self._count = text[:30], 0
        self._say_place()
        if level == self._levels.title:
            self.book.title = text
        elif level == self._levels.chapter:
            self.add_chapter(text)
        elif level == self._levels.entry:
            self._entry(text)
        elif level == TITLE or self.entry is None:
            self.problem(text)
        else:
            self.heading(text)

    def _entry(self, text: str) -> None:
        if self._levels.chapter is None and self.chapter is None:
            self.add_chapter(self.book.title or text)
        self.add_entry(text)

    def _words(self, paragraph: Paragraph, text: str) -> None:
        if not text:
            return
        if self._undescribed and (is_caption(paragraph) or (_CAPTION.match(text) and text.startswith("图"))):
            self.picture(self._undescribed.pop(0), _CAPTION.sub("", text) or text)
            return
        self._give_up_pictures()
        if self.entry is None:
            self.introduce(text)
        elif kept := [html for plain, html in lines_of(paragraph) if plain.strip() and not self.line(plain)]:
            self.text(f"<p>{'<br/>'.join(kept)}</p>")

    def _list_item(self, paragraph: Paragraph, depth: int, is_numbered: bool) -> None:
        lines = lines_of(paragraph)
        if self.entry is None:
            self.introduce(paragraph.text.strip())
        elif not all(self.line(plain) for plain, _html in lines):
            self._items.append(ListItem(depth, is_numbered, "<br/>".join(html for _plain, html in lines)))

    def _end_list(self) -> None:
        if self._items:
            self.text(list_html(self._items))
        self._items = []

    def _table(self, table: Table) -> None:
        if next(table._tbl.iterdescendants(qn("w:tbl")), None) is not None:
            self.problem(_("a table inside a table"), Lack.LEFT_OUT)
        rows = rows_of(table)
        if not rows:
            return
        if len(rows) == 1 and len(set(rows[0])) == 1:
            self._box(rows[0][0])
        elif self.entry is not None and len(rows) > 1 and all(len(row) == 2 for row in rows) and self._is_form(rows):
            for label, value in rows:
                self.line(f"{label}：{value}")
        else:
            self.table(rows)

    def _is_form(self, rows: list[list[str]]) -> bool:
        """Labels to the left and values to the right, as some offices set out the basis."""
        return all(label.rstrip("：:") in LABELS for label, _value in rows)

    def _box(self, text: str) -> None:
        """One cell with a frame around it is how Word files warn."""
        if not self.line(text if text.startswith(WARNING) else f"{WARNING}：{text}"):
            self.introduce(text)

    def _pictures(self, paragraph: Paragraph) -> None:
        for content, description in pictures_of(paragraph):
            if content is None:
                self.problem(_("picture: %(name)s") % {"name": description or "…"}, Lack.LEFT_OUT)
            elif self.entry is None:
                self.problem(_("picture outside an entry: %(name)s") % {"name": description or "…"}, Lack.LEFT_OUT)
            elif description:
                self.picture(content, description)
            else:
                self._undescribed.append(content)

    def _give_up_pictures(self) -> None:
        for _content in self._undescribed:
            self.problem(_("a picture without a description (alternative text or caption)"), Lack.MISSING)
        self._undescribed = []
