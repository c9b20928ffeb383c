import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from common.spreadsheets.reading import read_rows
from common.spreadsheets.writing import Column, Properties, SheetSpec, write_workbook
from common.tables import Formula, LateRow, is_formula_like

COLUMNS = [
    Column("姓名"),
    Column("编码", 18),
    Column("得分", kind="decimal"),
    Column("参与率", kind="percent"),
    Column("次数", kind="integer"),
    Column("开考", kind="datetime"),
]
OPENED = datetime(2026, 1, 2, 0, 30, 15, 999, tzinfo=UTC)
ROW = ["张三", "530381202001", Decimal("88.5"), 0.973, 2, OPENED]


def written(*sheets, properties=None):
    target = BytesIO()
    write_workbook(target, sheets, properties)
    return target.getvalue()


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def spec(**changes):
    return SheetSpec(**{"name": "成绩", "columns": COLUMNS, "rows": [ROW], **changes})


def one_text(text):
    return written(SheetSpec(name="s", columns=[Column("a"), Column("b")], rows=[["x", text]]))


def test_values_keep_their_kind(settings):
    settings.TIME_ZONE = "Asia/Shanghai"

    cells = opened(written(spec(rows=[ROW, [None, "", "缺考", None, -5, date(2026, 1, 2)]]))).active

    assert [[cell.value for cell in row] for row in cells] == [
        ["姓名", "编码", "得分", "参与率", "次数", "开考"],
        ["张三", "530381202001", 88.5, 0.973, 2, datetime.fromisoformat("2026-01-02T08:30:15")],
        [None, None, "缺考", None, -5, datetime.fromisoformat("2026-01-02")],
    ]
    assert [cell.number_format for cell in cells[2]] == ["@", "@", "0.0", "0.0%", "0", "yyyy-mm-dd hh:mm"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 138", "-5", "@cmd", "\t=1", '=HYPERLINK("http://x")', "＝1", "http://x.cn", "0012"]
)
def test_text_is_never_a_formula_a_link_or_a_number(text):
    cell = opened(one_text(text)).active["B2"]

    assert (cell.value, cell.data_type, cell.hyperlink, cell.number_format) == (text, "s", None, "@")
    assert bool(cell.quotePrefix) == is_formula_like(text)


@pytest.mark.parametrize(
    "text", ["<r></t></is></c><c><f>1</f></c></r>", "_x0041_", "a_x000D_b", "&lt;", "]]>", "喆𬭎\u3000", "a\nb"]
)
def test_markup_and_escapes_stay_what_was_typed(text):
    [sheet] = read_rows(written(SheetSpec(name="s", columns=[Column(text), Column("b")], rows=[["x", text]])))

    assert sheet.rows == [[text.strip(), "b"], ["x", text.strip()]]


def test_controls_are_left_out_and_long_text_ends_in_an_ellipsis():
    control, long, rare = (
        opened(one_text(text)).active["B2"].value for text in ("a\x00\x0bb\r\nc", "长" * 40_000, "𬭎" * 20_000)
    )

    assert control == "ab\nc"
    assert long == "长" * 32_766 + "…"
    assert rare == "𬭎" * 16_383 + "…"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_every_text_comes_back(texts):
    content = written(SheetSpec(name="s", columns=[Column("a"), Column("end")], rows=[[text, "."] for text in texts]))

    cells = opened(content).active
    back = [cells.cell(row, 1).value or "" for row in range(2, len(texts) + 2)]
    controls = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
    assert back == [controls.sub("", text.replace("\r\n", "\n").replace("\r", "\n")) for text in texts]


def test_numbers_that_excel_would_round_are_text():
    cells = opened(
        written(SheetSpec(name="s", columns=[Column("a", kind="integer")], rows=[[10**15], [10**14], [float("nan")]]))
    ).active

    assert [cell.value for (cell,) in cells["A2:A4"]] == ["1000000000000000", 10**14, "nan"]


def test_title_notes_totals_and_signatures_stand_around_the_table():
    sheet = spec(
        title="测试成绩",
        notes=["第三季度", "=note"],
        totals=["合计", "", 88.5, None, 2, None],
        signatures=["制表", "审核"],
    )

    [read] = read_rows(written(sheet))

    assert read.name == "成绩"
    assert [row[0] if row else "" for row in read.rows] == [
        "测试成绩",
        "第三季度",
        "=note",
        "姓名",
        "张三",
        "合计",
        "",
        "制表: ____________",
    ]
    assert read.rows[5] == ["合计", "", "88.5", "", "2"]
    assert read.rows[7][3] == "审核: ____________"


def test_sheet_is_ready_to_be_read_and_printed():
    sheet = opened(written(spec(title="测试成绩", watermark="张三 & 李四", frozen_columns=1))).active

    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:F3"
    assert sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert sheet.oddHeader.center.text == " 张三 && 李四"
    assert sheet.oddFooter.center.text == "&P / &N"


def test_chinese_text_gets_twice_the_width():
    columns = [Column("a"), Column("b"), Column("c", 40)]
    sheet = opened(
        written(SheetSpec(name="s", columns=columns, rows=[["1234567890", "一二三四五六七八九十", ""]]))
    ).active

    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABC"]

    assert widths == [13, 23, 41]


def test_sheet_names_become_names_excel_accepts():
    names = ["", "a/b:c", "x" * 40, "X" * 40, "'q'", "History"]

    book = opened(written(*(spec(name=name) for name in names)))

    assert book.sheetnames == ["Sheet", "a／b：c", "x" * 31, "X" * 29 + " 2", "q", "History 2"]


def test_properties_are_kept():
    book = opened(written(spec(), properties=Properties(title="成绩", author="县委组织部", comments="a\x00b")))

    assert (book.properties.title, book.properties.creator, book.properties.description) == ("成绩", "县委组织部", "ab")


def test_rows_are_taken_one_at_a_time_in_constant_memory():
    taken = []

    def rows():
        for number in range(5_000):
            taken.append(number)
            yield ROW

    content = written(spec(rows=rows()))

    assert len(taken) == 5_000
    assert len(read_rows(content)[0].rows) == 5_001


def test_table_without_rows_is_a_header():
    assert read_rows(written(spec(rows=[])))[0].rows == [[column.title for column in COLUMNS]]


@pytest.mark.parametrize("row", [ROW[:-1], [*ROW, "x"]])
def test_row_of_the_wrong_length_is_an_error(row):
    with pytest.raises(ValueError, match="argument"):
        written(spec(rows=[ROW, row]))


def test_workbook_without_a_sheet_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        written()


def test_workbook_holds_no_formula_link_or_macro():
    with ZipFile(BytesIO(one_text("=1+1"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        members = archive.namelist()

    assert "<f>" not in sheet
    assert [name for name in members if "vba" in name or "externalLink" in name] == []


def test_formulas_reckon_with_their_row_or_with_the_rows_above_and_carry_what_comes_out():
    columns = [
        Column("名称"),
        Column("一", kind="decimal"),
        Column("二", kind="decimal"),
        Column("总分", kind="decimal"),
    ]
    rows = [["=1+1", 10, 20.5, Formula("SUM", 30.5, 1, 2)], ["乙", 5, None, Formula("SUM", 5, 1, 2)]]
    totals = LateRow(lambda: ["平均", Formula("AVERAGE", 7.5), None, Formula("AVERAGE", 17.75)])
    spec = SheetSpec(name="表", title="题", notes=["注"], columns=columns, rows=iter(rows), totals=totals)
    target = BytesIO()

    write_workbook(target, [spec])

    written, reckoned = (openpyxl.load_workbook(target, data_only=known).active for known in (False, True))
    assert [[cell.value for cell in row] for row in written["A4:D6"]] == [
        ["=1+1", 10, 20.5, "=SUM(B4:C4)"],
        ["乙", 5, None, "=SUM(B5:C5)"],
        ["平均", "=AVERAGE(B4:B5)", None, "=AVERAGE(D4:D5)"],
    ]
    assert written["A4"].data_type == "s"
    assert [row[3].value for row in reckoned["A4:D6"]] == [30.5, 5, 17.75]


def test_a_formula_without_cells_is_a_mistake():
    spec = SheetSpec(name="表", columns=[Column("一", kind="decimal")], rows=[[Formula("SUM", 1)]])

    with pytest.raises(ValueError, match="no cells"):
        write_workbook(BytesIO(), [spec])
