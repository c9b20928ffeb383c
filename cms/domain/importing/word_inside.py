"""What stands inside a paragraph of a Word file: words, links, pictures, and what is none of these."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docx.parts.document import DocumentPart
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image

from cms.domain.importing.building import inline_html

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MOST_PICTURE_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 40_000_000
_DEEPEST = 9
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_BULLETS = ("bullet", "none")


def lines_of(paragraph: Paragraph) -> list[tuple[str, str]]:
    """The lines of a paragraph, each as plain words and as HTML with bold words and links."""
    lines = [("", "")]
    for words, bold, address in _runs(paragraph):
        for place, piece in enumerate(words.split("\n")):
            if place:
                lines.append(("", ""))
            plain, html = lines[-1]
            lines[-1] = plain + piece, html + inline_html(piece, bold=bold, address=address)
    return [(plain.strip(), html.strip().replace("</b><b>", "")) for plain, html in lines]


def _runs(paragraph: Paragraph) -> Iterator[tuple[str, bool, str]]:
    for item in paragraph.iter_inner_content():
        if isinstance(item, Hyperlink):
            yield item.text, False, item.url
        elif isinstance(item, Run):
            yield item.text.replace("\t", " "), bool(item.bold), ""


def list_level(paragraph: Paragraph) -> tuple[int, bool] | None:
    """How deep an item of a list stands and whether it is numbered; None for what is no item."""
    found = _numbering(paragraph)
    name = str(paragraph.style.name or "") if paragraph.style else ""
    is_list_style = name.startswith(("List Bullet", "列表项目符号", "List Number", "列表编号"))
    # The second style of lists stands deeper, though its numbering begins at the top again.
    by_name = int("".join(each for each in name if each.isdecimal()) or 1) - 1 if is_list_style else 0
    if found is not None:
        number, depth = found
        return (max(depth, by_name), _is_numbered(paragraph, number, depth)) if number else None
    return (by_name, "Number" in name or "编号" in name) if is_list_style else None


def _numbering(paragraph: Paragraph) -> tuple[int, int] | None:
    """Number and level of the list, from the paragraph or from one of its styles; number 0 switches a list off."""
    elements: list[Any] = [paragraph._p]
    style: Any = paragraph.style
    while style is not None and len(elements) < _DEEPEST:
        elements.append(style.element)
        style = style.base_style
    for element in elements:
        found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is not None:
            values = [_integer(found.find(qn(tag))) for tag in ("w:numId", "w:ilvl")]
            return values[0], min(values[1], _DEEPEST)
    return None


def _integer(element: Any) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if value.isdecimal() else 0


def _is_numbered(paragraph: Paragraph, number: int, depth: int) -> bool:
    try:
        numbering = cast(DocumentPart, paragraph.part).numbering_part.element
    except (KeyError, NotImplementedError):
        return False
    abstract = numbering.xpath(f"w:num[@w:numId='{number}']/w:abstractNumId/@w:val")
    place = f"w:abstractNum[@w:abstractNumId='{int(abstract[0])}']/w:lvl[@w:ilvl='{depth}']" if abstract else ""
    formats = numbering.xpath(f"{place}/w:numFmt/@w:val") if place else []
    return bool(formats) and formats[0] not in _BULLETS


def pictures_of(paragraph: Paragraph) -> Iterator[tuple[bytes | None, str]]:
    """The pictures with their alternative texts; None for one in a format that no browser shows, or linked to."""
    for drawing in paragraph._p.iter(qn("w:drawing")):
        described = [_description(each) for each in drawing.iter(qn("wp:docPr"))]
        for blip in drawing.iter(qn("a:blip")):
            part = paragraph.part.related_parts.get(blip.get(qn("r:embed"), ""))
            yield usable_picture(part.blob) if part else None, described[0] if described else ""
    for picture in paragraph._p.iter(qn("w:pict")):
        in_fallback = next(picture.iterancestors(f"{{{_COMPATIBILITY}}}Fallback"), None) is not None
        if not in_fallback and next(picture.iter("{urn:schemas-microsoft-com:vml}imagedata"), None) is not None:
            yield None, ""


def _description(properties: Any) -> str:
    return str(properties.get("descr") or "").strip()


def usable_picture(content: bytes) -> bytes | None:
    """The picture, if it is one that browsers show and of a size that can be drawn."""
    if len(content) > _MOST_PICTURE_BYTES:
        return None
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            picture.verify()
            return content if picture.width * picture.height <= _MOST_PIXELS else None
    # Pillow raises SyntaxError, struct.error and others on broken pictures.
    except Exception:
        return None


def left_out(paragraph: Paragraph) -> Iterator[str]:
    """What is in the paragraph and is neither words nor a picture."""
    names = {
        "w:footnoteReference": _("a footnote"),
        "w:endnoteReference": _("an endnote"),
        "w:commentReference": _("a comment"),
        "w:txbxContent": _("a text box"),
        "m:oMath": _("a formula"),
        "w:object": _("an embedded object"),
        "c:chart": _("a chart"),
    }
    spaces = {
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    }
    for name, words in names.items():
        space, _colon, tag = name.partition(":")
        full = f"{{{spaces[space]}}}{tag}" if space in spaces else qn(name)
        if next(paragraph._p.iter(full), None) is not None:
            yield words


def flatten(body: Any) -> bool:
    """Take away what only wraps words: content controls, smart tags, simple fields, accepted changes.

    python-docx passes over the words inside them. Returns whether there were tracked changes; they count as accepted.
    """
    gone = [*body.iter(qn("w:del"), qn("w:moveFrom"))]
    has_changes = bool(gone) or next(body.iter(qn("w:ins"), qn("w:moveTo")), None) is not None
    for element in gone:
        element.getparent().remove(element)
    wrappers = [qn(tag) for tag in ("w:sdt", "w:smartTag", "w:customXml", "w:fldSimple", "w:ins", "w:moveTo")]
    for element in [*body.iter(*wrappers)]:
        _unwrap(element)
    return has_changes


def _unwrap(element: Any) -> None:
    inner = element.find(qn("w:sdtContent")) if element.tag == qn("w:sdt") else element
    parent = element.getparent()
    for child in list(inner if inner is not None else ()):
        element.addprevious(child)
    parent.remove(element)
