"""Which paragraphs of a Word file are headings, and what each level of them means for a book."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

_NUMBERED = re.compile(r"(?:heading|标题)\s*([1-9])(?:\s|$)", re.I)
_TITLE = re.compile(r"(?:title|标题|题目|书名|文档标题)$", re.I)
_CONTENTS = re.compile(r"(?:toc|目录)\s*(?:\d|heading|标题|$)", re.I)
_CAPTION = re.compile(r"(?:caption|题注|图题)", re.I)
_DEEPEST = 9
_LONGEST_TITLE = 60

TITLE = 0


class Levels(NamedTuple):
    """The levels of headings that stand for the book, its chapters and its entries; what is deeper parts an entry.

    Without ``chapter`` the book has one level of headings alone, and all of them are entries.
    """

    title: int | None
    chapter: int | None
    entry: int | None


def style_names(paragraph: Paragraph) -> list[str]:
    """The paragraph's style and those it is based on."""
    names: list[str] = []
    style: Any = paragraph.style
    while style is not None and len(names) < _DEEPEST:
        names.append(str(style.name or ""))
        style = style.base_style
    return names


def level_of(paragraph: Paragraph) -> int | None:
    """0 for the title of a document, 1 to 9 for headings, None for ordinary text."""
    names = style_names(paragraph)
    if any(_TITLE.match(name) for name in names):
        return TITLE
    for name in names:
        if found := _NUMBERED.match(name):
            return int(found[1])
    return _outline_level(paragraph)


def _outline_level(paragraph: Paragraph) -> int | None:
    """What the outline of Word says, by the paragraph itself or by one of its styles."""
    elements: list[Any] = [paragraph._p]
    style: Any = paragraph.style
    while style is not None and len(elements) < _DEEPEST:
        elements.append(style.element)
        style = style.base_style
    for element in elements:
        found = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if found is not None:
            value = found.get(qn("w:val"), "")
            return int(value) + 1 if value.isdecimal() and int(value) < _DEEPEST else None
    return None


def is_contents(paragraph: Paragraph) -> bool:
    """A line of the table of contents, which Word makes from the headings."""
    return any(_CONTENTS.match(name) for name in style_names(paragraph))


def is_caption(paragraph: Paragraph) -> bool:
    return any(_CAPTION.match(name) for name in style_names(paragraph))


def looks_like_title(paragraph: Paragraph) -> bool:
    """The first line of a document whose writer knew no styles."""
    text = paragraph.text.strip()
    return bool(text) and len(text) <= _LONGEST_TITLE and text[-1] not in "。！？；：，"


def levels_of_book(headings: Iterable[int], *, has_line_before: bool) -> Levels:
    """From the levels of all headings in their order: a title is the first one and the only one of the highest.

    ``has_line_before``: a line that may be the title stands before the first heading.
    """
    found = list(headings)
    title = None
    if found and found[0] == min(found) and found.count(found[0]) == 1:
        may_be = found[0] == TITLE or len(set(found)) > 2 or not has_line_before
        title = found[0] if may_be else None
    rest = sorted(set(found) - {title, TITLE})
    if len(rest) < 2:
        return Levels(title, None, rest[0] if rest else None)
    return Levels(title, rest[0], rest[1])
