"""What one row of a sheet of scores says, and why it is refused. Nothing here touches the database."""

from decimal import Decimal

import pytest

from common.spreadsheets.headings import Line
from performance.domain.ratings.columns import find_header, missing
from performance.domain.ratings.planning import KnownPerson, RowState, plan

ANA = KnownPerson(1, "LX0001", "安娜", is_posted=True)
RATED = KnownPerson(2, "LX0002", "丹恩", is_posted=True, rating_id=7, score=Decimal("88.00"))
AWAY = KnownPerson(3, "LX0003", "离任者", is_posted=False)
PEOPLE = {person.code: person for person in (ANA, RATED, AWAY)}
BEN = 99


def planned(*rows: dict[str, str], by_id: int = BEN) -> list[tuple[str, str]]:
    lines = [Line(f"评分!{number}", row) for number, row in enumerate(rows, start=2)]
    found = plan(lines, PEOPLE, highest=Decimal(100), by_id=by_id).rows
    return [(row.state, row.refusal) for row in found]


def row(code: str = "LX0001", name: str = "安娜", score: str = "90", **more: str) -> dict[str, str]:
    return {"code": code, "name": name, "score": score, **more}


@pytest.mark.parametrize(
    ("text", "score"),
    [("90", "90"), ("90.5", "90.5"), ("９５", "95"), ("95分", "95"), ("0", "0"), ("100.00", "100"), ("+80", "80")],
)
def test_scores_are_understood_as_people_write_them(text: str, score: str) -> None:
    (found,) = plan([Line("2", row(score=text))], PEOPLE, highest=Decimal(100), by_id=BEN).rows

    assert (found.state, found.score) == (RowState.NEW, Decimal(score))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (row(code="LX7777"), "unknown_person"),
        (row(code=""), "missing_code"),
        (row(name="安妮"), "name_differs"),
        (row(name=""), "missing_name"),
        (row("LX0003", "离任者"), "not_posted"),
        (row(score="100.01"), "out_of_range"),
        (row(score="-5"), "out_of_range"),
        (row(score="优秀"), "not_a_number"),
        (row(score="1e2"), "not_a_number"),
        (row(score="NaN"), "not_a_number"),
        (row(score="Infinity"), "not_a_number"),
        (row(score="90%"), "not_a_number"),
        (row(score="9" * 400), "not_a_number"),
        (row(score="85.125"), "too_exact"),
        (row(score="=B2*2"), "formula"),
        (row(score="@SUM(1)"), "formula"),
        (row(score="＝1+1"), "formula"),
        (row(code="=A1"), "formula"),
        (row(name="=cmd|' /C calc'!A0"), "formula"),
        (row("LX0002", "丹恩", "90", reason="长" * 201), "long_reason"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(given: dict[str, str], reason: str) -> None:
    assert planned(given) == [(RowState.REFUSED, reason)]


def test_the_second_row_about_one_person_is_refused() -> None:
    assert planned(row(), row(code="lx 0001"), row("LX0002", "丹恩")) == [
        (RowState.NEW, ""),
        (RowState.REFUSED, "duplicate"),
        (RowState.CHANGED, ""),
    ]


def test_nobody_brings_a_score_for_themselves() -> None:
    assert planned(row(), by_id=ANA.id) == [(RowState.REFUSED, "own_score")]


def test_the_score_in_force_again_is_identical_and_an_empty_cell_says_nothing() -> None:
    assert planned(row("LX0002", "丹 恩", "88.0"), row(score="")) == [(RowState.IDENTICAL, ""), (RowState.EMPTY, "")]


def test_the_digest_knows_what_would_be_written() -> None:
    first, again, other = (
        plan([Line("2", row(score=score))], PEOPLE, highest=Decimal(100), by_id=BEN).digest()
        for score in ("90", "90.0", "91")
    )

    assert first == again != other


@pytest.mark.parametrize("code", ["工号", "人员编号"])
@pytest.mark.parametrize("score", ["得分", "分数", "评分（满分100）"])
def test_headings_have_synonyms(code: str, score: str) -> None:
    header = find_header([["二季度乡镇评价"], [], ["序号", code, "姓 名", score]])

    assert (header.row, dict(header.fields)) == (2, {1: "code", 2: "name", 3: "score"})


def test_missing_headings_are_named() -> None:
    assert missing(find_header([["姓名", "备注"]])) == ["工号", "得分"]
