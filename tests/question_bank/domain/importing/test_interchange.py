"""The content says what a file is; whatever the bytes are, a reader reads them or refuses them."""

from functools import cache

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.pictures import Picture
from question_bank.domain.demo_bank import read_bank
from question_bank.domain.exporting.gift import write_gift
from question_bank.domain.exporting.moodle import write_moodle
from question_bank.domain.exporting.qti21 import write_qti21
from question_bank.domain.exporting.qti30 import write_qti30
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft, QuestionFile
from question_bank.domain.importing.interchange import READERS, sniff
from question_bank.domain.importing.refusals import UnreadableQuestionFile
from question_bank.enums import Kind
from tests.support.qti_items import item, manifest, package
from tests.support.question_drafts import PNG, SIGNS, WORDS

GIFT = "::q1::过渡期几年？{=五年 ~三年}\n\n怎么做？{####三点}\n".encode()
AIKEN = "过渡期几年？\nA. 三年\nB. 五年\nANSWER: B\n".encode()


@cache
def samples():
    """A real file of every format."""
    drafts = [
        QuestionDraft(place="", kind=Kind.SINGLE, stem="看图", options=(DraftOption("甲", True), DraftOption("乙")),
                      images=(Picture("a.png", PNG, "村"),), explanation="因为", topic="政策", key="k"),
        QuestionDraft(place="", kind=Kind.FILL, stem="____和____", blanks=(("a", "b"), ("c",)), basis="第一条"),
        QuestionDraft(place="", kind=Kind.SHORT, stem="怎么做？", marking_guide="三点"),
    ]  # fmt: skip
    writers = {"gift": write_gift, "moodle": write_moodle, "qti21": write_qti21, "qti30": write_qti30}
    return {name: write(drafts).content for name, write in writers.items()} | {"aiken": AIKEN, "hand": GIFT}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("gift", "gift"), ("hand", "gift"), ("aiken", "aiken"), ("moodle", "moodle"), ("qti21", "qti"), ("qti30", "qti")],
)
def test_the_content_says_what_it_is(name, expected):
    assert sniff(samples()[name]) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "utf-16-le", "utf-16-be"])
def test_no_encoding_hides_it(encoding):
    assert sniff(GIFT.decode().encode(encoding)) == "gift"
    assert sniff(AIKEN.decode().encode(encoding)) == "aiken"
    assert sniff("<?xml version='1.0'?><!-- x --><quiz>题</quiz>".encode(encoding)) == "moodle"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (item("").encode(), "qti"),
        (b"<questestinterop/>", "qti"),
        (package({"a/imsmanifest.xml": manifest()}), "qti"),
        (package({"word/document.xml": "<x/>"}), None),
        (b"PK\x03\x04 damaged", None),
        ("题干,答案\n问题{1},A\n".encode(), None),
        (b'{"a": [{"b": "T"}]}', None),
        (b"if (x) { y = 1; }\n", None),
        ("1. 问题\nA. 甲\nB. 乙\n答案：A\n".encode(), None),
        (b"<html><p>{T}</p></html>", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, None),
        (b"%PDF-1.7\n{}\n", None),
        (b"", None),
    ],
)
def test_other_files_are_left_to_others(content, expected):
    assert sniff(content) == expected


def test_gift_without_empty_lines_is_told_what_it_lacks():
    content = "首都是{=北京 ~上海}\n可以兼任{T}\n".encode()

    with translation.override("en"):
        file = READERS[sniff(content)](content)
        reasons = [str(row.reason) for row in file.refused]

    assert reasons == ["There are several pairs of braces. Leave an empty line between two questions."]


def test_a_long_file_is_known_by_its_beginning():
    assert sniff("题{T}\n\n".encode() * 100_000) == "gift"
    assert sniff("题".encode() * 200_000) is None


def read_or_refuse(reader, content):
    try:
        file = READERS[reader](content)
    except UnreadableQuestionFile:
        return
    assert isinstance(file, QuestionFile)
    assert all(str(row.reason) and row.place for row in file.refused)
    assert all(draft.stem and draft.place for draft in file.drafts)


@st.composite
def mutated(draw):
    """A real file with some bytes changed, taken out or put in twice."""
    content = bytearray(samples()[draw(st.sampled_from(sorted(samples())))])
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        replacement = draw(st.one_of(st.binary(max_size=8), st.just(bytes(content[start:end]) * 2)))
        content[start:end] = replacement
    return bytes(content)


@pytest.mark.parametrize("reader", sorted(READERS))
@given(content=mutated())
def test_no_damage_is_more_than_a_refusal(reader, content):
    read_or_refuse(reader, content)
    sniff(content)


@pytest.mark.parametrize("reader", sorted(READERS))
@given(content=st.binary(max_size=200))
def test_no_bytes_are_more_than_a_refusal(reader, content):
    read_or_refuse(reader, content)
    sniff(content)


_pieces = st.sampled_from([*SIGNS, *WORDS, "\n", "\n\n", "=", "~", "{", "}", "T", "ANSWER: A", "A. x\n", "题"])


@pytest.mark.parametrize("reader", ["gift", "aiken"])
@given(pieces=st.lists(_pieces, max_size=60))
def test_no_arrangement_of_signs_is_more_than_a_refusal(reader, pieces):
    read_or_refuse(reader, "".join(pieces).encode())


NAMES = (
    "assessmentItem itemBody responseDeclaration correctResponse value mapping mapEntry choiceInteraction simpleChoice "
    "prompt textEntryInteraction extendedTextInteraction rubricBlock modalFeedback p pre img quiz question "
    "questiontext text answer feedback generalfeedback graderinfo single idnumber file tolerance units unit category "
    "tags tag"
)
ATTRIBUTES = (
    "type fraction format identifier responseIdentifier cardinality mapKey mappedValue src name encoding view fixed "
    "shuffle path"
)
VALUES = (
    "multichoice truefalse shortanswer numerical essay cloze category html base64 RESPONSE A 100 -1 nan inf 1e999 "
    "single multiple true scorer a.png"
)
_names = st.sampled_from(NAMES.split(" "))
_attributes = st.dictionaries(st.sampled_from(ATTRIBUTES.split(" ")), st.sampled_from(VALUES.split(" ")), max_size=4)
_texts = st.sampled_from(["", "题", "A", "true", "{1:SA:=a}", "____", "&lt;b&gt;x", "5", "<!-- yingzhi: {} -->"])


def _written(name, attributes, text, inner):
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{said}>{text}{''.join(inner)}</{name}>"


def _element(children):
    return st.builds(_written, _names, _attributes, _texts, children)


_elements = st.recursive(_element(st.just([])), lambda inner: _element(st.lists(inner, max_size=4)), max_leaves=12)


@pytest.mark.parametrize(("reader", "root"), [("moodle", "quiz"), ("qti", "assessmentItem")])
@given(inner=st.lists(_elements, max_size=4))
def test_no_structure_is_more_than_a_refusal(reader, root, inner):
    read_or_refuse(reader, f"<{root}>{''.join(inner)}</{root}>".encode())


HOSTILE = {
    "braces": b"{" * 1_000_000,
    "options": b"q{" + b"~" * 1_000_000 + b"}",
    "escapes": b"\\" * 1_000_000,
    "signs": b"a{" + b"=" * 1_000_000 + b"}",
    "colons": b":" * 1_000_000,
    "tags": b"[html]" + b"<a " * 300_000 + b"{}",
    "identifiers": b"// " + b"[id:" * 250_000,
    "brackets": b"// yingzhi: " + b"[" * 1_000_000 + b"\na{T}",
    "letters": b"q\nA) x\nANSWER: " + b"A," * 500_000 + b"!",
    "comments": b"<!-" * 300_000,
    "instructions": b"<?" * 500_000,
    "embedded": b"<quiz><question type='cloze'><questiontext><text>" + b"{1:SA:" * 160_000 + b"</text></questiontext>"
                b"</question></quiz>",
    "elements": b"<assessmentItem>" + b"<x/>" * 250_000 + b"</assessmentItem>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reader", sorted(READERS))
def test_a_megabyte_of_signs_is_read_in_linear_time(reader, name):
    # A quadratic reader would sit here for hours.
    read_or_refuse(reader, HOSTILE[name])
    sniff(HOSTILE[name])


def test_the_demonstration_bank_survives_every_format():
    rows = [row for file in read_bank() for row in file.questions]
    drafts = [
        QuestionDraft(
            place="",
            kind=Kind(row["kind"]),
            stem=row["stem"],
            options=tuple(
                DraftOption(text, place in row["right"], place in row.get("anchored", []))
                for place, text in enumerate(row.get("options", []), 1)
            ),
            statement_is_true=row["right"] if row["kind"] == Kind.TRUE_FALSE else None,
            blanks=tuple(map(tuple, row.get("blanks", []))),
            marking_guide=row.get("guide", ""),
            explanation=row["explanation"],
            basis=row["basis"],
        )
        for row in rows
    ]

    for reader, write in (("gift", write_gift), ("moodle", write_moodle), ("qti", write_qti21), ("qti", write_qti30)):
        file = READERS[reader](write(drafts).content)
        assert [draft.stem for draft in file.drafts] == [draft.stem for draft in drafts]
        assert [draft.options for draft in file.drafts] == [draft.options for draft in drafts]
        assert [draft.blanks for draft in file.drafts] == [draft.blanks for draft in drafts]
        assert (list(file.refused), list(file.losses)) == ([], [])
