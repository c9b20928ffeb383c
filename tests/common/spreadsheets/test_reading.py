import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.spreadsheets import refusals
from common.spreadsheets.reading import Limits, Sheet, UnreadableSpreadsheet, read_rows

# old.xls was written with xlwt, encrypted.xlsx with msoffcrypto-tool (password "secret").
FILES = Path(__file__).parent / "files"
QUESTIONS = [["题干", "答案"], ["驻村，几年？", "B"]]


def xlsx(*rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, value in cells.items():
        book.active[name] = value
    return saved(book)


def saved(book):
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(**members):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def ods(*rows):
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="表">{cells}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def test_values_of_a_workbook_become_text():
    content = xlsx(
        A1="  单选\n题 ",
        B1=1.0,
        C1=2.5,
        D1=True,
        A2=date(2026, 1, 2),
        B2=datetime.fromisoformat("2026-01-02T08:30"),
        C2=time(8, 30),
        D2=timedelta(hours=30, seconds=5),
        A3=0.1 + 0.2,
        B3=123456789012345678,
    )

    assert read_rows(content) == [
        Sheet(
            "Sheet",
            [
                ["单选\n题", "1", "2.5", "TRUE"],
                ["2026-01-02", "2026-01-02T08:30:00", "08:30:00", "30:00:05"],
                ["0.3", "1.23456789012346e+17"],
            ],
        )
    ]


def test_rows_keep_the_numbers_a_person_sees():
    content = xlsx(B3="题干", C5="答案", A4000="")

    assert read_rows(content) == [Sheet("Sheet", [[], [], ["", "题干"], [], ["", "", "答案"]])]


def test_every_sheet_is_read_and_hidden_ones_are_marked():
    book = openpyxl.Workbook()
    book.active.title = "单选题"
    book.active["A1"] = "题干"
    hidden = book.create_sheet("选项")
    hidden["A1"] = "对"
    hidden.sheet_state = "hidden"

    assert read_rows(saved(book)) == [Sheet("单选题", [["题干"]]), Sheet("选项", [["对"]], hidden=True)]


def test_old_excel_files_are_read():
    sheets = read_rows((FILES / "old.xls").read_bytes())

    assert sheets == [
        Sheet(
            "单选题",
            [
                ["题干", "答案", "分值"],
                ["驻村工作队每期几年？", "B", "2"],
                ["身份", "", "530381202001"],
                ["2026-01-02"],
            ],
        )
    ]


def test_open_document_files_are_read():
    assert read_rows(ods(*QUESTIONS)) == [Sheet("表", QUESTIONS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    rows = [["题干", "答案", "备注"], ["驻村“几年”？喆𬭎", "B", ""], ["两年，还是三年", "A"]]

    content = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)

    assert read_rows(content) == [Sheet("", [rows[0], rows[1][:2], rows[2]])]


def test_quoted_cells_may_hold_delimiters_and_line_feeds():
    content = '题干,答案\n"选""A"", 还是\nB",B\n,,\n,,'.encode()

    assert read_rows(content) == [Sheet("", [["题干", "答案"], ['选"A", 还是\nB', "B"]])]


def test_list_of_names_is_a_table_of_one_column():
    assert read_rows("姓名\n张三\n李四\n".encode("gb18030")) == [Sheet("", [["姓名"], ["张三"], ["李四"]])]


def test_excels_hint_names_the_delimiter():
    assert read_rows("sep=;\n甲,乙;丙\n".encode()) == [Sheet("", [["甲,乙", "丙"]])]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.EmptyFile),
        (b" \r\n\r\n", refusals.EmptyFile),
        (b",,,\n,,,\n", refusals.EmptyFile),
        (xlsx(A900=""), refusals.EmptyFile),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", refusals.NotATable),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01", refusals.NotATable),
        (b"\xff\x00\xff\xff", refusals.NotATable),
        (b'"' + b"x" * 200_000, refusals.NotATable),
        (b"PK\x03\x04 torn", refusals.NotATable),
        (xlsx(*QUESTIONS)[:-40], refusals.NotATable),
        (zipped(word__document="<w:document/>"), refusals.NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refusals.NotATable),
        (b"<html><table><tr><td>1</td></tr></table>", refusals.WebPageNotTable),
        ((FILES / "encrypted.xlsx").read_bytes(), refusals.EncryptedFile),
        (zipped(xl__workbook=bytes(40_000_000)), refusals.ArchiveBomb),
    ],
)
def test_what_is_no_table_is_refused_by_name(content, refusal):
    with pytest.raises(UnreadableSpreadsheet) as caught:
        read_rows(content)

    assert type(caught.value) is refusal


@pytest.mark.parametrize(
    ("content", "limits", "refusal"),
    [
        (b"a,b\n" * 10, Limits(file_bytes=20), refusals.FileTooLarge),
        (b"a,b\n" * 10, Limits(rows=9), refusals.TooManyCells),
        (b"a,b\n" * 10, Limits(cells=19), refusals.TooManyCells),
        (xlsx(*[["a", "b"]] * 10), Limits(rows=9), refusals.TooManyCells),
        (xlsx(*[["a", "b"]] * 10), Limits(cells=19), refusals.TooManyCells),
        (xlsx(*[["a", "b"]] * 10), Limits(unpacked_bytes=1000), refusals.ArchiveBomb),
        (zipped(**{f"n{i}": "" for i in range(11)}), Limits(members=10), refusals.ArchiveBomb),
        (xlsx(A1=1, XFD1048576=1), Limits(), refusals.TooManyCells),
        (xlsx(A1=1, A1048576=1), Limits(), refusals.TooManyCells),
    ],
)
def test_what_is_beyond_a_limit_is_refused_by_name(content, limits, refusal):
    with pytest.raises(UnreadableSpreadsheet) as caught:
        read_rows(content, limits=limits)

    assert type(caught.value) is refusal


def test_limits_themselves_are_allowed():
    limits = Limits(rows=10, cells=20)

    assert read_rows(b"a,b\n" * 10, limits=limits)[0].rows == read_rows(xlsx(*[["a", "b"]] * 10), limits=limits)[0].rows


def test_every_refusal_has_its_own_code_and_a_sentence():
    kinds = [UnreadableSpreadsheet, *UnreadableSpreadsheet.__subclasses__()]

    codes = {kind.code: str(kind()) for kind in kinds}

    assert sorted(codes) == [
        "archive_bomb",
        "empty_file",
        "encrypted",
        "not_a_table",
        "too_large",
        "too_many_cells",
        "unreadable",
        "web_page",
    ]
    assert all(sentence.endswith((".", "。")) for sentence in codes.values())


def read_or_refuse(content):
    try:
        return read_rows(content)
    except UnreadableSpreadsheet:
        return []


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text().map(str.encode))
def test_any_bytes_give_rows_or_a_refusal(content):
    sheets = read_or_refuse(content)

    assert all(row == [] or row[-1] for sheet in sheets for row in sheet.rows)


@pytest.mark.parametrize(
    "original", [xlsx(*QUESTIONS), ods(*QUESTIONS), (FILES / "old.xls").read_bytes()], ids=["xlsx", "ods", "xls"]
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_workbooks_give_rows_or_a_refusal(original, data):
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))

    sheets = read_or_refuse(bytes(content))

    assert all(isinstance(cell, str) for sheet in sheets for row in sheet.rows for cell in row)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=8),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_text_survives_its_quotes(rows):
    quoted = "\n".join(",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)

    sheets = read_or_refuse(quoted.encode())

    assert [cell for sheet in sheets for row in sheet.rows for cell in row if cell] == [
        c for row in rows for c in row if c
    ]
