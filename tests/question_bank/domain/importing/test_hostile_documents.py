"""Files that are broken or mean harm: a named refusal or a report, never anything else."""

import zlib
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.archives import ArchiveEncrypted, ArchiveEscapes, ArchiveRefused, ArchiveTooLarge
from common.refusals import Refusal
from common.spreadsheets.pictures import Workbook
from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.document_refusals import (
    DeclaresDocumentType,
    EmptyDocument,
    HoldsMacros,
    NotADocument,
    OldWordDocument,
)
from question_bank.domain.importing.plain_text import read_plain_text
from question_bank.domain.importing.tables import read_sheets, read_table
from question_bank.domain.importing.word import read_word
from tests.support.question_files import (
    HEADINGS,
    SINGLE,
    document,
    package,
    refusals,
    repacked,
    rows_understood,
    workbook,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = document(
    "单选题", "1. 每期几年？（B）", "A. 一年 B. 两年 C. 三年 D. 四年", "二、填空题", "1. 每____年", "答案：两"
)
WORKBOOK = workbook(单选题=[HEADINGS, SINGLE], 判断题=[["题目", "答案"], ["可以兼任。", "错"]])
BODY = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body>'
    b"</w:document>"
)
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ENTITY = b"<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
SNIPPETS = st.sampled_from(
    ["题干", "答案", "选项A", "A", "B", "A.", "A. 甲 B. 乙", "1.", "2. 什么？", "（B）", "（",
     "____", "答案：", "【解析】", "答案：1-3 ABC", "参考答案", "一、单选题", "判断题", "简答题", "√",
     "对", "ABD", "|", ";", " ", "1E+17", "2025-13-45", "第一章 总则", "单选", "0", "是否正确", "𬭎",
     "\\", "\n", "\x00", "\ud800", "A" * 600]
)  # fmt: skip
TEXTS = st.lists(SNIPPETS | st.text(max_size=8), max_size=6).map("".join)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyDocument),
        (b"  \n", EmptyDocument),
        (b"hello", NotADocument),
        (OLE + "WordDocument".encode("utf-16-le"), OldWordDocument),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ArchiveEncrypted),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), HoldsMacros),
        (WORKBOOK, NotADocument),
        (package(a=b"x"), NotADocument),
        (repacked(DOCUMENT, **{"word__vbaProject.bin": b"x"}), HoldsMacros),
        (repacked(DOCUMENT, **{"[Content_Types].xml": MACROS}), HoldsMacros),
        (repacked(DOCUMENT, **{"..__..__evil": b"x"}), ArchiveEscapes),
        # Packed only where it is asked for: that takes seconds.
        (lambda: repacked(DOCUMENT, word__media__big=b"\0" * 300_000_000), ArchiveTooLarge),
        (repacked(DOCUMENT, **{"word__document.xml": b"<w:document"}), NotADocument),
        (repacked(DOCUMENT, **{"word__document.xml": BOMB + BODY % ENTITY}), DeclaresDocumentType),
        (repacked(DOCUMENT, **{"word__numbering.xml": BOMB + b"<x>&b;</x>"}), DeclaresDocumentType),
        (DOCUMENT[:-40], ArchiveRefused),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_by_its_name(content, refusal):
    document = content() if callable(content) else content

    with pytest.raises(refusal):
        read_word(document)


def test_a_document_that_nests_deeper_than_a_parser_goes_is_refused():
    deep = b"<w:ins>" * 3_000 + b"</w:ins>" * 3_000

    with pytest.raises(NotADocument):
        read_word(repacked(DOCUMENT, **{"word__document.xml": BODY % (b"<w:p>" + deep + b"</w:p>")}))


def test_an_entity_that_points_to_a_file_brings_nothing_along():
    body = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY % b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>"

    with pytest.raises(Refusal):
        read_word(repacked(DOCUMENT, **{"word__document.xml": body}))


def test_a_cell_of_a_megabyte_is_refused_in_its_row():
    file = rows_understood(HEADINGS, SINGLE, ["单选题", "长" * 1_000_000, "一", "二", "", "", "A"])

    assert len(file.drafts) == 1
    assert refusals(file) == [
        ("sheet “Sheet1”, row 3", "stem: 1000000 characters are too many; 2000 are possible."),
    ]


@pytest.mark.parametrize(
    "text", ["A" * 200_000, "（" * 200_000, "1." * 100_000, "_" * 200_000, "A. " * 60_000, "答案：" * 60_000]
)
def test_long_lines_of_one_sign_take_no_longer_than_others(text):
    with suppress(Refusal):
        read_plain_text(f"单选题\n1. {text}\nA. 一\nB. 两\n答案：{text}".encode())
    rows_understood(HEADINGS, ["", text, text, "二", "", "", text], ["填空题", text, "", "", "", "", text])


@given(st.lists(st.lists(TEXTS, max_size=8), max_size=8), st.lists(TEXTS, max_size=8))
def test_any_rows_give_a_report(rows, headings):
    sheets = [Sheet("单选题", [headings, *rows]), Sheet("", [["题干", "选项", "是否正确", "答案"], *rows])]

    with translation.override("en"):
        file = read_table(Workbook(sheets), understand_columns(sheets))

    assert all(row.reason and row.place for row in file.refused)


@given(st.lists(TEXTS, max_size=30))
def test_any_lines_give_a_report(lines):
    with suppress(Refusal):
        file = read_plain_text("\n".join(lines).encode("utf-8", "replace"))
        assert all(row.reason and row.place for row in file.refused)


@given(st.lists(TEXTS.map(lambda text: text.replace("\x00", "").encode("utf-8", "ignore").decode()), max_size=12))
def test_any_paragraphs_give_a_report(paragraphs):
    body = "".join(
        f"<w:p><w:r><w:t>{text.translate({38: None, 60: None, 62: None})}</w:t></w:r></w:p>" for text in paragraphs
    )

    with suppress(Refusal):
        file = read_word(repacked(DOCUMENT, **{"word__document.xml": BODY % body.encode()}))
        assert all(row.reason and row.place for row in file.refused)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_documents_are_read_or_refused(data):
    content = bytearray(data.draw(st.sampled_from([DOCUMENT, WORKBOOK])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    for reader in (read_word, read_plain_text):
        with suppress(Refusal):
            reader(bytes(content))


@given(st.data())
def test_mutated_markup_inside_a_document_is_read_or_refused(data):
    body = bytearray(
        BODY
        % b'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:u w:val="x"/>'
        b"</w:rPr><w:t> </w:t><w:sym/><w:tab/></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b"0", b"<", b"/", b"w:", b'"', b"\xff"])
        )

    with suppress(Refusal):
        read_word(repacked(DOCUMENT, **{"word__document.xml": bytes(body)}))


@settings(max_examples=5)
@given(st.data())
def test_mutated_workbooks_are_read_or_refused(data):
    content = bytearray(WORKBOOK)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    with suppress(Refusal):
        book = read_sheets(bytes(content))
        read_table(book, understand_columns(book.sheets))


def test_a_member_that_lies_about_its_compression_is_refused():
    place = DOCUMENT.index(b"word/document.xml") + len("word/document.xml")
    broken = DOCUMENT[: place + 10] + zlib.compress(b"x")[:4] + DOCUMENT[place + 14 :]

    with pytest.raises(Refusal):
        read_word(broken)
