from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.tables import Column, SheetSpec, content_digest, display_width, is_formula_like, shown


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (None, Column("a"), ""),
        ("张三", Column("a"), "张三"),
        (88.25, Column("a", kind="decimal"), "88.3"),
        (Decimal("88.25"), Column("a", kind="decimal"), "88.3"),
        (2.675, Column("a", kind="decimal", places=2), "2.68"),
        (7, Column("a", kind="integer"), "7"),
        (0.9735, Column("a", kind="percent"), "97.4%"),
        (1, Column("a", kind="percent", places=0), "100%"),
        ("absent", Column("a", kind="decimal"), "absent"),
        (float("nan"), Column("a", kind="decimal"), "nan"),
        (date(2026, 1, 2), Column("a", kind="datetime"), "2026-01-02"),
        (datetime(2026, 1, 2, 23, 30, tzinfo=UTC), Column("a", kind="datetime"), "2026-01-03 07:30"),
    ],
)
def test_value_is_shown_as_a_person_reads_it(value, column, text, settings):
    settings.TIME_ZONE = "Asia/Shanghai"

    assert shown(value, column) == text


@given(st.integers() | st.floats() | st.decimals(), st.sampled_from(["integer", "decimal", "percent"]))
def test_every_number_can_be_shown(value, kind):
    assert shown(value, Column("a", kind=kind))


def test_chinese_characters_are_twice_as_wide():
    assert display_width("驻村 team\n一二三四五六") == 12


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@sum", "\t=1", "\rx", " =1", "＝1", "－5"])
def test_text_that_begins_like_a_formula_is_recognised(text):
    assert is_formula_like(text)


@pytest.mark.parametrize("text", ["", "1=1", "张三", " 5", "a@b.cn"])
def test_other_text_is_no_formula(text):
    assert not is_formula_like(text)


def sheet(rows, totals=None):
    return SheetSpec(name="s", columns=[Column("甲"), Column("乙", kind="decimal")], rows=rows, totals=totals)


def test_digest_depends_on_what_is_shown():
    as_numbers = content_digest(sheet([["a", 1.0], ["b", Decimal("2.04")]]))
    as_shown = content_digest(sheet([("a", "1.0"), ("b", 2.0)]))

    assert as_numbers == as_shown
    assert len(as_numbers) == 64


@pytest.mark.parametrize(
    "other",
    [
        sheet([["a", 1], ["b", 3]]),
        sheet([["b", 2], ["a", 1]]),
        sheet([["a", 1]], totals=["b", 2]),
        sheet([['a", "1', 2]]),
    ],
)
def test_digest_changes_with_the_content(other):
    assert content_digest(other) != content_digest(sheet([["a", 1], ["b", 2]]))
