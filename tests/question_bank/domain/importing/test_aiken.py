"""Aiken is read line by line; a question that lacks something is refused and the next one is not harmed."""

import pytest

from question_bank.domain.importing.aiken import read_aiken
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.refusals import NoQuestions, UnreadableQuestionFile
from question_bank.enums import Kind

GOOD = "过渡期几年？\nA. 三年\nB. 五年\nANSWER: B\n"


def read(text):
    return read_aiken(text.encode())


def test_a_question_with_its_options_is_read():
    file = read(GOOD)

    assert list(file.drafts) == [
        QuestionDraft(
            place="line 1",
            kind=Kind.SINGLE,
            stem="过渡期几年？",
            options=(DraftOption("三年"), DraftOption("五年", is_right=True)),
        )
    ]
    assert (list(file.refused), list(file.losses)) == ([], [])


@pytest.mark.parametrize("answer", ["ANSWER: AB", "ANSWER: A, B", "answer：A、B"])
def test_several_letters_make_it_multiple_choice(answer):
    [draft] = read(f"哪些？\nA) 甲\nB）乙\nC、丙\n{answer}").drafts

    assert draft.kind == Kind.MULTIPLE
    assert draft.options == (DraftOption("甲", True), DraftOption("乙", True), DraftOption("丙"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A. 甲\nB. 乙\nANSWER: A\n", "There is no question before the options."),
        ("问？\nA. 甲\nB. 乙\n", "The line with ANSWER: is missing."),
        ("问？\nA. 甲\nB. 乙\nANSWER: C\n", "ANSWER: names no option of this question."),
        ("问？\nA. 甲\nB. 乙\nANSWER: A or B\n", "ANSWER: names no option of this question."),
        ("问？\nA. 甲\nC. 乙\nANSWER: A\n", "The letters of the options do not follow each other from A on."),
    ],
)
def test_what_is_incomplete_is_refused_and_the_next_is_read(text, reason):
    file = read(text + "\n" + GOOD)

    assert [str(row.reason) for row in file.refused] == [reason]
    assert [draft.stem for draft in file.drafts] == ["过渡期几年？"]


def test_empty_lines_mean_nothing():
    assert [draft.place for draft in read(f"\n\n{GOOD}{GOOD}".replace("\n", "\r\n\r\n")).drafts] == [
        "line 5",
        "line 13",
    ]


def test_an_empty_file_says_so():
    with pytest.raises(UnreadableQuestionFile):
        read("\n \n")
    with pytest.raises(NoQuestions):
        read("\x01")
