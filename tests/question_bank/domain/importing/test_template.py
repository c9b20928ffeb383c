"""Our own workbook: what is written is read back, and a person can fill it in."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.spreadsheets.reading import read_rows
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.tables import understand_columns
from question_bank.domain.importing.template import TITLES, write_table, write_template
from question_bank.enums import Kind
from tests.support.question_files import all_short, drafts, refusals, understood


@given(st.lists(drafts(), min_size=1, max_size=4))
def test_what_is_exported_reads_back_without_loss(written):
    file = understood(write_table(written))

    assert refusals(file) == []
    assert [replace(draft, place="") for draft in file.drafts] == written
    assert file.losses == []


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "＝1", "_x0041_", "<r>a</r>", "1.20", "007", "1E5"])
def test_texts_that_a_spreadsheet_would_run_or_round_stay_texts(text):
    draft = QuestionDraft(place="", kind=Kind.TRUE_FALSE, stem=text, explanation=text, statement_is_true=True)

    content = write_table([draft])

    assert [replace(each, place="") for each in understood(content).drafts] == [draft]
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} == {"s"}


def test_answers_in_the_brackets_of_an_exported_stem_stay_where_they_are():
    options = (DraftOption("甲"), DraftOption("乙", is_right=True))
    draft = QuestionDraft(place="", kind=Kind.SINGLE, stem="维生素（A）是哪个？", options=options)

    assert [replace(each, place="") for each in understood(write_table([draft])).drafts] == [draft]


def test_the_template_offers_kinds_difficulties_and_topics():
    book = openpyxl.load_workbook(BytesIO(write_template(["惠农政策/补贴", "驻村管理"])))

    form, _instructions, topics = book.worksheets
    rules = {str(rule.sqref): rule.formula1 for rule in form.data_validations.dataValidation}
    assert rules == {
        "A2:A5001": '"单选题,多选题,判断题,填空题,简答题"',
        "B2:B5001": "'知识点列表'!$A$1:$A$2",
        "C2:C5001": '"易,中,难"',
        f"{form.cell(1, TITLES.index('选项顺序') + 1).column_letter}2:Y5001": '"固定"',
        "Z2:Z5001": '"任意"',
    }
    assert (form.title, form.freeze_panes, topics.sheet_state) == ("试题", "E2", "hidden")
    assert [cell.value for cell in form[1]] == list(TITLES)
    assert [row[0].value for row in topics.rows] == ["惠农政策/补贴", "驻村管理"]


def test_an_empty_template_holds_no_questions():
    file = understood(write_template(["驻村管理"]))

    assert (file.drafts, file.refused) == ([], [])


def test_a_template_filled_in_by_a_person_is_read_with_care():
    book = openpyxl.load_workbook(BytesIO(write_template([])))
    sheet = book.worksheets[0]
    for title, value in {
        "题型": "单选题",
        "题干": "每期几年？（B）",
        "选项A": "一",
        "选项B": "以上都对",
        "答案": "B",
    }.items():
        sheet.cell(2, TITLES.index(title) + 1, value)
    target = BytesIO()
    book.save(target)

    file = understood(target.getvalue())

    assert all_short(file) == [(Kind.SINGLE, "每期几年？（　）", "B", ("一", "以上都对"))]
    assert [option.is_anchored for option in file.drafts[0].options] == [False, True]


def test_the_template_is_understood_without_a_person():
    with translation.override("en"):
        layout = understand_columns(read_rows(write_template(["驻村管理"])))

    assert layout.is_sure()
    assert "" not in layout.blocks[0].columns
