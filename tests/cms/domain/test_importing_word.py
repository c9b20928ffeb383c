"""A handbook from Word: what becomes of each thing in it, and which files are not opened."""

from contextlib import suppress
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from django.utils import translation
from docx.document import Document
from docx.oxml import parse_xml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cms.domain.importing import Lack, UnreadableBook, read_book
from tests.support.word import a_book, changed, describe_pictures, part_of, picture, saved

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(document: Document):
    return read_book(saved(document))


def problems_of(document: Document) -> list[tuple[str, str, Lack]]:
    return [(problem.place, problem.text, problem.lack) for problem in read(document).problems]


def test_headings_become_chapters_and_entries_and_labels_their_fields() -> None:
    book = read(a_book())

    assert book.problems == []
    assert (book.title, book.introduction, [chapter.title for chapter in book.chapters]) == (
        "岚溪县驻村手册",
        "写给队员。",
        ["第一章 驻村"],
    )
    first, second = book.chapters[0].entries
    assert (first.title, first.short_answer, first.basis) == ("一年住几天", "二百天。", "县级制度第三条")
    assert (first.document_number, first.region) == ("国办函〔2026〕12号", "岚溪县")
    assert (first.valid_from, first.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [(block["type"], block["value"]) for block in first.body] == [
        (
            "text",
            "<p>先看<b>这张表</b></p><ul><li>每季度五十天<ul><li>周末也算</li></ul></li></ul><ol><li>先报备</li></ol>",
        ),
        (
            "table",
            {
                "columns": [{"type": "text", "heading": "事项"}, {"type": "text", "heading": "天数"}],
                "rows": [{"values": ["全年", "200"]}],
                "caption": "",
            },
        ),
        ("image", {"image": "1", "description": "公示栏"}),
        ("heading", "细处"),
        ("warning", "不要补签。"),
    ]
    assert book.pictures == {"1": picture().getvalue()}
    assert (second.title, second.basis, second.region) == ("请假找谁", "县级制度第四条", "全国")


def headed(*headings: tuple[str, int]) -> Document:
    document = docx.Document()
    for text, level in headings:
        document.add_heading(text, level) if level >= 0 else document.add_paragraph(text)
    return document


@pytest.mark.parametrize(
    ("headings", "tree"),
    [
        ([("书", 0), ("章", 1), ("条", 2)], ("书", {"章": ["条"]})),
        ([("书", 1), ("章", 2), ("条", 3), ("条二", 3)], ("书", {"章": ["条", "条二"]})),
        ([("书", -1), ("章", 1), ("条", 2), ("章二", 1), ("条二", 2)], ("书", {"章": ["条"], "章二": ["条二"]})),
        ([("书", 0), ("章", 2), ("条", 4)], ("书", {"章": ["条"]})),
        ([("书", 0), ("条", 1), ("条二", 1)], ("书", {"书": ["条", "条二"]})),
        ([("书", 1), ("条", 2), ("条二", 2)], ("书", {"书": ["条", "条二"]})),
    ],
)
def test_levels_of_headings_are_taken_as_they_come(headings, tree) -> None:
    book = read(headed(*headings))

    found = {chapter.title: [entry.title for entry in chapter.entries] for chapter in book.chapters}
    assert (book.title, found) == tree


@pytest.mark.parametrize("name", ["标题 2", "标题2", "Heading 2"])
def test_a_style_is_a_heading_by_its_chinese_name_too(name: str) -> None:
    document = headed(("书", 0), ("章", 1))
    if name not in [style.name for style in document.styles]:
        document.styles.add_style(name, 1)
    document.add_paragraph("条", style=name)

    assert [entry.title for entry in read(document).chapters[0].entries] == ["条"]


def test_an_outline_level_is_a_heading_without_a_style() -> None:
    document = headed(("书", 0), ("章", 1))
    paragraph = document.add_paragraph("条")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))

    assert [entry.title for entry in read(document).chapters[0].entries] == ["条"]


@pytest.mark.parametrize("wrapper", ["smartTag", "customXml", "ins", "sdt"])
def test_words_inside_a_wrapper_are_read(wrapper: str) -> None:
    document = a_book()
    inner = "<w:r><w:t>二百天</w:t></w:r>"
    content = f"<w:sdtContent>{inner}</w:sdtContent>" if wrapper == "sdt" else inner
    document.paragraphs[-1]._p.addprevious(parse_xml(f"<w:p {W}><w:{wrapper}>{content}</w:{wrapper}></w:p>"))

    entry = read(document).chapters[0].entries[1]

    assert entry.body == [{"type": "text", "value": "<p>二百天</p>"}]


def test_deleted_words_are_not_read_and_the_change_is_named() -> None:
    document = a_book()
    document.paragraphs[-1]._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>旧</w:delText></w:r></w:del>"))

    assert [text for _place, text, _lack in problems_of(document)] == [
        "Tracked changes were read as if they had been accepted."
    ]


@pytest.mark.parametrize(
    ("xml", "named"),
    [
        (f"<w:r {W}><w:footnoteReference w:id='1'/></w:r>", "a footnote"),
        (f"<w:r {W}><w:commentReference w:id='1'/></w:r>", "a comment"),
        (f"<w:r {W}><w:object/></w:r>", "an embedded object"),
        ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>', "a formula"),
    ],
)
def test_what_is_left_out_is_named_with_its_place_and_does_not_stop_the_book(xml: str, named: str) -> None:
    document = a_book()
    document.paragraphs[-1]._p.append(parse_xml(xml))

    book = read(document)

    assert [(problem.place, problem.text) for problem in book.left_out] == [("请假找谁, paragraph 2", named)]
    assert book.to_mend == []


def test_what_is_missing_is_named_with_its_place() -> None:
    document = a_book()
    document.add_heading("谁来签字", 2)
    document.add_picture(picture("blue"))

    assert problems_of(document) == [
        ("谁来签字, paragraph 1", "a picture without a description (alternative text or caption)", Lack.MISSING),
        ("谁来签字", "短答：", Lack.MISSING),
        ("谁来签字", "依据：", Lack.MISSING),
    ]


def test_the_alternative_text_describes_a_picture() -> None:
    document = a_book()
    describe_pictures(document, "村务公示栏")

    images = [block["value"] for block in read(document).chapters[0].entries[0].body if block["type"] == "image"]

    assert images == [{"image": "1", "description": "村务公示栏"}]


def test_what_does_not_fit_a_field_is_named() -> None:
    document = a_book()
    document.add_paragraph("文号：" + "长" * 81)
    document.add_paragraph("有效期：2026年2月30日起")

    assert [text for _place, text, _lack in problems_of(document)] == [
        "2026年2月30日",
        f"81 characters, at most 80 fit: {'长' * 20}…",
    ]


def test_a_merged_cell_says_in_each_place_what_it_says() -> None:
    document = a_book()
    table = document.add_table(3, 2)
    for place, text in enumerate(["甲", "乙", "一", "二", "", "三"]):
        table.cell(place // 2, place % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))

    block = read(document).chapters[0].entries[1].body[-1]

    assert [row["values"] for row in block["value"]["rows"]] == [["一", "二"], ["一", "三"]]


# -- which files are opened -------------------------------------------------------------------

MARKDOWN = "# 手册\n\n## 章\n\n### 条\n\n短答：好。\n\n依据：制度\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_content_decides_what_a_file_is(encoding: str) -> None:
    book = read_book(MARKDOWN.encode(encoding))

    assert (book.title, book.entry_count, book.problems) == ("手册", 1, [])


def bomb() -> bytes:
    return changed(saved(a_book()), "word/media/x.png", b"\0" * 60_000_000)


def with_entities() -> bytes:
    content = saved(a_book())
    document = part_of(content, "word/document.xml").replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document', 1
    )
    return changed(content, "word/document.xml", document)


def encrypted_member() -> bytes:
    # The flag alone is enough: Python writes no encrypted archives.
    content = bytearray(saved(a_book()))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def other_kind(old: bytes, new: bytes) -> bytes:
    content = saved(a_book())
    kinds = part_of(content, "[Content_Types].xml").replace(old, new)
    return changed(content, "[Content_Types].xml", kinds)


def only(name: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty_file"),
        (lambda: b" \r\n\0", "empty_file"),
        (lambda: b"x" * (20 * 1024 * 1024 + 1), "too_large"),
        (bomb, "archive_bomb"),
        (with_entities, "not_a_book"),
        (encrypted_member, "encrypted"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (lambda: OLE + b"\0" * 600, "old_word"),
        (lambda: changed(saved(a_book()), "word/vbaProject.bin", b"x"), "macros"),
        (
            lambda: other_kind(
                b"openxmlformats-officedocument.wordprocessingml.document.main",
                b"ms-word.document.macroEnabled.main",
            ),
            "macros",
        ),
        (lambda: other_kind(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main"), "not_a_book"),
        (lambda: changed(saved(a_book()), "word/document.xml", None), "not_a_book"),
        (lambda: changed(saved(a_book()), "word/document.xml", b"<w:document"), "not_a_book"),
        (lambda: only("x.txt"), "not_a_book"),
        (lambda: saved(a_book())[:-200], "not_a_book"),
        (lambda: b"%PDF-1.7 x", "not_a_book"),
        (lambda: b"{\\rtf1 x}", "not_a_book"),
        (lambda: b"<html><body>x", "not_a_book"),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0", "not_a_book"),
    ],
)
def test_a_file_that_is_no_book_is_refused_by_name(make, code: str) -> None:
    with pytest.raises(UnreadableBook) as refused:
        read_book(make())

    assert refused.value.code == code


def test_a_cell_that_claims_a_million_columns_is_cut() -> None:
    document = a_book()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "甲", "乙"
    table.cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {W} w:val="9999"/>'))

    block = read(document).chapters[0].entries[1].body[-1]

    assert len(block["value"]["columns"]) == 63


GOOD = saved(a_book())
DOCUMENT_PART = part_of(GOOD, "word/document.xml")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=20))
@example([(0, 0)])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(damage: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for place, value in damage:
        content[place] = value

    with suppress(UnreadableBook):
        read_book(bytes(content))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(DOCUMENT_PART) - 1), st.integers(1, 60), st.sampled_from([b"", b"<", b'"', b"-1", b"w:p"]))
def test_a_damaged_text_inside_a_sound_archive_is_read_or_refused(start: int, length: int, new: bytes) -> None:
    part = DOCUMENT_PART[:start] + new + DOCUMENT_PART[start + length :]

    with suppress(UnreadableBook):
        read_book(changed(GOOD, "word/document.xml", part))
