"""QTI packages go out and come back as they were, with their pictures."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from lxml import etree

from question_bank.domain.exporting import written
from question_bank.domain.exporting.qti21 import write_qti21
from question_bank.domain.exporting.qti30 import write_qti30
from question_bank.domain.importing.drafts import DraftImage, DraftOption, QuestionDraft
from question_bank.domain.importing.qti import read_qti
from question_bank.enums import Kind
from tests.support.question_drafts import PNG, files

WRITERS = pytest.mark.parametrize("write", [write_qti21, write_qti30])
SINGLE = QuestionDraft(
    place="", kind=Kind.SINGLE, stem="哪一年？", options=(DraftOption("2020", True), DraftOption("2021")), key="q-1"
)


@WRITERS
@given(drafts=files(with_images=True))
def test_every_field_survives_the_round_trip(write, drafts):
    found = read_qti(write(drafts).content)

    assert [replace(draft, place="") for draft in found.drafts] == drafts
    assert (list(found.refused), list(found.losses)) == ([], [])


@WRITERS
def test_a_choice_between_true_and_false_stays_a_choice(write):
    draft = replace(SINGLE, options=(DraftOption("对", True), DraftOption("错")))

    assert [replace(found, place="") for found in read_qti(write([draft]).content).drafts] == [draft]


def item_of(content):
    with ZipFile(BytesIO(content)) as archive:
        return etree.fromstring(archive.read("items/00001.xml"))


def test_version_2_has_its_template_and_namespace():
    item = item_of(write_qti21([SINGLE]).content)

    assert item.tag == "{http://www.imsglobal.org/xsd/imsqti_v2p1}assessmentItem"
    assert item.get("identifier") == "q-1"
    assert item.xpath("string(//*[local-name()='responseProcessing']/@template)") == (
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
    )
    assert item.xpath("//*[local-name()='correctResponse']/*/text()") == ["C1"]


def test_version_3_has_its_own_names():
    item = item_of(write_qti30([replace(SINGLE, basis="第一条")]).content)

    [body] = item.xpath("*[local-name()='qti-item-body']")
    assert item.tag == "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-assessment-item"
    assert body.get("data-yingzhi") == '{"basis":"第一条"}'
    assert body.xpath("string(*[local-name()='qti-choice-interaction']/@response-identifier)") == "RESPONSE"


@WRITERS
def test_the_same_questions_give_the_same_bytes(write):
    assert write([SINGLE]).content == write([SINGLE]).content


@WRITERS
def test_what_other_programs_will_not_see_is_said_once(write):
    pictured = replace(SINGLE, images=(DraftImage("a.png", PNG),), basis="第一条", topic="02")

    assert list(write([pictured, replace(pictured, key="")]).losses) == [written.NOTES, written.TOPICS]
