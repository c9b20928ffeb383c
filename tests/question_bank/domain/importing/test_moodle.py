"""Moodle XML is read as Moodle writes it; what the bank cannot hold is named."""

from base64 import b64encode

import pytest

from common.pictures import Picture
from question_bank.domain.importing import findings, moodle, moodle_texts
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.moodle import read_moodle
from question_bank.domain.importing.refusals import (
    BrokenXml,
    DeclaresEntities,
    EmptyQuestionFile,
    NoQuestions,
    UnreadableQuestionFile,
)
from question_bank.enums import Kind
from tests.support.question_drafts import PNG

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'


def read(questions, encoding="utf-8"):
    return read_moodle(f"{HEAD}{questions}\n</quiz>".encode(encoding))


def question(kind, inner, stem="<p>问题</p>"):
    return (
        f'<question type="{kind}"><name><text>名字</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>{inner}</question>'
    )


def answer(fraction, text, feedback="", more=""):
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f"<feedback format='html'><text>{feedback}</text></feedback>{more}</answer>"
    )


def only(questions):
    file = read(questions)
    assert list(file.refused) == []
    [draft] = file.drafts
    return draft


def reason(questions):
    file = read(questions)
    assert list(file.drafts) == []
    [row] = file.refused
    return str(row.reason)


def test_an_exported_single_choice_is_read_with_its_losses():
    category = "<question type='category'><category><text>$course$/top/政策/衔接</text></category></question>"
    choice = question(
        "multichoice",
        "<generalfeedback format='html'><text>因为</text></generalfeedback><defaultgrade>2.0</defaultgrade>"
        "<penalty>0.3333333</penalty><hidden>1</hidden><idnumber>q-7</idnumber><single>true</single>"
        "<shuffleanswers>false</shuffleanswers><correctfeedback><text>对了</text></correctfeedback>"
        + answer("100", "<p>五年</p>", "好")
        + answer("50", "三年")
        + "<tags><tag><text>期限</text></tag></tags>",
        stem="<p>过渡期<b>几</b>年？</p>",
    )

    file = read(category + "\n" + choice)

    assert list(file.drafts) == [
        QuestionDraft(
            place="question 1, line 4",
            kind=Kind.SINGLE,
            stem="过渡期几年？",
            options=(DraftOption("五年", True), DraftOption("三年")),
            options_in_order=True,
            explanation="因为",
            topic="政策/衔接",
            key="q-7",
        )
    ]
    assert set(file.losses) == {
        findings.OPTION_FEEDBACK, findings.PARTIAL, findings.FORMATTING, findings.POINTS, moodle.HIDDEN, moodle.TAGS,
    }  # fmt: skip


def test_several_answers_with_positive_weights_are_multiple_choice():
    draft = only(
        question("multichoice", "<single>false</single>" + answer(50, "a") + answer(50, "b") + answer(-50, "c"))
    )

    assert (draft.kind, [option.is_right for option in draft.options]) == (Kind.MULTIPLE, [True, True, False])


def test_all_or_nothing_questions_have_all_their_right_options():
    draft = only(question("multichoiceset", answer(100, "a") + answer(100, "b") + answer(0, "c")))

    assert (draft.kind, [option.is_right for option in draft.options]) == (Kind.MULTIPLE, [True, True, False])


@pytest.mark.parametrize(("true", "false", "is_true"), [(100, 0, True), (0, 100, False)])
def test_a_statement_is_true_or_false(true, false, is_true):
    draft = only(question("truefalse", answer(true, "true") + answer(false, "false", "想一想")))

    assert (draft.kind, draft.statement_is_true, draft.explanation) == (Kind.TRUE_FALSE, is_true, "想一想")


def test_a_statement_that_is_both_is_refused():
    assert reason(question("truefalse", answer(100, "true") + answer(100, "false"))) == str(moodle.NO_TRUTH)


def test_a_short_answer_is_a_blank():
    draft = only(question("shortanswer", answer(100, "二十") + answer(100, "20") + answer(50, "19"), "每月____天"))

    assert (draft.kind, draft.stem, draft.blanks) == (Kind.FILL, "每月____天", (("二十", "20"),))


def test_an_exact_number_is_a_blank_and_others_are_refused():
    def number(tolerance, more=""):
        return question("numerical", answer(100, "1822", more=f"<tolerance>{tolerance}</tolerance>") + more)

    assert only(number("0")).blanks == (("1822",),)
    assert "tolerance" in reason(number("0.5"))
    assert "unit" in reason(number("0", "<units><unit><unit_name>m</unit_name></unit></units>"))


def test_an_essay_needs_its_grader_information_or_feedback():
    guided = "<graderinfo format='html'><text>三点</text></graderinfo>"
    feedback = "<generalfeedback format='html'><text>看第三条</text></generalfeedback>"

    assert only(question("essay", guided + feedback)).marking_guide == "三点"
    assert only(question("essay", guided + feedback)).explanation == "看第三条"
    assert only(question("essay", feedback)).marking_guide == "看第三条"
    assert "marking guide" in reason(question("essay", ""))


def test_embedded_answers_are_blanks_in_their_order():
    draft = only(
        question("cloze", "", "<p>{1:SHORTANSWER:=五&amp;#125;~%100%5\\}#好~%50%四} 年，{:NM:=2021:0}年起。</p>")
    )

    assert (draft.kind, draft.stem) == (Kind.FILL, "____ 年，____年起。")
    assert draft.blanks == (("五&#125;", "5}"), ("2021",))


@pytest.mark.parametrize(
    "stem", ["{1:MULTICHOICE:=a~b}", "{1:SA:=a", "没有", "____ {1:SA:=a}", "{1:SA:~a}", "{1:NM:=1:0.5}", "{1:SA:=*}"]
)
def test_other_embedded_answers_are_refused(stem):
    assert reason(question("multianswer", "", stem)) != ""


@pytest.mark.parametrize("kind", ["matching", "ddwtos", "calculated", "", "x" * 200])
def test_other_types_are_refused_by_name(kind):
    assert reason(question(kind, "")) == f"Questions of the type {kind[:40]} cannot be taken."


def picture(content=PNG, source="@@PLUGINFILE@@/%E5%9B%BE%201.png", name="图 1.png"):
    stem = f"<p>看图<img src='{source}' alt='村委会'></p>"
    file = f"<file name='{name}' path='/' encoding='base64'>{b64encode(content).decode()}</file></questiontext>"
    return question("truefalse", answer(100, "true") + answer(0, "false"), stem).replace("</questiontext>", file)


def test_a_picture_comes_along():
    assert only(picture()).images == (Picture("图 1.png", PNG, "村委会"),)


def test_a_picture_inside_the_address_comes_along():
    draft = only(picture(source=f"data:image/png;base64,{b64encode(PNG).decode()}"))

    assert draft.images == (Picture("1.png", PNG, "村委会"),)


@pytest.mark.parametrize(
    "wrong",
    [picture(b"<svg onload='x'/>"), picture(name="other.png"), picture(source="https://example.org/a.png")],
)
def test_a_picture_that_is_not_there_or_not_one_refuses_its_question(wrong):
    assert "picture" in reason(wrong)


def test_pictures_beside_the_question():
    options = "<single>true</single>" + answer(100, "<img src='a.png'>") + answer(0, "b")
    feedback = "<generalfeedback format='html'><text>&lt;img src='a.png'&gt;x</text></generalfeedback>"

    assert "option" in reason(question("multichoice", options))
    assert list(read(question("truefalse", answer(100, "true") + answer(0, "false") + feedback)).losses) == [
        moodle_texts.PICTURES_BESIDE
    ]


def test_wrong_declarations_of_the_encoding_do_no_harm():
    text = question("truefalse", answer(100, "true") + answer(0, "false"))

    assert read(text, "utf-8-sig").drafts[0].stem == "问题"
    assert read(text, "utf-16").drafts[0].stem == "问题"
    assert read(text, "gb18030").drafts[0].stem == "问题"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!-- a --> <?b c?><!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_entities_are_refused(declared, encoding):
    with pytest.raises(DeclaresEntities):
        read_moodle(f'<?xml version="1.0"?>{declared}<quiz><question>&x;</question></quiz>'.encode(encoding))


def test_a_document_type_inside_a_text_is_text():
    assert only(question("truefalse", answer(100, "true") + answer(0, "false"), "&lt;!DOCTYPE html&gt; 是什么")).stem


def test_broken_xml_names_its_line():
    with pytest.raises(BrokenXml) as refusal:
        read_moodle(f"{HEAD}<question type='x'>\n</oops>".encode())

    assert str(refusal.value) == "The XML of this file is broken at line 4."


@pytest.mark.parametrize("content", ["<quiz/>", "<other/>", f"{HEAD}<question type='description'/></quiz>"])
def test_a_file_without_questions_says_so(content):
    with pytest.raises(NoQuestions):
        read_moodle(content.encode())


@pytest.mark.parametrize("content", [b"", b"\0\0", b"<", b"\xff\xfe", b"\x80", b"<quiz>" + b"<a>" * 100_000])
def test_nonsense_is_refused(content):
    with pytest.raises(UnreadableQuestionFile):
        read_moodle(content)


def test_an_empty_file_says_so():
    with pytest.raises(EmptyQuestionFile):
        read_moodle(b" \n")
