"""GIFT is read as Moodle reads it, and what Moodle would guess is refused."""

import codecs

import pytest

from question_bank.domain.importing import findings
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.gift import read_gift
from question_bank.domain.importing.refusals import EmptyQuestionFile, NoQuestions, TooManyQuestions
from question_bank.enums import Kind


def read(text):
    return read_gift(text.encode())


def only(text):
    file = read(text)
    assert list(file.refused) == []
    [draft] = file.drafts
    return draft


def reason(text):
    file = read(text)
    assert list(file.drafts) == []
    [row] = file.refused
    return str(row.reason)


def options(*right, wrong=()):
    return tuple(DraftOption(text, True) for text in right) + tuple(DraftOption(text) for text in wrong)


def test_a_single_choice_has_its_name_topic_and_explanation():
    draft = only(
        "// 第一题\n$CATEGORY: $course$/top/政策/衔接\n\n"
        "::q-1:: 过渡期几年？ {\n =五年 ~三年 # 不对\n ~十年\n ####2021年起}\n"
    )

    assert draft == QuestionDraft(
        place="line 4",
        kind=Kind.SINGLE,
        stem="过渡期几年？",
        options=options("五年", wrong=("三年", "十年")),
        explanation="2021年起",
        topic="政策/衔接",
        key="q-1",
    )


def test_a_slash_inside_a_category_is_doubled():
    draft = only("$CATEGORY: top/a//b/c\n\nq {T}")

    assert draft.topic == "a/b/c"


def test_positive_weights_are_the_right_set():
    draft = only("哪些？{~%50%甲 ~%50%乙 ~%-100%丙}")

    assert (draft.kind, draft.options) == (Kind.MULTIPLE, options("甲", "乙", wrong=("丙",)))


def test_thirds_add_up():
    draft = only("哪些？{~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}")

    assert draft.options == options("a", "b", "c", wrong=("d",))


def test_partial_weights_beside_a_full_one_are_a_loss():
    file = read("q{=a ~%50%b ~c}")

    assert file.drafts[0].options == options("a", wrong=("b", "c"))
    assert list(file.losses) == [findings.PARTIAL]


@pytest.mark.parametrize(
    "body", ["~%50%a ~%25%b ~c", "~%100%a ~%100%b ~c", "=a =b ~c", "~a ~b", "a ~b", "maybe", "=a ~"]
)
def test_an_uncertain_key_is_refused(body):
    assert reason(f"q{{{body}}}") != ""


@pytest.mark.parametrize("word", ["T", "TRUE", "true"])
def test_a_statement_is_true(word):
    assert only(f"太阳很大。{{{word}}}") == QuestionDraft(
        place="line 1", kind=Kind.TRUE_FALSE, stem="太阳很大。", statement_is_true=True
    )


def test_feedback_on_a_statement_explains_it():
    draft = only("2021年起？{F#应为六月#答对了}")

    assert (draft.statement_is_true, draft.explanation) == (False, "应为六月\n答对了")


def test_a_short_answer_is_a_blank_with_everything_accepted():
    draft = only("每月驻村不少于{=%100%20# 好 =二十 =%0%30}天。")

    assert (draft.kind, draft.stem, draft.blanks) == (Kind.FILL, "每月驻村不少于____天。", (("20", "二十"),))


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("谁？{=a}", "谁？____"),
        ("是_____吗？{=a}", "是____吗？"),
        ("{=a}是谁？", "____是谁？"),
    ],
)
def test_the_blank_stands_where_it_was_drawn(text, stem):
    assert only(text).stem == stem


def test_two_drawn_blanks_for_one_answer_are_refused():
    assert reason("____和____{=a}") == "The text has 2 blanks, but the file gives one answer."


def test_a_star_in_an_answer_is_refused_unless_escaped():
    assert "stands for any text" in reason("q{=a*}")
    assert only(r"q{=a\*}").blanks == (("a*",),)


@pytest.mark.parametrize("body", ["#1822", "#1822:0", "#=%100%1822:0#yes", "#1822..1822"])
def test_an_exact_number_is_a_blank(body):
    assert only(f"哪一年？{{{body}}}").blanks == (("1822",),)


@pytest.mark.parametrize("body", ["#1822:5", "#1..5", "#=1822:0 =%100%1823:2", "#abc", "#"])
def test_a_range_is_refused(body):
    assert reason(f"哪一年？{{{body}}}") == "A number with a tolerance or a range cannot be marked exactly."


def test_matching_is_refused():
    assert reason("配对{=甲 -> 一 =乙 -> 二}") == "Matching questions cannot be taken."


def test_an_essay_is_a_short_answer_with_its_feedback_as_guide():
    draft = only("怎么做？{####三点，各两分}")

    assert (draft.kind, draft.marking_guide, draft.explanation) == (Kind.SHORT, "三点，各两分", "")


def test_an_essay_without_a_guide_is_refused():
    assert reason("怎么做？{}") == "A short answer needs a marking guide, and the file gives none."


def test_escaped_signs_are_text():
    assert only(r"a\=b\: \{x\} \~ \# \\ c\nd{=e\=f ~g}") == QuestionDraft(
        place="line 1", kind=Kind.SINGLE, stem="a=b: {x} ~ # \\ c\nd", options=options("e=f", wrong=("g",))
    )


def test_html_becomes_plain_lines():
    file = read("[html]<p>面积 10<sup>2</sup> m<sup>2</sup></p><p><b>粗</b> &amp; 细</p>{=[plain]<b> ~b}")

    assert file.drafts[0].stem == "面积 10² m²\n粗 & 细"
    assert file.drafts[0].options == options("<b>", wrong=("b",))
    assert list(file.losses) == [findings.FORMATTING]


def test_tags_work_without_a_named_format_and_less_than_does_not():
    assert only("a<br>b{T}").stem == "a\nb"
    assert only("1 <b and c> 2{T}").stem == "1 <b and c> 2"


def test_pictures_and_formulas_are_refused():
    assert "picture" in reason('[html]看图<img src="a.png">{T}')
    assert "math" in reason("[html]<math><mi>x</mi></math>{T}")


@pytest.mark.parametrize(
    "encoded",
    [
        "问题{T}".encode("gb18030"),
        codecs.BOM_UTF8 + "问题{T}".encode(),
        "问题{T}".encode("utf-16"),
        "问题{T}\r\n".encode(),
    ],
)
def test_any_usual_encoding_is_read(encoded):
    [draft] = read_gift(encoded).drafts

    assert draft.stem == "问题"


def test_places_count_lines_whatever_ends_them():
    file = read_gift(b"// c\r\n\r\na{T}\r\n\r\n// d\r\nb{T}\r\n")

    assert [draft.place for draft in file.drafts] == ["line 3", "line 6"]


def test_broken_braces_are_refused_one_by_one():
    file = read("a{=b\n\n~c}\n\nd{T}e{F}\n\nf{T}")

    assert [(row.place, row.excerpt) for row in file.refused] == [
        ("line 1", "a{=b"),
        ("line 3", "~c}"),
        ("line 5", "d{T}e{F}"),
    ]
    assert [draft.stem for draft in file.drafts] == ["f"]


def test_texts_that_ask_nothing_are_a_loss():
    file = read("读下面的话。\n\na{T}")

    assert (len(file.drafts), list(file.losses)) == (1, [findings.TEXTS_ALONE])


def test_the_identifier_of_moodle_is_the_key():
    assert only("// question: 5  name: x  [id:2021-007] [tag:a]\n::x::q{T}").key == "2021-007"


def test_a_name_that_is_used_twice_is_no_key():
    file = read("::Q::a{T}\n\n::Q::b{T}\n\n::R::c{T}")

    assert [draft.key for draft in file.drafts] == ["", "", "R"]


@pytest.mark.parametrize(
    "note",
    ["{", "[]", "5", '{"difficulty":"extreme"}', '{"valid_from":"soon"}', '{"anchored":[9]}', '{"blanks":[]}',
     '{"blanks":[[5]]}', '{"stem":"x"}', '{"topic":5}', '{"anchored":["1"]}', '{"difficulty":[]}'],
)  # fmt: skip
def test_a_broken_note_refuses_its_question(note):
    assert "note" in reason(f"// yingzhi: {note}\nq{{=a ~b}}")


def test_a_note_that_was_left_behind_by_a_change_refuses_its_question():
    noted = '// yingzhi: {"blanks":[["甲"],["乙"]]}\n____和____{=甲；%s}'

    assert only(noted % "乙").blanks == (("甲",), ("乙",))
    assert reason(noted % "丙") == "The answers were changed, but the note beside the question was not."


def test_a_file_without_questions_says_so():
    for empty in (b"", b" \r\n\t"):
        with pytest.raises(EmptyQuestionFile):
            read_gift(empty)
    with pytest.raises(NoQuestions):
        read("// only a comment\n")


def test_more_questions_than_a_bank_holds_are_refused():
    with pytest.raises(TooManyQuestions):
        read_gift(b"{\n\n" * 60_000)
