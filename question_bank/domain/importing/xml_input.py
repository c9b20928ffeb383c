"""XML from strangers: no document type, no entities, nothing fetched, nothing huge."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from question_bank.domain.importing.character_sets import decode_exactly
from question_bank.domain.importing.refusals import BrokenXml, DeclaresEntities

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "remove_pis": True,
    "encoding": "utf-8",
}
_DECLARATION = re.compile(r"\ufeff?\s*+<\?xml\s[^>]{0,200}\?>")
# What may stand before the root: white space, comments, instructions. Possessive: no text makes it try twice.
_PROLOGUE = re.compile(r"(?:\s++|<!--(?:[^-]++|-(?!->))*+-->|<\?(?:[^?]++|\?(?!>))*+\?>)*+")
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


def root_name(text: str) -> str:
    """The local name of the root element; empty where the text is not XML."""
    found = _ROOT.match(text, _after_prologue(text))
    return found[1] if found else ""


def checked(content: bytes) -> bytes:
    """The document as UTF-8 without its declaration.

    UTF-8 is believed before the declaration, because declarations are often wrong. Refuses with ``DeclaresEntities``,
    ``EmptyQuestionFile`` and ``UnknownEncoding``.
    """
    text = decode_exactly(content).removeprefix("\ufeff")
    if text.startswith("<!DOCTYPE", _after_prologue(text)):
        raise DeclaresEntities
    if declaration := _DECLARATION.match(text):
        # As many lines as before, so that errors name the right one.
        text = "\n" * text.count("\n", 0, declaration.end()) + text[declaration.end() :]
    return text.encode("utf-8", "replace")


def parse(content: bytes) -> etree._Element:
    """The root element. Refuses with ``BrokenXml`` and as :func:`checked` does."""
    try:
        return etree.fromstring(checked(content), etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError as error:
        raise BrokenXml(line=error.lineno or 1) from error
    except ValueError as error:
        raise BrokenXml(line=1) from error


def elements(content: bytes, tag: str) -> Iterator[etree._Element]:
    """The elements of that name below the root, one after the other; each is forgotten when the next is asked for."""
    walk = etree.iterparse(BytesIO(checked(content)), events=("end",), tag=tag, **_SAFE)
    try:
        for _event, element in walk:
            yield element
            parent = element.getparent()
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise BrokenXml(line=error.lineno or 1) from error


def local_name(element: etree._Element) -> str:
    """The name without namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _after_prologue(text: str) -> int:
    found = _PROLOGUE.match(text, 1 if text[:1] == "\ufeff" else 0)
    return found.end() if found else 0
