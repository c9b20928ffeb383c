"""Questions in running text."""

import pytest
from django.utils import translation

from question_bank.domain.importing.document_refusals import EmptyDocument, NotAText
from question_bank.domain.importing.plain_text import read_plain_text
from question_bank.enums import Difficulty, Kind
from tests.support.question_files import all_short, refusals

YEARS = ("一年", "两年", "三年", "四年")
THE_SINGLE = (Kind.SINGLE, "每期几年？", "B", YEARS)
LIST_INSIDE = "It is not clear where this question ends: its text holds a numbered list."
TWICE = "It is not clear where this question ends: it has options twice."


def read(text, **said):
    with translation.override("en"):
        return read_plain_text(text.encode(), **said)


@pytest.mark.parametrize(
    "text",
    [
        "1. 每期几年？\nA. 一年\nB. 两年\nC. 三年\nD. 四年\n答案：B",
        "1、每期几年？\nA、一年\nB、两年\nC、三年\nD、四年\n【答案】B",
        "1．每期几年？\nA．一年  B．两年  C．三年  D．四年\n参考答案：B",
        "（1）每期几年？\n（A）一年（B）两年（C）三年（D）四年\n正确答案: B",
        "第1题 每期几年？\nA.一年\tB.两年\tC.三年\tD.四年\n答案 B",
        "1. 每期几年？ A.一年 B.两年 C.三年 D.四年 答案：B",
        "1) 每期几年？\nＡ．一年\nＢ．两年\nＣ．三年\nＤ．四年\n标准答案：Ｂ",
        "每期几年？\nA. 一年\nB. 两年\nC. 三年\nD. 四年\n答案：B",
    ],
)
def test_stems_options_and_answers_are_read_in_every_usual_spelling(text):
    file = read(f"一、单项选择题（每题2分，共20分）\n{text}")

    assert (all_short(file), refusals(file)) == ([THE_SINGLE], [])


def test_an_answer_in_the_brackets_is_read_and_taken_away():
    file = read("单选题\n1. 每期（ B ）年？\nA. 一 B. 两\n判断题\n1. 可以兼任。（×）\n2. 必须轮换（√）")

    assert all_short(file) == [
        (Kind.SINGLE, "每期（　）年？", "B", ("一", "两")),
        (Kind.TRUE_FALSE, "可以兼任。（　）", False),
        (Kind.TRUE_FALSE, "必须轮换（　）", True),
    ]


def test_headings_give_kind_and_topic_and_fields_the_rest():
    file = read(
        "第一章 驻村管理\n一、多选题\n1. 哪些？\nA. 甲\nB. 乙\n答案：AB 解析：因为\n两者都是。\n"
        "【难度】易\n【依据】某办法\n"
        "第二章 惠农政策\n二、填空题\n1. 每期____年，每月____天。\n答案：两|二十;20\n知识点：补贴"
    )

    first, second = file.drafts
    assert (first.topic, first.explanation, first.difficulty, first.basis) == (
        "驻村管理", "因为\n两者都是。", Difficulty.EASY, "某办法",
    )  # fmt: skip
    assert (second.topic, second.blanks) == ("补贴", (("两",), ("二十", "20")))


@pytest.mark.parametrize(
    "key",
    [
        "答案：1-2 BC",
        "参考答案\n1-2 BC",
        "参考答案：\n1.B 2.C",
        "参考答案：1.B 2.C",
        "答案：1、B；2、C",
        "参考答案\n1. B\n解析：因为\n2. C",
        "答案\n一、单选题：1~2：B C",
    ],
)
def test_answers_may_stand_together_at_the_end(key):
    file = read(f"一、单选题\n1. 甲？\nA. 一 B. 两 C. 三\n2. 乙？\nA. 一 B. 两 C. 三\n{key}")

    assert [each[1:3] for each in all_short(file)] == [("甲？", "B"), ("乙？", "C")]


def test_answers_at_the_end_go_by_kind_where_numbers_begin_again():
    file = read(
        "一、单选题\n1. 甲？\nA. 一 B. 两\n二、多选题\n1. 乙？\nA. 一 B. 两\n"
        "三、判断题\n1. 丙。\n2. 丁。\n四、填空题\n1. 戊____。\n"
        "参考答案\n一、单选题\n1.B\n二、多选题 1.AB\n三、判断题\n1-2 √×\n四、填空题\n1. 己|庚"
    )

    assert [each[:3] for each in all_short(file)] == [
        (Kind.SINGLE, "甲？", "B"),
        (Kind.MULTIPLE, "乙？", "AB"),
        (Kind.TRUE_FALSE, "丙。", True),
        (Kind.TRUE_FALSE, "丁。", False),
    ]
    assert [reason for _place, reason in refusals(file)] == ["The stem has 1 blanks, but answers are given for 2."]


def test_an_answer_for_a_number_that_two_questions_have_is_used_for_neither():
    file = read("一、单选题\n1. 甲？\nA. 一 B. 两\n1. 乙？\nA. 一 B. 两\n参考答案\n1. A")

    assert all_short(file) == []
    assert [reason for _place, reason in refusals(file)] == [
        "The list of answers does not tell apart the questions with this number."
    ] * 2


def test_answers_may_stand_behind_each_section():
    file = read(
        "一、单选题\n1. 甲？\nA. 一 B. 两\n2. 乙？\nA. 一 B. 两\n答案：1-2 BA\n"
        "二、多选题\n1. 丙？\nA. 一 B. 两\n答案：AB\n三、判断题\n1. 丁。（√）\n2. 戊。（×）"
    )

    assert [each[1:3] for each in all_short(file)] == [
        ("甲？", "B"),
        ("乙？", "A"),
        ("丙？", "AB"),
        ("丁。（　）", True),
        ("戊。（　）", False),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("参考答案：1.B 2.A", "参考答案：1.√ 2.×"),
        ("参考答案\n1.B\n2.A", "参考答案\n1.√\n2.×"),
        ("参考答案\n1.B\n解析：因为\n2.A", "答案\n1-2 √×"),
    ],
)
def test_statements_between_two_lists_of_answers_are_questions(first, second):
    file = read(
        f"一、单选题\n1. 甲？\nA. 一 B. 两\n2. 乙？\nA. 一 B. 两\n{first}\n二、判断题\n1. 丙是。\n2. 丁是。\n{second}"
    )

    assert refusals(file) == []
    assert [each[1:3] for each in all_short(file)] == [
        ("甲？", "B"), ("乙？", "A"), ("丙是。", True), ("丁是。", False),
    ]  # fmt: skip


def test_numbered_answers_that_may_be_for_blanks_or_for_questions_are_used_for_neither():
    file = read("填空题\n1. 首都是____。\n2. ____和____。\n答案：1.北京 2.济南")

    assert all_short(file) == []
    assert [reason for _place, reason in refusals(file)] == [
        "The question has no answer.",
        "It is not clear whether these answers are for one question or for several.",
    ]


def test_a_question_without_an_answer_does_not_make_the_rest_disappear():
    file = read("单选题\n1. 甲？\nA. 一\nB. 两\n2. 乙？\nA. 一\nB. 两\n答案：\nB\n3. 丙？\nA. 一\nB. 两\n答案：\nA")

    assert [each[1:3] for each in all_short(file)] == [("乙？", "B"), ("丙？", "A")]
    assert refusals(file) == [("question 1, line 2", "The question has no answer.")]


@pytest.mark.parametrize(
    "line",
    ["判断题：可以兼任。（√）", "判断：可以兼任。（√）", "【判断题】可以兼任。（√）", "可以兼任。（√）[判断题] *"],
)
def test_a_kind_before_or_behind_a_stem_is_no_heading_and_no_part_of_it(line):
    alone, numbered = read(f"{line}\n{line}"), read(f"1. {line}\n2. {line}")

    assert all_short(alone) == all_short(numbered) == [(Kind.TRUE_FALSE, "可以兼任。（　）", True)] * 2


def test_a_statement_behind_its_kind_may_speak_of_points_and_requests():
    file = read("判断题：满10分得分有效。（√）\n判断题：提出申请后应当受理。（×）")

    assert all_short(file) == [
        (Kind.TRUE_FALSE, "满10分得分有效。（　）", True), (Kind.TRUE_FALSE, "提出申请后应当受理。（　）", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        "判断题：",
        "判断题（共2题）",
        "判断题：对的打√，错的打×",
        "二、判断题：政策部分",
        "判断题：每题1分，共10分",
        "判断题。",
    ],
)
def test_what_a_heading_says_besides_its_kind_is_not_asked(heading):
    file = read(f"单选题\n1. 甲？（A）\nA. 一\nB. 两\n{heading}\n1. 可以兼任。（√）")

    assert refusals(file) == []
    assert [each[:2] for each in all_short(file)] == [
        (Kind.SINGLE, "甲？（　）"), (Kind.TRUE_FALSE, "可以兼任。（　）"),
    ]  # fmt: skip


def test_signs_that_part_options_on_one_line_are_no_part_of_them():
    one_line, lines = (
        read("多选题\n1. 甲？\nA、一；B、二；C、三\n答案：AB"),
        read("多选题\n1. 甲？\nA、一；\nB、二\n答案：AB"),
    )

    assert [each[3] for each in all_short(one_line) + all_short(lines)] == [("一", "二", "三"), ("一；", "二")]


def test_a_year_at_the_beginning_of_a_line_is_no_number():
    file = read("简答题\n1. 简述。\n答：\n2021.6.1起施行\n2025年修订")

    assert all_short(file) == [(Kind.SHORT, "简述。", "2021.6.1起施行\n2025年修订")]


def test_a_list_in_another_style_belongs_to_its_question():
    file = read("简答题\n1. 简述。\n答：（1）甲\n（2）乙\n2. 再述。\n答：丙")

    assert [each[1:] for each in all_short(file)] == [("简述。", "（1）甲\n（2）乙"), ("再述。", "丙")]


def test_a_list_in_the_same_style_leaves_its_question_in_doubt():
    file = read("简答题\n1. 简述。\n答：1. 甲\n2. 乙\n3. 丙\n2. 再述。\n答：丁\n3. 三述。\n答：戊")

    assert [each[1:] for each in all_short(file)] == [("三述。", "戊")]
    assert [reason for _place, reason in refusals(file)] == [LIST_INSIDE] * 3


def test_a_question_that_lost_its_number_does_not_disappear_in_the_one_before():
    file = read("单选题\n1. 甲？\nA. 一\nB. 两\n乙？\nA. 三\nB. 四\n答案：B\n2. 丙？\nA. 五\nB. 六\n答案：A")

    assert [each[1:3] for each in all_short(file)] == [("丙？", "A")]
    assert refusals(file) == [("question 1, line 2", TWICE)]


def test_one_right_answer_without_a_kind_is_refused_until_a_person_says_it():
    text = "1. 每期几年？\nA. 一年\nB. 两年\nC. 三年\nD. 四年\n答案：B"

    assert refusals(read(text)) == [
        ("question 1, line 1",
         "The kind is not given, and one right answer does not tell single from multiple choice."),
    ]  # fmt: skip
    assert all_short(read(text, kind=Kind.SINGLE)) == [THE_SINGLE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_in_every_encoding(encoding, end):
    text = end.join(["单选题", "1. 喆𬭎？（B）", "A. 一", "B. 两"])

    assert [each[1] for each in all_short(read_plain_text(text.encode(encoding)))] == ["喆𬭎？（　）"]


def test_what_is_no_text_is_refused():
    with pytest.raises(NotAText):
        read_plain_text(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(EmptyDocument):
        read_plain_text(b" \r\n")


def test_a_text_without_questions_gives_none():
    file = read("关于开展培训的通知\n各工作队：\n请按时参加。")

    assert file.drafts == []
