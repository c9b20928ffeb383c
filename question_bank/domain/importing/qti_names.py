"""One vocabulary for QTI 2 and 3: ``qti-choice-interaction`` of version 3 is ``choiceInteraction`` of version 2."""

import re
from functools import cache, lru_cache

from lxml import etree

from question_bank.domain.importing.xml_input import local_name

NAMESPACES = {
    "http://www.imsglobal.org/xsd/imsqti_v2p0": "qti-2.0",
    "http://www.imsglobal.org/xsd/imsqti_v2p1": "qti-2.1",
    "http://www.imsglobal.org/xsd/imsqti_v2p2": "qti-2.2",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0": "qti-3.0",
}
ITEM = "assessmentItem"
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
_DASH = re.compile(r"-([a-z])")


# Bounded, because a file may invent as many names as it likes.
@lru_cache(maxsize=2048)
def _name_2(tag: object) -> str:
    name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
    return _DASH.sub(lambda found: found[1].upper(), name.removeprefix("qti-")) if name.startswith("qti-") else name


@cache
def _attribute_3(name: str) -> str:
    return _HUMP.sub(lambda found: f"-{found[1].lower()}", name)


def name_of(element: etree._Element) -> str:
    """The name that version 2 has for it. XHTML keeps its own."""
    return _name_2(element.tag)


def version_of(item: etree._Element) -> str:
    namespace = etree.QName(item).namespace or ""
    return NAMESPACES.get(namespace, "qti-3.0" if local_name(item).startswith("qti-") else "qti-2.1")


def attribute(element: etree._Element, name: str, default: str = "") -> str:
    """The attribute in either spelling."""
    value = element.get(name)
    if value is None:
        value = element.get(_attribute_3(name))
    return default if value is None else value


def children(element: etree._Element | None, *path: str) -> list[etree._Element]:
    """The elements at the end of that path of names below ``element``."""
    found = [] if element is None else [element]
    for step in path:
        found = [child for parent in found for child in parent if name_of(child) == step]
    return found


def descendants(element: etree._Element | None) -> list[tuple[str, etree._Element]]:
    """Everything below with its name, in the order of the document."""
    return [] if element is None else [(_name_2(each.tag), each) for each in element.iterdescendants("*")]


def values(element: etree._Element | None) -> list[str]:
    """The texts of the ``value`` elements in it."""
    return ["".join(value.itertext()).strip() for value in children(element, "value")]
