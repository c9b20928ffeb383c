"""Finding the table in a roster file."""

import pytest

from members.domain.roster.columns import find_header, lines_below


@pytest.mark.parametrize("heading", ["工号", "编 号", "人员编号", "工号*", "工号（必填）"])
def test_headings_are_recognised_however_they_are_decorated(heading: str) -> None:
    header = find_header([[heading, "姓 名", "行政村（社区）"]])

    assert (dict(header.fields), header.missing) == ({0: "code", 1: "name", 2: "village"}, [])


def test_title_and_note_above_the_heading_are_passed_over() -> None:
    rows = [
        ["岚溪县驻村工作队花名册"],
        ["填报说明：工号必填"],
        [],
        ["序号", "工号", "姓名", "村代码"],
        ["1", "LX1", "周明远", "5"],
    ]

    header = find_header(rows)

    assert header.row == 3
    assert [(line.place, dict(line.values)) for line in lines_below(header, rows, sheet="花名册")] == [
        ("花名册!5", {"code": "LX1", "name": "周明远", "division_code": "5"})
    ]


def test_missing_columns_are_named() -> None:
    assert find_header([["姓名", "职务"]]).missing == ["工号", "行政区划代码"]
    assert find_header([]).missing == ["工号", "姓名", "行政区划代码"]


def test_the_first_of_two_columns_with_one_meaning_counts() -> None:
    header = find_header([["编号", "工号", "姓名", "村"]])

    assert dict(header.fields) == {0: "code", 2: "name", 3: "village"}
