"""Questions in Word documents."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from django.utils import translation
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from question_bank.domain.demo_bank import read_bank
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.word import read_word
from question_bank.domain.importing.word_export import write_word
from question_bank.enums import Difficulty, Kind
from tests.support.question_files import HEADINGS, SINGLE, all_short, document, refusals

YEARS = ("一年", "两年", "三年", "四年")
THE_SINGLE = (Kind.SINGLE, "每期几年？", "B", YEARS)


def read(*paragraphs, change=None, **said):
    with translation.override("en"):
        return read_word(document(*paragraphs, change=change), **said)


def picture():
    target = BytesIO()
    Image.new("RGB", (2, 2), "red").save(target, "PNG")
    return target.getvalue()


def numbered(made, texts, number_format, list_id):
    """Paragraphs that Word numbers by itself."""
    numbering = made.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{list_id}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{number_format}"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/></w:num>')
    )
    for text in texts:
        properties = made.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>')
        )


def test_typed_numbers_options_and_fields_are_read():
    file = read(
        "一、单选题（每题2分）",
        "1．每期几年？（ B ）",
        "A．一年\tB．两年",
        "C．三年\tD．四年",
        "【解析】因为",
        "二、判断题",
        "1．可以兼任。",
        "答案：错",
    )

    assert all_short(file) == [
        (Kind.SINGLE, "每期几年？（　）", "B", YEARS),
        (Kind.TRUE_FALSE, "可以兼任。", False),
    ]
    assert [draft.place for draft in file.drafts] == ["question 1, paragraph 2", "question 1, paragraph 7"]


def test_numbers_that_word_counts_by_itself_are_read():
    def change(made):
        numbered(made, ["每期几年？"], "decimal", 90)
        numbered(made, YEARS, "upperLetter", 91)
        made.add_paragraph("答案：B")

    assert all_short(read("单选题", change=change)) == [THE_SINGLE]


def test_lines_drawn_under_spaces_are_blanks():
    def change(made):
        paragraph = made.add_paragraph("1. 每期")
        paragraph.add_run("      ").underline = True
        paragraph.add_run("年。")
        made.add_paragraph("答案：两")

    assert all_short(read("填空题", change=change)) == [(Kind.FILL, "每期____年。", (("两",),))]


def test_pictures_come_along_with_their_words():
    content = picture()

    def change(made):
        run = made.add_paragraph("1. 图中是什么？（A）").add_run()
        run.add_picture(BytesIO(content))
        next(run._r.iter(qn("wp:docPr"))).set("descr", "一面旗")
        made.add_paragraph("A. 旗 B. 章")

    (draft,) = read("单选题", change=change).drafts

    assert [(image.content, image.description) for image in draft.images] == [(content, "一面旗")]
    assert draft.images[0].name.endswith(".png")


def test_tables_of_questions_are_read_like_sheets_and_other_tables_like_lines():
    def change(made):
        for rows in ([HEADINGS, SINGLE], [["A. 甲", "B. 乙"], ["C. 丙", "D. 丁"]]):
            if len(rows[0]) == 2:
                made.add_paragraph("多选题")
                made.add_paragraph("1. 哪些？（BD）")
            table = made.add_table(len(rows), len(rows[0]))
            for cells, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, texts, strict=True):
                    cell.text = text

    file = read(change=change)

    assert sorted(all_short(file)) == [
        (Kind.MULTIPLE, "哪些？（　）", "BD", ("甲", "乙", "丙", "丁")),
        THE_SINGLE,
    ]


def test_a_table_takes_its_kind_from_the_heading_above_it():
    def change(made):
        table = made.add_table(2, 4)
        for cells, texts in zip(table.rows, [["题目", "A", "B", "答案"], ["哪个？", "甲", "乙", "A"]], strict=True):
            for cell, text in zip(cells.cells, texts, strict=True):
                cell.text = text

    assert all_short(read("一、单选题", change=change)) == [(Kind.SINGLE, "哪个？", "A", ("甲", "乙"))]


def test_what_was_deleted_with_changes_tracked_is_not_read():
    def change(made):
        paragraph = made.add_paragraph("1. 每期几年？")
        deleted = OxmlElement("w:moveFrom")
        deleted.append(made.add_paragraph("旧文字").runs[0]._r)
        paragraph._p.append(deleted)
        for text in ("A. 一年 B. 两年 C. 三年 D. 四年", "答案：B"):
            made.add_paragraph(text)

    assert all_short(read("单选题", change=change)) == [THE_SINGLE]


def test_paragraphs_in_form_fields_are_read():
    def change(made):
        for text in ("1. 每期几年？", "A. 一年 B. 两年 C. 三年 D. 四年", "答案：B"):
            made.add_paragraph(text)
        field, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        first = made.paragraphs[1]._p
        first.addprevious(field)
        field.append(content)
        content.append(first)

    assert all_short(read("单选题", change=change)) == [THE_SINGLE]


def test_headings_of_the_document_are_topics():
    def change(made):
        made.add_heading("惠农政策", 1)
        for text in ("判断题", "1. 可以兼任。（×）"):
            made.add_paragraph(text)

    assert [draft.topic for draft in read(change=change).drafts] == ["惠农政策"]


def test_what_cannot_be_read_is_refused_with_its_paragraph():
    file = read("一、单选题", "1. 每期几年？", "A. 一年 B. 两年", "答案：C")

    assert refusals(file) == [
        ("question 1, paragraph 2", "The answer names option C, but there are only 2 options."),
    ]


def demo_drafts():
    return [
        QuestionDraft(
            place="",
            kind=Kind(each["kind"]),
            topic=file.code,
            difficulty=Difficulty(each["difficulty"]),
            options=tuple(
                DraftOption(text, place in each["right"], place in each.get("anchored", ()))
                for place, text in enumerate(each.get("options", ()), start=1)
            ),
            options_in_order=each.get("ordered", False),
            statement_is_true=each["right"] if each["kind"] == Kind.TRUE_FALSE else None,
            blanks=tuple(map(tuple, each.get("blanks", ()))),
            blanks_in_any_order=each.get("free_order", False),
            marking_guide=each.get("guide", ""),
            valid_from=each.get("valid_from"),
            valid_to=each.get("valid_to"),
            **{name: each.get(name, "") for name in ("stem", "explanation", "basis", "document_number", "region")},
        )
        for file in read_bank()
        for each in file.questions
    ]


def test_a_whole_bank_written_to_be_read_is_read_back_without_loss():
    written = demo_drafts()

    file = read_word(write_word(written, "题库"))

    by_stem = {draft.stem: draft for draft in written}
    assert refusals(file) == []
    assert {draft.stem: replace(draft, place="") for draft in file.drafts} == by_stem
    assert len(written) > 300


def test_the_answers_are_on_a_page_of_their_own():
    draft = QuestionDraft(place="", kind=Kind.TRUE_FALSE, stem="可以兼任。", statement_is_true=False)

    texts = [each.text for each in docx.Document(BytesIO(write_word([draft], "练习"))).paragraphs]

    assert texts == ["练习", "一、判断题", "1. 可以兼任。", "参考答案", "一、判断题", "1. 错误"]


@pytest.mark.parametrize("drafts", [[]])
def test_nothing_to_write_is_a_document_with_its_title(drafts):
    assert read_word(write_word(drafts, "空")).drafts == []
