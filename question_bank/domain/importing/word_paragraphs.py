"""The text of a paragraph as a reader sees it, and the pictures in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from common.office_parts import RELATION_EMBED, RELATION_ID
from common.pictures import Picture
from question_bank.domain.importing.word_package import W, WordPackage
from question_bank.validators import BLANK_MARK

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What was deleted or moved away with changes tracked, and the second telling of a drawing.
_LEFT_OUT = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}instrText", f"{_COMPATIBLE}Fallback"}
_TEXT_BOX = f"{W}txbxContent"
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# Ticks and crosses of the symbol fonts.
_SYMBOLS = {"F0FC": "√", "F0FE": "√", "F052": "√", "F0FB": "×", "F0FD": "×", "F051": "×"}


@dataclass(slots=True)
class Paragraph:
    text: str = ""
    images: list[Picture] = field(default_factory=list)
    has_formula: bool = False
    has_text_box: bool = False
    has_lost_image: bool = False


def read_paragraph(element: Any, package: WordPackage) -> Paragraph:
    """Tracked changes are read as accepted; a line drawn under spaces is a blank."""
    found = Paragraph()
    parts: list[str] = []
    for each in _seen(element):
        tag = each.tag
        if tag == f"{W}t":
            parts.append(_text(each))
        elif tag in _BREAKS:
            parts.append(BLANK_MARK if tag == f"{W}tab" and _is_underlined(each) else _BREAKS[tag])
        elif tag == f"{W}sym":
            parts.append(_SYMBOLS.get((each.get(f"{W}char") or "").upper(), "□"))
        elif tag == f"{_MATH}t":
            parts.append(each.text or "")
            found.has_formula = True
        elif tag == _TEXT_BOX:
            found.has_text_box = True
        elif tag in {f"{_DRAWING}blip", f"{_VML}imagedata"}:
            _add_image(found, each, package)
    found.text = "".join(parts)
    return found


def _seen(element: Any) -> Iterator[Any]:
    """What a reader sees, in order, without recursion: documents nest as deep as somebody wants them to."""
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag not in _LEFT_OUT:
            yield child
            if child.tag != _TEXT_BOX:
                stack.append(iter(child))


def _text(element: Any) -> str:
    text = element.text or ""
    return BLANK_MARK if text and not text.strip(" \u3000\xa0") and _is_underlined(element) else text


def _is_underlined(element: Any) -> bool:
    properties = element.getparent().find(f"{W}rPr")
    line = properties.find(f"{W}u") if properties is not None else None
    return line is not None and line.get(f"{W}val") not in {None, "none"}


def _add_image(found: Paragraph, element: Any, package: WordPackage) -> None:
    relation = element.get(RELATION_EMBED) or element.get(RELATION_ID) or ""
    image = package.image(relation, _description(element))
    if image is None:
        found.has_lost_image = True
        return
    found.images.append(Picture(*image))


def _description(element: Any) -> str:
    """The alternative text, which stands beside the drawing."""
    for outer in element.iterancestors(f"{_PLACED}inline", f"{_PLACED}anchor"):
        about = outer.find(f"{_PLACED}docPr")
        return (about.get("descr") or "") if about is not None else ""
    return ""
