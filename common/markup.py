"""Web text as plain text, and plain text as web text.

Lines stay lines: blocks and ``<br>`` end one, white space is drawn together as a browser does, ``<pre>`` is kept as it
is. Raised and lowered figures become their own characters (m², CO₂), because ``10<sup>5</sup>`` is not 105.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import Any

from lxml import etree

_WHITE = " \t\n\r\f"
_WHITE_RUN = re.compile(r"[ \t\n\r\f]+")
_HARD_WHITE = re.compile(r"[\t\f\r]|  |^ | $", re.MULTILINE)

# Possessive: no text makes them try twice.
_SIMPLE = re.compile(r"(?:[^<]++|</?p>|<br ?/?>)*+")
_SIMPLE_TAG = re.compile(r"(</?p>|<br ?/?>)")


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BLOCKS = _names(
    "address article aside blockquote body caption center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section table tbody tfoot thead tr ul"
)
_FORMATTING = _names(
    "a abbr b big blockquote center cite code del dl em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol q s samp small "
    "strike strong table td th tr tt u ul var"
)
_SILENT = _names("head link meta noscript script style template title")
_UNREADABLE = _names("applet audio button canvas embed iframe input math object option select svg textarea video")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


@dataclass(frozen=True, slots=True)
class PictureLink:
    source: str
    description: str


@dataclass(slots=True)
class PlainText:
    """``has_lost`` says that there was formatting; ``unreadable`` names the first element no text can stand for."""

    text: str
    has_lost: bool = False
    unreadable: str = ""
    pictures: list[PictureLink] = field(default_factory=list)


def plain_text(html: str) -> PlainText:
    """What a reader sees of that HTML. Never raises; nests deeper than the parser goes are ``unreadable``."""
    if "<" not in html and "&" not in html:
        return PlainText(_WHITE_RUN.sub(" ", html).strip())
    if _SIMPLE.fullmatch(html):
        return _simple_text(html)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        body = etree.fromstring(f"<body>{html}</body>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return PlainText("", unreadable="html")
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        # Nested deeper than the parser goes: it leaves out the rest without another word.
        return PlainText("", unreadable="html")
    return plain_text_of(body)


def _simple_text(html: str) -> PlainText:
    """Paragraphs and line breaks alone, which is nearly everything, at a tenth of the cost of a tree."""
    writer = _Writer({}, ())
    for part in _SIMPLE_TAG.split(html):
        if part[:1] != "<":
            writer.write(unescape(part))
        elif part[1] == "b":
            writer.break_line()
        else:
            writer.end_line()
    return writer.result()


def plain_text_of(
    root: etree._Element, *, marks: Mapping[str, str] | None = None, skipped: Collection[str] = ()
) -> PlainText:
    """The same for an element of a parsed tree, in any namespace.

    ``marks`` are texts that stand for elements with that local name; the ``skipped`` leave nothing.
    """
    writer = _Writer(marks or {}, skipped)
    if not len(root):
        writer.write(root.text)
        return writer.result()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if not writer.begin(element):
                walk.skip_subtree()
        else:
            if event == "end":
                writer.end(element)
            if element is not root:
                writer.write(element.tail)
    return writer.result()


def markup(text: str) -> str:
    """The text as a well-formed block, which :func:`plain_text` turns back into the same text."""
    if _HARD_WHITE.search(text):
        return f"<pre>{escape(text, quote=False)}</pre>"
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br/>')}</p>"


class _Writer:
    """Puts lines together while a tree is walked."""

    def __init__(self, marks: Mapping[str, str], skipped: Collection[str]) -> None:
        self._marks, self._skipped = marks, skipped
        self._pieces: list[str] = []
        self._space = self._break = False
        self._line_is_empty = True
        self._exact = 0
        self._shifted: list[int] = []
        self._found = PlainText("")

    def begin(self, element: Any) -> bool:
        """Whether its content is read as well."""
        name = _name(element)
        if name in self._marks:
            self._add(self._marks[name])
            return False
        if name in _SILENT or name in self._skipped:
            return False
        self._note(name, element)
        if name in _BLOCKS:
            self.end_line()
        self._open(name)
        if name in _UNREADABLE:
            return False
        self.write(element.text)
        return True

    def end(self, element: Any) -> None:
        name = _name(element)
        if name in self._marks or name in self._skipped or name in _SILENT or name in _UNREADABLE:
            return
        if name == "pre":
            self._exact -= 1
        if name in _BLOCKS:
            self.end_line()
        if name in {"sup", "sub"}:
            self._shift(name)

    def write(self, text: str | None) -> None:
        if not text:
            return
        if self._exact:
            self._add(text)
            return
        words = _WHITE_RUN.sub(" ", text).strip(" ")
        self._space |= text[0] in _WHITE
        if words:
            self._add(words)
            self._space = text[-1] in _WHITE

    def result(self) -> PlainText:
        self._found.text = "".join(self._pieces).strip()
        return self._found

    def _note(self, name: str, element: Any) -> None:
        if name == "img":
            self._found.pictures.append(PictureLink(element.get("src") or "", element.get("alt") or ""))
        elif name in _UNREADABLE:
            if name == "object" and (element.get("type") or "").startswith("image/"):
                self._found.pictures.append(PictureLink(element.get("data") or "", "".join(element.itertext()).strip()))
            else:
                self._found.unreadable = self._found.unreadable or name
        elif name in _FORMATTING or (name == "span" and element.get("style")):
            self._found.has_lost = True

    def _open(self, name: str) -> None:
        if name == "br":
            self.break_line()
        elif name in {"td", "th"} and not self._line_is_empty and not self._break:
            self._add(" | ")
        elif name == "pre":
            self._exact += 1
        elif name in {"sup", "sub"}:
            self._flush()
            self._shifted.append(len(self._pieces))

    def _shift(self, name: str) -> None:
        start = self._shifted.pop()
        inner = "".join(self._pieces[start:])
        moved = inner.translate(_RAISED if name == "sup" else _LOWERED)
        if any(one == other for one, other in zip(inner, moved, strict=True)):
            moved = f"^({inner})" if name == "sup" else f"_({inner})"
        self._pieces[start:] = [moved]

    def break_line(self) -> None:
        self._space = False
        self._flush()
        self._pieces.append("\n")
        self._line_is_empty, self._space = True, False

    def end_line(self) -> None:
        self._break |= not self._line_is_empty
        self._space = False

    def _flush(self) -> None:
        if self._break:
            self._pieces.append("\n")
            self._line_is_empty = True
        elif self._space and not self._line_is_empty:
            self._pieces.append(" ")
        self._break = self._space = False

    def _add(self, text: str) -> None:
        self._flush()
        self._pieces.append(text)
        self._line_is_empty = False


def _name(element: Any) -> str:
    return _local_name(element.tag)


# Bounded, because a file may invent as many names as it likes.
@lru_cache(maxsize=2048)
def _local_name(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
