"""The workbook, opened by two libraries that did not write it."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from members.models import Division, User
from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import FiguresChanged, write
from performance.enums import ReportKind
from performance.models import Computation, Document, Scheme, Scorecard, ScoreLine

# The file is read back; test_records.py and test_reports.py ask both databases for what goes into it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENGLISH = [
    *("Staff number", "Name", "Sending unit", "Township", "Village", "Team", "Role in the team", "Staff category"),
    *("Days served", "知识测试", "正负清单", "乡镇评议", "Corrections", "Total", "Grade"),
    *("What kept the grade from being better", "Suggested measure", "Remark"),
]


def workbook(order: Order) -> BytesIO:
    target = BytesIO()
    with translation.override("en"):
        write(target, order, ReportKind.WORKBOOK)
    target.seek(0)
    return target


def body(sheet: Any) -> list[list[Any]]:
    """The table of a sheet from its header on, without what stands under it."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "Staff number")
    return [row for row in rows[start:] if row[0] and "____" not in str(row[0])]


def test_every_group_that_occurs_has_a_sheet_then_townships_and_the_scheme(order: Callable[..., Order]) -> None:
    book = openpyxl.load_workbook(workbook(order()))

    # Excel allows 31 characters.
    assert book.sheetnames == [
        "First secretary·Institution staff"[:31],
        "Team member·Civil servant",
        "By township",
        "How it is counted",
    ]


def test_cells_are_typed_and_numbers_of_people_keep_their_zeros(order: Callable[..., Order]) -> None:
    book = openpyxl.load_workbook(workbook(order()), data_only=True)

    header, row, _means = body(book.worksheets[0])
    assert header == ENGLISH
    assert row == [
        *("00123", "=HYPERLINK(1)", "县农业农村局", "青石镇", "柳湾村", "柳湾村工作队"),
        *("First secretary", "Institution staff", 92, 49.5, 28.5, 18, None, 96, "优秀"),
        *("优秀名额已满", None, None),
    ]


def test_text_that_looks_like_a_formula_stays_text(order: Callable[..., Order]) -> None:
    sheet = openpyxl.load_workbook(workbook(order())).worksheets[0]

    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_totals_are_formulas_over_their_parts_that_give_the_stored_totals(order: Callable[..., Order]) -> None:
    target = workbook(order())
    written, reckoned = (openpyxl.load_workbook(target, data_only=known) for known in (False, True))
    stored = dict(Scorecard.objects.values_list("person__code", "total"))
    found = {}

    for sheet, values in zip(written.worksheets[:2], reckoned.worksheets[:2], strict=True):
        for row, known in zip(sheet.iter_rows(), values.iter_rows(), strict=True):
            total = row[13]
            if str(total.value).startswith("=SUM"):
                assert total.value == f"=SUM(J{total.row}:M{total.row})"
                parts = sum(Decimal(str(cell.value or 0)) for cell in row[9:13])
                assert parts == Decimal(str(known[13].value))
                found[str(row[0].value)] = parts

    # Who is exempt has no total at all.
    assert {code: total for code, total in stored.items() if total is not None} == found


def test_under_each_group_stand_formulas_for_the_number_and_the_means(order: Callable[..., Order]) -> None:
    target = workbook(order())
    written, reckoned = (body(openpyxl.load_workbook(target, data_only=k).worksheets[1]) for k in (False, True))

    assert [written[-1][place] for place in (0, 1, 9, 12, 13)] == [
        "People and means",
        "=COUNTA(B7:B9)",
        "=AVERAGE(J7:J9)",
        None,
        "=AVERAGE(N7:N9)",
    ]
    assert [reckoned[-1][place] for place in (1, 9, 13)] == [3, 35.5, pytest.approx(67.125)]


def test_a_correction_is_a_part_of_the_total_in_its_own_column(
    order: Callable[..., Order], computation: Computation, cleo: User, ana: User
) -> None:
    card = Scorecard.objects.get(person=ana)
    line = card.lines.first()
    correction = computation.quarter.corrections.create(
        person=ana, indicator_title="知识测试", points=Decimal("-2.5"), reason="核减", entered_by=cleo,
        entered_at=computation.cutoff,
    )  # fmt: skip
    ScoreLine.objects.create(
        scorecard=card, indicator=line.indicator, weight=0, points=Decimal("-2.5"), correction=correction, sort_order=9
    )
    Scorecard.objects.filter(pk=card.pk).update(total=card.total - Decimal("2.5"))

    rows = body(openpyxl.load_workbook(workbook(order()), data_only=True).worksheets[1])

    row = next(row for row in rows if row[0] == "LX0001")
    assert row[9:14] == [46, 24, 15.1, -2.5, 82.6]


def test_the_header_is_frozen_and_the_numbers_of_the_paper_stand_above_it(order: Callable[..., Order]) -> None:
    book = openpyxl.load_workbook(workbook(order(reason="送组织部")))
    document = Document.objects.get()

    sheet = book.worksheets[0]
    head = [sheet.cell(row, 1).value for row in range(1, 8)]
    assert head == [
        "岚溪县, quarter 3 of 2026: scores of First secretary·Institution staff",
        f"No. {document.number}",
        "Counts what was known on 2026-10-03 18:00. Scheme: 季度考核方案, version 1. "
        "Published on 2026-10-03 18:00; objections may still change it.",
        "权重为示例。",
        f"SHA-256 of the content: {document.digest}",
        "Exported by 可丽 on 2026-10-03 18:00. Used for: 送组织部",
        "Staff number",
    ]
    assert sheet.freeze_panes == "C8"
    assert "Prepared by: ____________" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_townships_are_added_up_and_not_ranked(order: Callable[..., Order]) -> None:
    sheet = openpyxl.load_workbook(workbook(order()), data_only=True)["By township"]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7, max_row=9)]
    assert rows == [
        ["青石镇", 3, 2, 1, 90.55, 96, 85.1, 1, 1, 0, 0],
        ["柳河镇", 1, 1, 0, 49.15, 49.15, 49.15, 0, 0, 0, 1],
        ["All together", 4, 3, 1, 76.75, 96, 49.15, 1, 1, 0, 1],
    ]


def test_the_scheme_explains_every_weight_veto_threshold_and_grade(order: Callable[..., Order]) -> None:
    sheet = openpyxl.load_workbook(workbook(order()))["How it is counted"]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert [row[:3] for row in rows[1:6]] == [
        ["Indicator", "知识测试", 50],
        ["Indicator", "正负清单", 30],
        ["Indicator", "乡镇评议", 20],
        ["Veto condition", "无故缺席", None],
        ["Threshold", "Talk", 60],
    ]
    assert [row[1] for row in rows[6:]] == ["优秀", "称职", "基本称职", "不称职", "优秀", "合格", "基本合格", "不合格"]


def test_ranks_stand_there_only_where_the_scheme_asks_for_them(order: Callable[..., Order], quarter: Any) -> None:
    Scheme.objects.filter(quarter=quarter).update(shows_ranks=True)
    Scorecard.objects.filter(person__code="LX0001").update(rank=1)
    computation = Computation.objects.select_related("quarter__division", "scheme").get()

    header, *rows = body(openpyxl.load_workbook(workbook(order(computation=computation)), data_only=True).worksheets[1])

    assert header[-2:] == ["Rank", "Remark"]
    assert {row[0]: row[-2] for row in rows[:-1]} == {"LX0001": 1, "LX0002": None, "LX0009": None}


def test_calamine_reads_the_same_numbers(order: Callable[..., Order]) -> None:
    target = workbook(order())

    book = CalamineWorkbook.from_filelike(target)
    rows = book.get_sheet_by_index(1).to_python()

    totals = {row[0]: row[13] for row in rows if str(row[0]).startswith("LX")}
    assert totals == {"LX0001": 85.1, "LX0002": 49.15, "LX0009": ""}
    names = {row[1] for row in book.get_sheet_by_index(0).to_python()}
    assert "=HYPERLINK(1)" in names


def test_the_same_computation_is_the_same_document_however_often_it_is_written(order: Callable[..., Order]) -> None:
    workbook(order())
    workbook(order(reason="another time"))

    assert Document.objects.count() == 1


def test_a_part_of_the_county_is_another_document(order: Callable[..., Order], township: Division) -> None:
    workbook(order())
    workbook(order(division=township))

    assert sorted(Document.objects.values_list("number", flat=True)) == [
        "岚溪考〔2026〕3季度-001",
        "岚溪考〔2026〕3季度-002",
    ]


def test_figures_that_change_between_the_two_readings_are_noticed(order: Callable[..., Order]) -> None:
    def passed(count: int) -> None:
        if count:
            Scorecard.objects.filter(person__code="LX0001").update(total=1)

    with pytest.raises(FiguresChanged):
        workbook(order(passed=passed))


@pytest.mark.parametrize("count", [1, 3])
def test_a_group_is_read_with_as_many_queries_however_many_people(
    order: Callable[..., Order], crowd: Callable[[int], Computation], count: int, django_assert_num_queries: Any
) -> None:
    crowd(count)
    wanted = order()

    with django_assert_num_queries(50):
        workbook(wanted)
