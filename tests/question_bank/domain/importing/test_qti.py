"""QTI items and packages are read in both spellings; what is not certain is refused."""

import pytest

from common.pictures import Picture
from question_bank.domain.importing import findings, qti
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.qti import read_qti
from question_bank.domain.importing.refusals import DeclaresEntities, NoQuestions, OutdatedQti
from question_bank.enums import Kind
from tests.support.qti_items import MATCH, NS_22, NS_30, choices, item, key, manifest, mapped, package
from tests.support.question_drafts import PNG


def read(inner, **options):
    return read_qti(item(inner, **options).encode())


def only(inner, **options):
    file = read(inner, **options)
    assert [str(row.reason) for row in file.refused] == []
    [draft] = file.drafts
    return draft


def reason(inner):
    file = read(inner)
    assert list(file.drafts) == []
    [row] = file.refused
    return str(row.reason)


def typed(accepted, more=""):
    declared = (
        f"<responseDeclaration identifier='R' cardinality='single' baseType='string'>{accepted}</responseDeclaration>"
    )
    return declared + f"<itemBody><p>每月<textEntryInteraction responseIdentifier='R'/>天。</p></itemBody>{more}"


def test_a_single_choice_of_tao_is_read():
    feedback = "<modalFeedback outcomeIdentifier='F' identifier='f' showHide='show'><p>因为</p></modalFeedback>"

    file = read(key("B") + choices("<p>三年</p>", "五年", before="<p>看题：</p>") + MATCH + feedback, namespace=NS_22)

    assert file.format == "qti-2.2"
    assert list(file.drafts) == [
        QuestionDraft(
            place="item i1",
            kind=Kind.SINGLE,
            stem="看题：\n问题",
            options=(DraftOption("三年"), DraftOption("五年", True)),
            explanation="因为",
            key="i1",
        )
    ]
    assert (list(file.refused), list(file.losses)) == ([], [])


def test_order_and_place_of_options_are_kept():
    body = choices("甲", "乙", shuffle="false").replace('identifier="B"', 'identifier="B" fixed="true"')

    draft = only(key("A") + body)

    assert draft.options_in_order
    assert draft.options == (DraftOption("甲", True), DraftOption("乙", is_anchored=True))


def test_version_3_spells_it_with_dashes():
    draft = only(
        "<qti-response-declaration identifier='R' cardinality='multiple' base-type='identifier'><qti-correct-response>"
        "<qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response></qti-response-declaration>"
        "<qti-item-body><p>哪些？</p><qti-choice-interaction response-identifier='R' max-choices='0' shuffle='true'>"
        "<qti-simple-choice identifier='A'>甲</qti-simple-choice><qti-simple-choice identifier='B'>乙"
        "</qti-simple-choice><qti-simple-choice identifier='C' fixed='true'>丙</qti-simple-choice>"
        "</qti-choice-interaction></qti-item-body>",
        namespace=NS_30,
    )

    assert (draft.kind, draft.stem) == (Kind.MULTIPLE, "哪些？")
    assert draft.options == (DraftOption("甲", True), DraftOption("乙"), DraftOption("丙", True, True))


@pytest.mark.parametrize(
    ("words", "is_true"), [(("对", "错"), True), (("False", "True"), False), (("错误", "正确"), False)]
)
def test_true_and_false_make_a_statement(words, is_true):
    draft = only(key("A") + choices(*words))

    assert (draft.kind, draft.statement_is_true, draft.options) == (Kind.TRUE_FALSE, is_true, ())


def test_a_mapping_alone_names_the_right_options():
    several = only(key(mapping=mapped(A=1, B=1, C=-1), cardinality="multiple") + choices("a", "b", "c"))
    one = only(key(mapping=mapped(A=0.5, B=1)) + choices("a", "b", "c"))

    assert [option.is_right for option in several.options] == [True, True, False]
    assert [option.is_right for option in one.options] == [False, True, False]


@pytest.mark.parametrize(
    "inner",
    [
        choices("a", "b"),
        key() + choices("a", "b"),
        key("Z") + choices("a", "b"),
        key("A", "B") + choices("a", "b"),
        key(mapping=mapped(A=1, B=1)) + choices("a", "b"),
        key(mapping='<mapEntry mapKey="A" mappedValue="much"/>') + choices("a", "b"),
        key("A") + choices("a", "").replace("<prompt>问题</prompt>", ""),
        key("A") + choices("a", "<img src='x.png' alt=''/>"),
        key("A") + "<itemBody><p>看</p></itemBody>",
        key("A"),
        key("A") + choices("a", "b") .replace("</itemBody>", "<orderInteraction responseIdentifier='R'/></itemBody>"),
        key("A") + "<itemBody><p>排</p><orderInteraction responseIdentifier='R'/></itemBody>",
        key("A") + choices("a", "b", before="<p><printedVariable identifier='N'/></p>"),
        key("A") + choices("a", "b", before="<p><math><mi>x</mi></math></p>"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused(inner):
    assert reason(inner) != ""


def test_a_text_entry_accepts_what_earns_most():
    file = read(
        typed(
            "<correctResponse><value>20</value></correctResponse><mapping defaultValue='0'>"
            "<mapEntry mapKey='20' mappedValue='1'/><mapEntry mapKey='二十' mappedValue='1'/>"
            "<mapEntry mapKey='19' mappedValue='0.5'/></mapping>"
        )
    )

    assert [(draft.kind, draft.stem, draft.blanks) for draft in file.drafts] == [
        (Kind.FILL, "每月____天。", (("20", "二十"),))
    ]
    assert list(file.losses) == [findings.PARTIAL]


@pytest.mark.parametrize(
    "processing",
    [
        "<gte><variable identifier='R'/></gte>",
        "<equal toleranceMode='absolute' tolerance='1 1'/>",
        "<patternMatch pattern='a*'/>",
        "<stringMatch caseSensitive='false' substring='true'/>",
    ],
)
def test_a_tolerant_text_entry_is_refused(processing):
    accepted = "<correctResponse><value>20</value></correctResponse>"

    assert reason(typed(accepted, f"<responseProcessing>{processing}</responseProcessing>")) != ""


def test_two_keys_that_differ_are_refused():
    declared = (
        "<correctResponse><value>20</value></correctResponse><mapping><mapEntry mapKey='21' mappedValue='1'/></mapping>"
    )

    assert reason(typed(declared)) == "The file names two different keys."


def test_an_extended_text_needs_a_guide_for_scorers():
    task = "<p>怎么做？</p><extendedTextInteraction responseIdentifier='RESPONSE'/>"
    rubric = "<rubricBlock view='scorer tutor'><p>三点</p></rubricBlock>"
    rubric += "<rubricBlock view='candidate'><p>看</p></rubricBlock>"
    declared = "<responseDeclaration identifier='RESPONSE' cardinality='single' baseType='string'/>"

    draft = only(f"{declared}<itemBody>{rubric}{task}</itemBody>")

    assert (draft.kind, draft.stem, draft.marking_guide) == (Kind.SHORT, "怎么做？", "三点")
    assert "marking guide" in reason(f"{declared}<itemBody>{task}</itemBody>")
    assert only(f"{key('好', base='string')}<itemBody>{task}</itemBody>").marking_guide == "好"


def one_item_package(pictures, body):
    listed = manifest(("imsqti_item_xmlv2p1", "items/a.xml"))
    shown = item(key("A") + choices("a", "b", before=body))
    return package({"imsmanifest.xml": listed, "items/a.xml": shown, **pictures})


def test_a_package_brings_its_pictures():
    file = read_qti(
        one_item_package({"media/图 1.png": PNG}, body='<p><img src="../media/%E5%9B%BE%201.png" alt="村"/></p>')
    )

    assert [draft.images for draft in file.drafts] == [(Picture("图 1.png", PNG, "村"),)]


@pytest.mark.parametrize(
    "source", ["../../media/a.png", "/etc/passwd", "http://example.org/a.png", "missing.png", "c:a.png"]
)
def test_a_picture_outside_of_the_package_refuses_its_question(source):
    file = read_qti(one_item_package({"media/a.png": PNG}, body=f'<p><img src="{source}" alt=""/></p>'))

    assert [row.place for row in file.refused] == ["file items/a.xml"]
    assert "is not in the file" in str(file.refused[0].reason)


def test_a_package_in_a_folder_is_read_too():
    inner = {
        "pack/imsmanifest.xml": manifest(("imsqti_item_xmlv2p1", "a.xml")),
        "pack/a.xml": item(key("A") + choices("a", "b")),
    }

    assert len(read_qti(package(inner)).drafts) == 1


def test_tests_of_a_package_are_a_loss():
    listed = manifest(("imsqti_test_xmlv2p1", "test.xml"), ("imsqti_item_xmlv2p1", "items/a.xml"))

    file = read_qti(package({"imsmanifest.xml": listed, "items/a.xml": item(key("A") + choices("a", "b"))}))

    assert (len(file.drafts), list(file.losses)) == (1, [qti.TESTS])


def test_a_damaged_item_refuses_itself_alone():
    listed = manifest(*[("imsqti_item_xmlv2p1", f"{name}.xml") for name in "abcde"])
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>'
    good = item(key("A") + choices("a", "b"))

    file = read_qti(package({"imsmanifest.xml": listed, "a.xml": good, "b.xml": "<", "c.xml": entity, "d.xml": "<x/>"}))

    assert [draft.place for draft in file.drafts] == ["file a.xml"]
    assert [row.place for row in file.refused] == ["file b.xml", "file c.xml", "file d.xml", "file e.xml"]


def test_an_item_listed_twice_is_taken_once():
    listed = manifest(*[("imsqti_item_xmlv2p1", "a.xml")] * 3, ("imsqti_item_xmlv2p1", "./a.xml"))

    assert len(read_qti(package({"imsmanifest.xml": listed, "a.xml": item(key("A") + choices("a", "b"))})).drafts) == 1


def test_qti_of_the_first_version_is_named():
    with pytest.raises(OutdatedQti):
        read_qti(b"<questestinterop/>")
    with pytest.raises(OutdatedQti):
        read_qti(package({"imsmanifest.xml": manifest(("imsqti_xmlv1p2", "a.xml"))}))


def test_a_file_without_questions_says_so():
    for content in (b"<x/>", package({"a.txt": "x"}), package({"imsmanifest.xml": manifest(("webcontent", "a.html"))})):
        with pytest.raises(NoQuestions):
            read_qti(content)


def test_entities_in_the_manifest_are_refused():
    with pytest.raises(DeclaresEntities):
        read_qti(package({"imsmanifest.xml": '<!DOCTYPE a [<!ENTITY x "y">]><manifest>&x;</manifest>'}))


# -- Notes of our own -------------------------------------------------------------------


def test_a_note_is_read_from_the_comment_at_the_beginning():
    draft = only('<!-- yingzhi: {"basis":"第一条"} -->' + key("A") + choices("甲", "乙"))

    assert (draft.basis, draft.stem) == ("第一条", "问题")
