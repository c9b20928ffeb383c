"""Pictures beside the rows of workbooks, as people, WPS and other programs put them there."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.drawing.image import Image as Drawing
from openpyxl.drawing.spreadsheet_drawing import AbsoluteAnchor
from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D
from PIL import Image

from common.office_parts import OfficeParts
from common.pictures import Picture
from common.spreadsheets import pictures
from common.spreadsheets.pictures import Workbook, with_pictures
from common.spreadsheets.reading import read_rows
from common.spreadsheets.writing import write_workbook
from common.tables import Column, SheetSpec
from tests.support.question_files import repacked, workbook

MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def drawn(colour: str, size: tuple[int, int] = (60, 40)) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


RED, BLUE = drawn("red"), drawn("blue")


def illustrated(*places: tuple[str, bytes], change=None) -> bytes:
    """A workbook of two rows with pictures at those cells."""
    book = openpyxl.Workbook()
    book.active.append(["题干", "图"])
    book.active.append(["甲", ""])
    for cell, content in places:
        book.active.add_image(Drawing(BytesIO(content)), cell)
    if change:
        change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


ILLUSTRATED = illustrated(("B2", RED))
SHEETS = read_rows(ILLUSTRATED)


def read(content: bytes) -> Workbook:
    return with_pictures(read_rows(content), content)


def beside(book: Workbook) -> list[dict[int, list[bytes]]]:
    return [{row: [picture.content for picture in found] for row, found in rows.items()} for rows in book.pictures]


def in_cells(name: str = "ID_0A1B", *, relation: str = "rId1") -> bytes:
    """What WPS writes for a picture that is a cell's own."""
    cells = (
        f'<etc:cellImages xmlns:etc="urn:wps" xmlns:xdr="urn:drawing" xmlns:a="{MAIN}" xmlns:r="{OFFICE}">'
        '<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_0A1B" descr="一张图"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="{relation}"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    related = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/image" Target="media/image1.png"/>'
        "</Relationships>"
    )
    plain = workbook(Sheet1=[["题干", "图"], ["甲", 4711]])
    with ZipFile(BytesIO(plain)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    formula = f"DISPIMG(&quot;{name}&quot;,1)"
    cell = f'<c r="B2" t="str"><f>_xlfn.{formula}</f><v>={formula}</v></c>'
    return repacked(
        plain,
        **{
            "xl/worksheets/sheet1.xml": sheet.replace('<c r="B2" t="n"><v>4711</v></c>', cell).encode(),
            "xl/cellimages.xml": cells.encode(),
            "xl/_rels/cellimages.xml.rels": related.encode(),
            "xl/media/image1.png": RED,
        },
    )


def test_pictures_stand_beside_the_row_of_their_upper_edge_from_left_to_right() -> None:
    book = read(illustrated(("D2", BLUE), ("B2", RED), ("B7", RED)))

    assert (beside(book), book.is_some_lost) == ([{2: [RED, BLUE], 7: [RED]}], False)


def test_a_picture_that_wps_put_into_a_cell_is_read_and_its_text_is_not() -> None:
    book = read(in_cells())

    assert [sheet.rows for sheet in book.sheets] == [[["题干", "图"], ["甲", ""]]]
    assert (book.pictures, book.is_some_lost) == ([{2: [Picture("image1.png", RED, "一张图")]}], False)


@pytest.mark.parametrize(
    "content",
    [
        in_cells("ID_FFFF"),
        in_cells(relation="rId9"),
        repacked(illustrated(), **{"xl/richData/richValueRel.xml": b"<x/>"}),
        repacked(illustrated(("B2", RED)), **{"xl/drawings/drawing1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        repacked(illustrated(("B2", RED)), **{"xl/drawings/_rels/drawing1.xml.rels": b"<nothing/>"}),
    ],
    ids=["of another file", "without its part", "placed in a cell by Excel", "with a type of its own", "unrelated"],
)
def test_a_picture_that_cannot_be_read_is_told(content: bytes) -> None:
    book = read(content)

    assert (beside(book), book.is_some_lost) == ([{}], True)


def test_a_picture_that_stands_nowhere_is_told() -> None:
    def float_freely(book: openpyxl.Workbook) -> None:
        picture = Drawing(BytesIO(RED))
        picture.anchor = AbsoluteAnchor(pos=XDRPoint2D(0, 0), ext=XDRPositiveSize2D(9525, 9525))
        book.active.add_image(picture)

    book = read(illustrated(change=float_freely))

    assert (beside(book), book.is_some_lost) == ([{}], True)


def test_pictures_of_old_workbooks_are_told_and_of_texts_there_are_none() -> None:
    sheets = read_rows(b"a,b\n1,2\n")

    old = with_pictures(sheets, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20 + RED)
    plain = with_pictures(sheets, b"a,b\n1,2\n")

    assert (old.is_some_lost, plain.is_some_lost, beside(plain)) == (True, False, [{}])


def test_a_damaged_archive_loses_its_pictures_and_raises_nothing() -> None:
    content = illustrated(("B2", RED))

    book = with_pictures(read_rows(content), content[:-30])

    assert (beside(book), book.is_some_lost) == ([{}], True)


@given(st.data())
def test_drawings_with_any_damage_are_read_or_lost(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(["xl/drawings/drawing1.xml", "xl/drawings/_rels/drawing1.xml.rels"]))
    with ZipFile(BytesIO(ILLUSTRATED)) as archive:
        content = bytearray(archive.read(part))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        signs = st.sampled_from([b"", b"0", b"<", b"/", b"xdr:", b'"', b"\xff", b"9" * 5000, b"-1"])
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(signs)

    book = with_pictures(SHEETS, repacked(ILLUSTRATED, **{part: bytes(content)}))

    assert book.is_some_lost or all(set(found) <= {RED} for rows in beside(book) for found in rows.values())


def test_pictures_together_larger_than_allowed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.office_parts._LARGEST_PICTURES", len(RED) + 1)

    book = read(illustrated(("B2", RED), ("B3", BLUE)))

    assert (beside(book), book.is_some_lost) == ([{2: [RED]}], True)


def test_a_drawing_that_shows_one_picture_thousands_of_times_has_each_part_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ZipFile(BytesIO(ILLUSTRATED)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    start, end = drawing.index("<oneCellAnchor"), drawing.index("</oneCellAnchor>") + len("</oneCellAnchor>")
    many = drawing[:end] + drawing[start:end] * 2999 + drawing[end:]
    content, opened = repacked(ILLUSTRATED, **{"xl/drawings/drawing1.xml": many.encode()}), []
    read_part = OfficeParts.read
    monkeypatch.setattr(OfficeParts, "read", lambda *asked: opened.append(asked[1]) or read_part(*asked))

    book = with_pictures(SHEETS, content)

    assert len(book.pictures[0][2]) == 3000
    assert sorted(set(opened)) == sorted(opened)


def test_a_drawing_that_many_sheets_claim_is_read_once() -> None:
    with ZipFile(BytesIO(ILLUSTRATED)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    start, end = book.index("<sheet "), book.index("/>", book.index("<sheet ")) + 2
    content = repacked(ILLUSTRATED, **{"xl/workbook.xml": (book[:end] + book[start:end] * 9 + book[end:]).encode()})

    found = with_pictures(SHEETS, content)

    assert beside(found) == [{2: [RED]}]


def test_pictures_are_written_beside_their_rows_and_their_rows_are_tall() -> None:
    target = BytesIO()
    shown = {1: [Picture("红.png", RED, "红色"), Picture("高.png", drawn("blue", (50, 500)))]}
    spec = SheetSpec(name="题", columns=[Column("题干"), Column("图片")], rows=[["甲", ""], ["乙", ""]], pictures=shown)

    write_workbook(target, [spec])

    sheet = openpyxl.load_workbook(target).active
    assert {row: sheet.row_dimensions[row].height for row in (2, 3)} == {2: None, 3: 75.0}
    first, second = sorted(sheet._images, key=lambda image: image.anchor._from.colOff)
    assert [image.anchor._from.row for image in (first, second)] == [2, 2]
    assert second.anchor.to.row == 2
    book = read(target.getvalue())
    assert [picture.description for picture in book.pictures[0][3]] == ["红色", ""]
    assert [picture.size for picture in book.pictures[0][3]] == [(60, 40), (50, 500)]


def test_the_same_picture_of_many_rows_is_in_the_file_once() -> None:
    target = BytesIO()
    shown = {place: [Picture("红.png", RED)] for place in range(30)}

    write_workbook(target, [SheetSpec(name="题", columns=[Column("题")], rows=[["甲"]] * 30, pictures=shown)])

    with ZipFile(target) as archive:
        assert [name for name in archive.namelist() if "media" in name] == ["xl/media/image1.png"]
    assert pictures.with_pictures(read_rows(target.getvalue()), target.getvalue()).pictures[0].keys() == set(
        range(2, 32)
    )
