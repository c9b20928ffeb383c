"""Tables of questions as people have them, and the traps in them."""

import json
from pathlib import Path

import pytest

from common.archives import ArchiveEscapes
from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.document_refusals import HoldsMacros
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.tables import read_sheets
from question_bank.enums import Difficulty, Kind
from tests.support.question_files import (
    HEADINGS,
    SINGLE,
    all_short,
    refusals,
    repacked,
    rows_understood,
    understood,
    workbook,
)

YEARS = ("一年", "两年", "三年", "四年")
THE_SINGLE = (Kind.SINGLE, "每期几年？", "B", YEARS)


def row(kind="单选题", stem="每期几年？", answer="B", options=YEARS):
    return [kind, stem, *options, *[""] * (4 - len(options)), answer]


@pytest.mark.parametrize(
    "headings",
    [
        ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"],
        ["题目类型", "题目内容", "A", "B", "C", "D", "正确答案"],
        ["类 型", "题目（必填）", "选项 A", "选项 B", "选项 C", "选项 D", "标准答案*"],
        ["试题类型", "问题", "选项1", "选项2", "选项3", "选项4", "正确选项"],
        ["【题型】", "【题干】", "Ａ", "Ｂ", "Ｃ", "Ｄ", "【答案】"],
        ["KIND", "Question", "Option A", "Option B", "Option C", "Option D", "Answer"],
    ],
)
def test_headings_are_understood_in_every_usual_spelling(headings):
    file = rows_understood(headings, SINGLE)

    assert all_short(file) == [THE_SINGLE]
    assert refusals(file) == []


@pytest.mark.parametrize(
    ("kind", "answer", "right"),
    [
        ("单选", "b", "B"),
        ("单项选择题", "Ｂ", "B"),
        ("单选题（2分）", " B. ", "B"),
        ("单选题", "两年", "B"),
        ("单选题", "B. 两年", "B"),
        ("多选", "ABD", "ABD"),
        ("多项选择题", "A,B，D", "ABD"),
        ("不定项", "A|B|D", "ABD"),
        ("多选题", "A;B；D", "ABD"),
        ("多选题", "A、B、D", "ABD"),
        ("多选题", "A B D", "ABD"),
        ("多选题", "一年、两年、四年", "ABD"),
    ],
)
def test_answers_of_choices_are_read_however_they_are_written(kind, answer, right):
    file = rows_understood(HEADINGS, row(kind=kind, answer=answer))

    assert [each[2] for each in all_short(file)] == [right]


@pytest.mark.parametrize(
    ("answers", "truth"),
    [("对 正确 √ T Y TRUE 是", True), ("错 错误 × F N FALSE 否 不正确", False)],
)
def test_statements_are_right_or_wrong_in_every_spelling(answers, truth):
    file = rows_understood(HEADINGS, *(row("判断题", "可以兼任。", answer, ()) for answer in answers.split()))

    assert all_short(file) == [(Kind.TRUE_FALSE, "可以兼任。", truth)] * len(answers.split())


def test_options_of_a_statement_say_what_its_letters_mean():
    file = rows_understood(HEADINGS, row("判断", "可以兼任。", "A", ("错误", "正确")))

    assert all_short(file) == [(Kind.TRUE_FALSE, "可以兼任。", False)]


@pytest.mark.parametrize(("right", "wrong"), [("A", "B"), ("1", "2")])
def test_codes_for_right_and_wrong_need_an_explanation(right, wrong):
    rows = [HEADINGS, row("判断", "可以兼任。", right, ()), row("判断", "必须轮换。", wrong, ())]

    silent = rows_understood(*rows)
    explained = rows_understood([f"判断题：{right}表示正确，{wrong}表示错误"], *rows)

    assert [each.place for each in silent.refused] == ["sheet “Sheet1”, row 2", "sheet “Sheet1”, row 3"]
    assert [each[2] for each in all_short(explained)] == [True, False]


def test_a_person_may_say_what_the_codes_mean():
    content = workbook(题库=[HEADINGS, row("判断", "可以兼任。", "A", ())])

    file = understood(content, lambda layout: Layout(blocks=layout.blocks, truth={"A": False, "B": True}))

    assert [each[2] for each in all_short(file)] == [False]


@pytest.mark.parametrize(
    ("stem", "answer", "blanks"),
    [
        ("每期____年。", "两;2", (("两", "2"),)),
        ("每期____年，每月____天。", "两|二十;20", (("两",), ("二十", "20"))),
        ("每期（  ）年，每月（）天。", "两|二十", (("两",), ("二十",))),
        ("每期＿＿＿年，每月_____天。", "两、二十", (("两",), ("二十",))),
        ("每期____年，每月____天。", "（1）两（2）二十", (("两",), ("二十",))),
        ("每期____年，每月____天。", "两 二十", (("两",), ("二十",))),
    ],
)
def test_blanks_and_what_they_accept_are_told_apart(stem, answer, blanks):
    file = rows_understood(HEADINGS, row("填空题", stem, answer, ()))

    assert [each[2] for each in all_short(file)] == [blanks]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(answer=""), "The question has no answer."),
        (row(answer="E"), "The answer names option E, but there are only 4 options."),
        (row(answer="BB"), "The answer “BB” names a letter twice."),
        (row(answer="五年"), "The answer “五年” is neither letters nor the text of an option."),
        (row(answer="B. 三年"), "The answer “B. 三年” names one option and quotes another."),
        (row(answer="B", options=("B", "A", "C", "D")), "The answer “B” can be read in two ways."),
        (row(answer="AB"), "A single choice question has exactly one right option."),
        (row("多选题", answer="A"), "A multiple choice question has at least two right options."),
        (row(stem="每期几年？（ C ）"), "The answers given for this question contradict each other."),
        (row(options=("一年", "", "三年", "四年")), "Option B is empty, but a later one is not."),
        (row(options=("一年", "一年")), "Two options say the same."),
        (row(options=("一年",), answer="A"), "The question has 1 options; two to eleven are possible."),
        (row(stem=""), "The question has no text."),
        (row("选择题"), "The kind “选择题” is not known."),
        (row("7"), "The kind “7” is a figure that could mean more than one kind."),
        (row(""), "The kind is not given, and one right answer does not tell single from multiple choice."),
        (row("判断题", answer="大概", options=()),
         "The answer “大概” does not say for certain whether the statement is right or wrong."),
        (row("填空题", "每期____年。", "两|三", ()), "The stem has 1 blanks, but answers are given for 2."),
        (row("填空题", "每期几年。", "两", ()), "A fill-in question has at least one blank, written as ____."),
        (row("简答题", "简述。", "", ()), "A short answer needs a guide for those who mark it."),
        (row("简答题", "简述。", "要点"), "Only single and multiple choice questions have options."),
        (row(stem="长" * 2001), "stem: 2001 characters are too many; 2000 are possible."),
        (row(options=("长" * 501, "短")), "option: 501 characters are too many; 500 are possible."),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_its_place_and_reason(bad, reason):
    file = rows_understood(HEADINGS, SINGLE, bad)

    assert all_short(file) == [THE_SINGLE]
    assert refusals(file) == [("sheet “Sheet1”, row 3", reason)]


def test_an_answer_in_the_brackets_of_a_stem_is_taken_out_of_it():
    file = rows_understood(
        HEADINGS,
        row(stem="每期（ B ）轮换。", answer=""),
        row("多选题", "哪几年（A、B、D）", "ABD"),
        row("判断题", "可以兼任（×）。", "", ()),
    )

    assert [each[:3] for each in all_short(file)] == [
        (Kind.SINGLE, "每期（　）轮换。", "B"),
        (Kind.MULTIPLE, "哪几年（　）", "ABD"),
        (Kind.TRUE_FALSE, "可以兼任（　）。", False),
    ]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["题型", "题干", "选项", "答案"], ["单选题", "每期几年？", "A.一年\nB.两年\nC.三年\nD.四年", "B"]),
        (["题型", "题干", "选项", "答案"], ["单选题", "每期几年？", "一年|两年|三年|四年", "B"]),
        (["题型", "题干", "选项", "答案"], ["单选题", "每期几年？", "一年\n两年\n三年\n四年", "B"]),
        (["题型", "题干", "选项", "答案"], ["单选题", "每期几年？", "A、一年 B、两年 C、三年 D、四年", "B"]),
        (["题型", "题目", "答案"], ["单选题", "每期几年？\nA. 一年\nB. 两年\nC. 三年\nD. 四年", "B"]),
        (["题型", "题目", "答案"], ["单选题", "每期几年？（A）一年（B）两年（C）三年（D）四年", "B"]),
        (HEADINGS, ["单选题", "每期几年？", "A.一年", "B.两年", "C.三年", "D.四年", "B"]),
    ],
)
def test_options_may_stand_in_one_cell_or_behind_the_stem(headings, cells):
    file = rows_understood(headings, cells)

    assert all_short(file) == [THE_SINGLE]


@pytest.mark.parametrize("count", [2, 11])
def test_two_to_eleven_options_are_read(count):
    letters = "ABCDEFGHIJK"[:count]
    options = [f"第{number}项" for number in range(count)]

    file = rows_understood(["题型", "题干", *letters, "答案"], ["单选题", "哪项？", *options, letters[-1]])

    assert all_short(file) == [(Kind.SINGLE, "哪项？", letters[-1], tuple(options))]


def test_options_may_have_rows_of_their_own():
    headings = ["题号", "题型", "题干", "选项", "是否正确"]
    rows = [["1", "多选题", "哪些对？", "甲", "是"], ["", "", "", "乙", "否"], ["", "", "", "丙", "是"]]
    more = [["2", "单选题", "哪个？", "甲", ""], ["2", "单选题", "哪个？", "乙", "√"]]

    file = rows_understood(headings, *rows, *more)

    assert all_short(file) == [
        (Kind.MULTIPLE, "哪些对？", "AC", ("甲", "乙", "丙")),
        (Kind.SINGLE, "哪个？", "B", ("甲", "乙")),
    ]


def test_options_below_a_stem_are_recognised_without_a_column_that_says_so():
    headings = ["题型", "题干", "选项", "答案"]

    file = rows_understood(headings, ["单选题", "哪个？", "A.甲", "B"], ["", "", "B.乙"], ["", "", "C.丙"])

    assert all_short(file) == [(Kind.SINGLE, "哪个？", "B", ("甲", "乙", "丙"))]


def test_titles_notes_and_stacked_blocks_with_their_own_headings_are_understood():
    file = rows_understood(
        ["2025年题库"],
        ["说明：请勿改动"],
        ["一、单选题"],
        ["序号", "题目", "A", "B", "答案"],
        ["1", "哪个？", "甲", "乙", "A"],
        [],
        ["二、判断题（每题1分）"],
        ["序号", "答案", "题目"],
        ["1", "错", "可以兼任。"],
    )

    assert all_short(file) == [
        (Kind.SINGLE, "哪个？", "A", ("甲", "乙")),
        (Kind.TRUE_FALSE, "可以兼任。", False),
    ]
    assert refusals(file) == []


def test_a_title_between_rows_sets_the_kind_of_those_below():
    headings = ["题目", "A", "B", "答案"]

    file = rows_understood(
        headings, ["一、单选题"], ["哪个？", "甲", "乙", "A"], ["二、多选题"], ["哪些？", "甲", "乙", "AB"]
    )

    assert [each[0] for each in all_short(file)] == [Kind.SINGLE, Kind.MULTIPLE]


def test_sheets_may_be_named_for_kinds_and_topics_and_notes_are_skipped_and_named():
    headings = ["题目", "A", "B", "答案"]
    content = workbook(
        单选题=[headings, ["哪个？", "甲", "乙", "A"]],
        惠农政策=[["题型", *headings], ["多选", "哪些？", "甲", "乙", "AB"]],
        说明=[["每题一行"], ["谢谢"]],
    )

    file = understood(content)

    assert [(draft.kind, draft.topic) for draft in file.drafts] == [(Kind.SINGLE, ""), (Kind.MULTIPLE, "惠农政策")]
    assert file.losses == ["The sheet “说明” holds no questions."]


def test_a_table_without_headings_is_proposed_and_has_to_be_confirmed():
    rows = [["1", "单选题", f"第{n}题每期几年？", *YEARS, "B"] for n in range(5)]

    layout = understand_columns([Sheet("题库", rows)])

    assert [block.columns for block in layout.blocks] == [
        ("", "kind", "stem", "option_1", "option_2", "option_3", "option_4", "answer")
    ]
    assert not layout.is_sure()


def test_two_columns_that_claim_the_same_have_to_be_looked_at():
    layouts = [understand_columns([Sheet("", [["题干", other, "A", "B", "答案"]])]) for other in ("题目", "题干")]

    assert [layout.is_sure() for layout in layouts] == [True, False]
    assert [layout.blocks[0].columns[:2] for layout in layouts] == [("stem", ""), ("stem", "")]


def test_codes_for_kinds_are_read_only_if_the_rows_settle_them():
    headings = ["题型", "题干", "A", "B", "C", "D", "答案"]
    from_zero = rows_understood(headings, row("0"), row("1", "哪几年？", "AB"))
    open_question = rows_understood(headings, row("1", answer="五"), row("1", "哪几年？", "七"))

    assert [each[0] for each in all_short(from_zero)] == [Kind.SINGLE, Kind.MULTIPLE]
    assert len(open_question.refused) == 2


def test_the_rest_of_a_row_comes_along():
    headings = [
        *HEADINGS,
        "解析",
        "难度等级",
        "知识点",
        "来源",
        "文号",
        "生效日期",
        "失效日期",
        "试题编号",
        "分值",
        "备注",
    ]
    rest = [
        "因为",
        "较难",
        "惠农政策",
        "某办法第三条",
        "某发〔2025〕1号",
        "2025年6月1日",
        "2026/12/31",
        "Q-17",
        "2",
        "旧",
    ]

    file = rows_understood(headings, [*SINGLE, *rest])

    (draft,) = file.drafts
    assert (draft.explanation, draft.difficulty, draft.topic, draft.basis, draft.document_number, draft.key) == (
        "因为", Difficulty.HARD, "惠农政策", "某办法第三条", "某发〔2025〕1号", "Q-17",
    )  # fmt: skip
    assert (str(draft.valid_from), str(draft.valid_to)) == ("2025-06-01", "2026-12-31")
    assert file.losses == [
        "Points are not kept: the plan of an exam sets them.",
        "The column “备注” is not used.",
    ]


@pytest.mark.parametrize("day", ["2025-02-30", "45809", "去年"])
def test_a_validity_that_is_no_date_is_refused(day):
    file = rows_understood([*HEADINGS, "失效日期"], [*SINGLE, day])

    assert refusals(file) == [
        ("sheet “Sheet1”, row 2", f"“{day}” is not a date. Write it as 2025-06-01."),
    ]


def test_numbers_that_only_count_are_no_identifiers():
    headings = ["编号", *HEADINGS]

    counted = rows_understood(headings, ["1", *SINGLE], ["2", *row(stem="另一题？")])
    named = rows_understood(headings, ["20250017", *SINGLE])

    assert [draft.key for draft in counted.drafts] == ["", ""]
    assert [draft.key for draft in named.drafts] == ["20250017"]


def test_options_that_speak_of_the_others_keep_their_place():
    file = rows_understood(
        HEADINGS,
        row(options=("甲", "乙", "丙", "以上都对"), answer="D"),
        row(stem="另一题？", options=("甲", "乙", "A和B"), answer="C"),
    )

    assert [[option.is_anchored for option in draft.options] for draft in file.drafts] == [
        [False, False, False, True],
        [False, False, False],
    ]
    assert [draft.options_in_order for draft in file.drafts] == [False, True]


def test_a_corrected_layout_is_remembered_for_tables_with_the_same_headings():
    odd = ["大类", "描述", "A", "B", "C", "D", "结果"]
    first = understand_columns([Sheet("一", [["题型", "题干", "A", "B", "C", "D", "结果"]])])
    corrected = first.to_json()
    corrected["blocks"][0]["columns"][6] = "answer"

    stored = Layout.from_json(json.loads(json.dumps(corrected)))
    again = understand_columns([Sheet("二", [[], ["题型", " 题干", "Ａ", "B", "C", "D", "结果"], row()])])

    assert again.signature() == first.signature() == stored.signature()
    assert again.adopt(stored).blocks[0].columns[6] == "answer"
    assert understand_columns([Sheet("三", [odd])]).signature() != first.signature()


@pytest.mark.parametrize(
    "stored",
    [{}, {"blocks": 3, "skipped": [], "truth": {}}, {"blocks": [{"sheet": 0}], "skipped": [], "truth": {}}],
)
def test_nonsense_is_no_layout(stored):
    with pytest.raises(ValueError, match="layout"):
        Layout.from_json(stored)


def test_numbers_of_a_workbook_are_read_as_people_see_them():
    content = workbook(单选题=[["序号", "题干", "A", "B", "答案"], [1.0, "每期几年？", 1.0, 2.0, "B"]])

    assert all_short(understood(content)) == [(Kind.SINGLE, "每期几年？", "B", ("1", "2"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_is_read_whatever_its_file_is_called(encoding, delimiter):
    content = "\r\n".join(delimiter.join(cells) for cells in (HEADINGS, SINGLE)).encode(encoding)

    assert all_short(understood(content)) == [THE_SINGLE]


def test_thousands_of_empty_rows_do_not_count():
    rows = [HEADINGS, SINGLE, *[[""]] * 5_000, [" "]]

    assert all_short(understood(workbook(Sheet1=rows))) == [THE_SINGLE]


def test_rows_filled_in_ahead_hold_no_question():
    file = rows_understood(["序号", *HEADINGS], ["1", *SINGLE], ["2", "单选题"], ["3"])

    assert (all_short(file), refusals(file)) == ([THE_SINGLE], [])


@pytest.mark.parametrize(
    "macros",
    [
        {"xl__vbaProject.bin": b"x"},
        {"xl__macrosheets__sheet1.xml": b"<x/>"},
        {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
    ],
)
def test_workbooks_with_macros_are_refused(macros):
    plain = workbook(Sheet1=[HEADINGS, SINGLE])

    assert read_sheets(plain)
    with pytest.raises(HoldsMacros):
        read_sheets(repacked(plain, **macros))


@pytest.mark.parametrize("name", ["..__evil.xml", "C:\\evil.xml", "__etc__passwd", "xl__..__..__evil"])
def test_names_that_lead_out_of_a_package_are_refused(name):
    with pytest.raises(ArchiveEscapes):
        read_sheets(repacked(workbook(Sheet1=[HEADINGS, SINGLE]), **{name: b"x"}))


def test_old_excel_files_are_read_and_what_is_missing_in_them_is_refused():
    content = (Path(__file__).parents[3] / "common/spreadsheets/files/old.xls").read_bytes()

    assert refusals(understood(content)) == [
        ("sheet “单选题”, row 2", "The question has 0 options; two to eleven are possible."),
        ("sheet “单选题”, row 3", "The question has 0 options; two to eleven are possible."),
        ("sheet “单选题”, row 4", "The question has 0 options; two to eleven are possible."),
    ]
