import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.chinese import strip_controls
from common.spreadsheets.csv_out import csv_lines
from common.tables import is_formula_like


def test_utf8_begins_with_a_mark_and_lines_end_as_excel_expects():
    lines = list(csv_lines(["姓名", "得分"], [["张三", 88.5]]))

    assert lines == ["\ufeff姓名,得分\r\n".encode(), "张三,88.5\r\n".encode()]


def test_lines_are_made_one_at_a_time():
    def rows():
        yield ["first"]
        raise AssertionError("asked for too early")

    lines = csv_lines(["a"], rows())

    assert [next(lines), next(lines)] == ["\ufeffa\r\n".encode(), b"first\r\n"]


def test_formulas_are_neutralised_and_numbers_are_not():
    rows = [["=1+1", "+86", "@x", "\t=1", "-5"], [-5, -0.5, Decimal("-1.5"), None, date(2026, 1, 2)]]

    lines = list(csv_lines(["-a"], rows))

    assert lines[0] == "\ufeff'-a\r\n".encode()
    assert lines[1:] == [b"'=1+1,'+86,'@x,'\t=1,'-5\r\n", b"-5,-0.5,-1.5,,2026-01-02\r\n"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@given(st.lists(st.text(), min_size=2, max_size=4))
def test_every_character_survives_in_both_encodings(encoding, row):
    content = b"".join(csv_lines(["a", "b"], [row], encoding=encoding)).decode(encoding)

    _, read = csv.reader(StringIO(content, newline=""))

    expected = [strip_controls(text) for text in row]
    assert read == [f"'{text}" if is_formula_like(text) else text for text in expected]


def test_rare_characters_survive_in_gb18030():
    assert b"".join(csv_lines(["喆𬭎㛃"], [], "gb18030")).decode("gb18030") == "喆𬭎㛃\r\n"
