"""QTI packages go out and come back as they were, with their pictures."""

import json
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from lxml import etree

from common.pictures import Picture
from question_bank.domain.exporting import written
from question_bank.domain.exporting.qti21 import write_qti21
from question_bank.domain.exporting.qti30 import write_qti30
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
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
    return etree.fromstring(read_in(content, "items/00001.xml"))


def read_in(content, name):
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


@WRITERS
def test_what_an_item_has_no_room_for_is_a_comment_that_no_schema_minds(write):
    draft = replace(SINGLE, basis="第一条--第二条", document_number="-->")

    content = write([draft]).content

    item, manifest = item_of(content), etree.fromstring(read_in(content, "imsmanifest.xml"))
    [comment] = item.xpath("comment()")
    said = {"basis": "第一条--第二条", "document_number": "-->"}
    assert json.loads(comment.text.strip().removeprefix("yingzhi:")) == said
    assert [name for each in item.iter("*") for name in each.attrib if name.startswith("data-")] == []
    assert [each.tag for each in manifest.iter("*") if "imscp_v1p1" not in each.tag] == []


def test_version_3_says_that_a_marking_guide_is_for_scoring():
    short = QuestionDraft(place="", kind=Kind.SHORT, stem="怎么办？", marking_guide="两点各一分", key="q-2")

    item = item_of(write_qti30([short]).content)

    [guide] = item.xpath("//*[local-name()='qti-rubric-block']")
    assert dict(guide.attrib) == {"use": "scoring", "view": "scorer"}


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
    assert body.xpath("string(*[local-name()='qti-choice-interaction']/@response-identifier)") == "RESPONSE"


@WRITERS
def test_the_same_questions_give_the_same_bytes(write):
    assert write([SINGLE]).content == write([SINGLE]).content


@WRITERS
def test_what_other_programs_will_not_see_is_said_once(write):
    pictured = replace(SINGLE, images=(Picture("a.png", PNG),), basis="第一条", topic="02")

    assert list(write([pictured, replace(pictured, key="")]).losses) == [written.NOTES, written.TOPICS]
