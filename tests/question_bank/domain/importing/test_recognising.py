"""What a file is, is decided by what it holds."""

from question_bank.domain.importing.recognising import read_file

WRITTEN = "一、单项选择题\n1．连片帮扶几天？\nA．一天\nB．两天\n答案：B\n\n2．材料交给谁？\nA．乡镇\nB．县里\n答案：A\n"


def test_questions_one_below_the_other_are_not_taken_for_a_table_of_one_column():
    found = read_file(WRITTEN.encode(), layout=None, remembered=lambda signature: None)

    read = [(draft.stem, [option.text for option in draft.options if option.is_right]) for draft in found.questions.drafts]
    assert (found.format, read, list(found.questions.refused)) == (
        "text",
        [("连片帮扶几天？", ["两天"]), ("材料交给谁？", ["乡镇"])],
        [],
    )
