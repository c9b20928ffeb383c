"""Pictures that stand beside the questions of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.pictures import Picture
from common.spreadsheets.pictures import Workbook
from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile
from question_bank.domain.importing.findings import MOST_PICTURES
from question_bank.domain.importing.tables import read_table
from question_bank.domain.importing.template import write_table
from tests.common.test_workbook_pictures import drawn
from tests.support.question_files import HEADINGS, SINGLE, drafts, refusals, understood

MAP, SEAL = Picture("图.png", drawn("green"), "村庄地图"), Picture("章.png", drawn("red"))
NOT_SHOWN = Picture("图.emf", b"\x01\x00\x00\x00")
BESIDE_NOTHING = "Pictures that stand beside no question are left out."


def read(rows: Sequence[Sequence[str]], pictures: Mapping[int, Sequence[Picture]], **lost: bool) -> QuestionFile:
    sheets = [Sheet("Sheet1", [list(row) for row in rows])]
    with translation.override("en"):
        return read_table(Workbook(sheets, [pictures], **lost), understand_columns(sheets))


def shown(draft: QuestionDraft) -> list[tuple[bytes, str]]:
    return [(image.content, image.description) for image in draft.images]


def test_a_picture_belongs_to_the_question_of_its_row() -> None:
    file = read([HEADINGS, SINGLE, [*SINGLE[:1], "每届几年？", *SINGLE[2:]]], {3: [MAP, SEAL]})

    assert [draft.images for draft in file.drafts] == [(), (MAP, SEAL)]
    assert file.losses == []


def test_pictures_beside_all_rows_of_a_question_with_an_option_a_row_belong_to_it() -> None:
    rows = [["题干", "题型", "选项", "是否正确"], ["几年？", "单选题", "一年", "是"], ["", "", "两年", "否"]]

    file = read(rows, {2: [MAP], 3: [SEAL]})

    assert [draft.images for draft in file.drafts] == [(MAP, SEAL)]


@pytest.mark.parametrize("row", [1, 4, 900])
def test_a_picture_beside_no_question_is_told(row: int) -> None:
    file = read([HEADINGS, SINGLE, [], ["", "", "", "", "", "", ""]], {row: [MAP]})

    assert ([draft.images for draft in file.drafts], file.losses) == ([()], [BESIDE_NOTHING])


def test_pictures_that_could_not_be_read_are_told() -> None:
    file = read([HEADINGS, SINGLE], {}, is_some_lost=True)

    assert len(file.drafts) == 1
    assert [str(loss) for loss in file.losses] == [
        "Pictures that are linked, larger than 5 MB or of an old or rare kind of file are left out."
    ]


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        ([NOT_SHOWN], "The picture 图.emf is not a PNG, JPEG, GIF or WebP."),
        ([MAP] * (MOST_PICTURES + 1), "There are far too many pictures."),
    ],
)
def test_a_question_with_pictures_that_cannot_be_taken_is_refused(pictures: list[Picture], reason: str) -> None:
    file = read([HEADINGS, SINGLE], {2: pictures})

    assert (file.drafts, refusals(file)) == ([], [("sheet “Sheet1”, row 2", reason)])


@given(st.lists(st.tuples(drafts(), st.lists(st.sampled_from([MAP, SEAL]), max_size=3)), min_size=1, max_size=4))
def test_pictures_survive_our_own_table(written: list[tuple[QuestionDraft, list[Picture]]]) -> None:
    pictured = [replace(draft, images=tuple(images)) for draft, images in written]

    file = understood(write_table(pictured))

    assert [shown(draft) for draft in file.drafts] == [shown(draft) for draft in pictured]
    assert file.losses == []
