"""GIFT goes out and comes back as it was, and what other programs will not see is said."""

from dataclasses import replace

from hypothesis import given

from common.pictures import Picture
from question_bank.domain.exporting import written
from question_bank.domain.exporting.gift import write_gift
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.gift import read_gift
from question_bank.enums import Kind
from tests.support.question_drafts import PNG, files

SINGLE = QuestionDraft(
    place="", kind=Kind.SINGLE, stem="哪一年？", options=(DraftOption("2020", True), DraftOption("2021")), key="q:1"
)


@given(files())
def test_every_field_survives_the_round_trip(drafts):
    found = read_gift(write_gift(drafts).content)

    assert [replace(draft, place="") for draft in found.drafts] == drafts
    assert (list(found.refused), list(found.losses)) == ([], [])


def test_a_question_is_written_as_moodle_reads_it():
    fill = QuestionDraft(
        place="", kind=Kind.FILL, stem="每月驻村不少于____天。", blanks=(("20", "二十"),), explanation="制度规定。"
    )
    several = QuestionDraft(
        place="",
        kind=Kind.MULTIPLE,
        stem="哪些？\n选全。",
        options=(DraftOption("a=b", True), DraftOption("c", True), DraftOption("%5%")),
        topic="政策/衔接",
    )

    written_file = write_gift([SINGLE, fill, several])

    assert written_file.content.decode() == (
        "// [id:q:1]\n::q\\:1::[plain]哪一年？{\n\t=2020\n\t~2021\n}\n\n"
        "[plain]每月驻村不少于{=20 =二十####制度规定。}天。\n\n"
        "$CATEGORY: $course$/top/政策/衔接\n\n"
        "[plain]哪些？\\n选全。{\n\t~%50%a\\=b\n\t~%50%c\n\t~%-100%[plain]%5%\n}\n\n"
    )
    assert list(written_file.losses) == []


def test_what_other_programs_will_not_see_is_said_once():
    pictured = replace(SINGLE, images=(Picture("a.png", PNG),), basis="第一条", options_in_order=True)

    assert list(write_gift([pictured, pictured]).losses) == [written.PICTURES, written.NOTES, written.ORDER]
