"""Word files as people bring them."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document
from docx.oxml.ns import qn
from PIL import Image


def picture(color: str = "red") -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (40, 30), color).save(content, "PNG")
    content.seek(0)
    return content


def saved(document: Document) -> bytes:
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def a_book(title: str = "岚溪县驻村手册") -> Document:
    """A title, a chapter and two complete entries; the first with everything that is understood."""
    document = docx.Document()
    document.add_paragraph(title, style="Title")
    document.add_paragraph("写给队员。")
    document.add_heading("第一章 驻村", 1)
    document.add_heading("一年住几天", 2)
    document.add_paragraph("短答：二百天。")
    words = document.add_paragraph("先看")
    words.add_run("这张表").bold = True
    document.add_paragraph("每季度五十天", style="List Bullet")
    document.add_paragraph("周末也算", style="List Bullet 2")
    document.add_paragraph("先报备", style="List Number")
    table = document.add_table(2, 2)
    for place, text in enumerate(["事项", "天数", "全年", "200"]):
        table.cell(place // 2, place % 2).text = text
    document.add_picture(picture())
    document.add_paragraph("图1 公示栏")
    document.add_heading("细处", 3)
    document.add_paragraph("注意：不要补签。")
    document.add_paragraph("依据：县级制度第三条\n文号：国办函〔2026〕12号")
    document.add_paragraph("有效期：2026年1月1日至2026年12月31日")
    document.add_paragraph("适用范围：岚溪县")
    document.add_heading("请假找谁", 2)
    document.add_paragraph("短答：找乡镇。")
    document.add_paragraph("依据：县级制度第四条")
    return document


def describe_pictures(document: Document, description: str) -> None:
    for properties in document.element.body.iter(qn("wp:docPr")):
        properties.set("descr", description)


def changed(content: bytes, name: str, part: bytes | None) -> bytes:
    """The file with one of its parts exchanged, added, or (None) taken out."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        if part is not None:
            new.writestr(name, part)
    return target.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)
