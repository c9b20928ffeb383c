"""Moodle XML goes out and comes back as it was, with its pictures."""

from dataclasses import replace

from hypothesis import given
from lxml import etree

from common.pictures import Picture
from question_bank.domain.exporting import written
from question_bank.domain.exporting.moodle import write_moodle
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.moodle import read_moodle
from question_bank.enums import Difficulty, Kind
from tests.support.question_drafts import PNG, files


@given(files(with_images=True))
def test_every_field_survives_the_round_trip(drafts):
    found = read_moodle(write_moodle(drafts).content)

    assert [replace(draft, place="") for draft in found.drafts] == drafts
    assert (list(found.refused), list(found.losses)) == ([], [])


def test_several_blanks_are_embedded_answers():
    draft = QuestionDraft(place="", kind=Kind.FILL, stem="____和____", blanks=(("甲", "a~b"), ("乙",)))

    quiz = etree.fromstring(write_moodle([draft]).content)

    assert quiz.xpath("string(question[@type='cloze']/questiontext[@format='html']/text)") == (
        "<p>{1:SHORTANSWER:=甲~=a&#126;b}和{1:SHORTANSWER:=乙}</p>"
    )


def test_a_picture_is_where_moodle_looks_for_it():
    draft = QuestionDraft(
        place="", kind=Kind.TRUE_FALSE, stem="看图", statement_is_true=True, images=(Picture("图 1.png", PNG, "村"),)
    )

    [text] = etree.fromstring(write_moodle([draft]).content).xpath("question/questiontext")

    assert text.findtext("text") == '<p>看图</p><p><img src="@@PLUGINFILE@@/%E5%9B%BE%201.png" alt="村"/></p>'
    assert [dict(file.attrib) for file in text.iterfind("file")] == [
        {"name": "图 1.png", "path": "/", "encoding": "base64"}
    ]


def test_whoever_ticks_everything_gets_nothing():
    options = (DraftOption("a", True), DraftOption("b", True), DraftOption("c", True), DraftOption("d"))
    draft = QuestionDraft(place="", kind=Kind.MULTIPLE, stem="哪些", options=options)

    quiz = etree.fromstring(write_moodle([draft]).content)

    assert quiz.xpath("question/answer/@fraction") == ["33.33333", "33.33333", "33.33333", "-100"]


def test_what_other_programs_will_not_see_is_said_once():
    fill = QuestionDraft(
        place="", kind=Kind.FILL, stem="____ ____", blanks=(("a",), ("b",)), blanks_in_any_order=True,
        difficulty=Difficulty.HARD,
    )  # fmt: skip

    assert list(write_moodle([fill, fill]).losses) == [written.NOTES, written.ANY_ORDER]
