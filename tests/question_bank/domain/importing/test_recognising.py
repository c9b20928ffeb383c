"""What a file is, is decided by what it holds."""

import pytest

from question_bank.domain.importing.recognising import read_file
from question_bank.domain.importing.refusals import NoQuestions

WRITTEN = "一、单项选择题\n1．连片帮扶几天？\nA．一天\nB．两天\n答案：B\n\n2．材料交给谁？\nA．乡镇\nB．县里\n答案：A\n"


def test_questions_one_below_the_other_are_not_taken_for_a_table_of_one_column():
    found = read_file(WRITTEN.encode(), layout=None, remembered=lambda signature: None)

    read = [
        (draft.stem, [option.text for option in draft.options if option.is_right]) for draft in found.questions.drafts
    ]
    assert (found.format, read, list(found.questions.refused)) == (
        "text",
        [("连片帮扶几天？", ["两天"]), ("材料交给谁？", ["乡镇"])],
        [],
    )


def test_questions_that_all_lack_something_are_refused_one_by_one():
    content = WRITTEN.replace("答案：", "")

    found = read_file(content.encode(), layout=None, remembered=lambda signature: None)

    assert (found.questions.drafts, [row.excerpt for row in found.questions.refused]) == (
        [],
        ["连片帮扶几天？", "材料交给谁？"],
    )


@pytest.mark.parametrize("content", ["关于开会的通知\n\n各工作队：\n请于周一到会。\n", "1．先做什么\n2．再做什么\n"])
def test_a_letter_holds_no_questions(content: str):
    with pytest.raises(NoQuestions):
        read_file(content.encode(), layout=None, remembered=lambda signature: None)
