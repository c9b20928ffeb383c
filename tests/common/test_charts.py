"""Charts are well-formed, say what they show, escape what people wrote, and need no inline style."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import Bar, Group, Point, Whisker, grouped_bars, histogram, interval_chart, share_bars, trend_chart
from common.tables import display_width

NASTY = "<script>alert('&')</script>"
CHARTS = {
    "histogram": lambda text: histogram([Bar(text, 3), Bar("90–100%", 0)], title=text),
    "intervals": lambda text: interval_chart([Whisker(text, 0.5, 0.2, 0.8)], title=text),
    "bars": lambda text: grouped_bars([Group(text, [0.1, 1.0], is_marked=True)], [text, "上"], title=text),
    "trend": lambda text: trend_chart([Point(text, 76.0), Point("26Q2", 88.0, is_now=True)], title=text),
    "shares": lambda text: share_bars([(text, 0.4), ("丙", 1.0)], title=text),
}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_says_its_title_and_escapes_it(name: str) -> None:
    chart = CHARTS[name](NASTY)

    root = ElementTree.fromstring(chart)
    assert (root.attrib["role"], root.find("title").text) == ("img", NASTY)  # type: ignore[union-attr]
    assert "<script>" not in chart
    assert not re.search(r"\sstyle=|\son\w+=", chart)


@pytest.mark.parametrize("draw", [histogram, interval_chart])
def test_nothing_to_draw_is_an_empty_chart(draw: object) -> None:
    assert ElementTree.fromstring(draw([], title="空")) is not None  # type: ignore[operator]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20))
def test_bars_are_as_tall_as_their_numbers(numbers: list[int]) -> None:
    root = ElementTree.fromstring(histogram([Bar(str(n), n) for n in numbers], title="x"))

    tall = [float(bar.attrib["height"]) for bar in root.iter("rect")]
    most = max(numbers) or 1
    assert tall == pytest.approx([168 * n / most for n in numbers], abs=0.06)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_everything_stays_within_the_picture(shares: list[float]) -> None:
    whiskers = [Whisker("2026Q1", share, share, share) for share in shares]
    groups = [Group("一个很长很长很长很长很长很长很长很长的选项", shares)] * 2
    for chart in (interval_chart(whiskers, title="x"), grouped_bars(groups, ["a", "b", "c"][: len(shares)], title="x")):
        root = ElementTree.fromstring(chart)

        places = [
            float(part.attrib[name]) for part in root.iter() for name in ("x", "x1", "x2", "cx") if name in part.attrib
        ]
        assert all(0 <= place <= 400 for place in places)


@pytest.mark.parametrize(
    "names", [["后三分之一", "中间三分之一", "前三分之一"], ["lower third", "middle third", "upper third"]]
)
def test_the_names_of_the_series_fit_the_width(names: list[str]) -> None:
    root = ElementTree.fromstring(grouped_bars([Group("甲", [0.2, 0.5, 1.0])], names, title="x"))

    texts = [part for part in root.iter() if part.text in names]
    assert [part.text for part in texts] == names
    for part in texts:
        assert float(part.attrib["x"]) + 8 * display_width(part.text or "") <= 400


def test_a_trend_joins_its_points_in_order_and_sets_off_the_one_of_now() -> None:
    svg = trend_chart([Point("26Q1", 0), Point("26Q2", 100, is_now=True)], title="总分 <趋势>")

    assert '<polyline class="trend" points="106,172 294,34"/>' in svg
    assert 'class="now" x="294" y="22" text-anchor="middle">100.0<' in svg
    assert "总分 &lt;趋势&gt;" in svg


def test_bars_of_shares_are_as_long_as_their_share() -> None:
    svg = share_bars([("甲", 0.0), ("乙", 0.5), ("丙", 1.0)], title="占比")

    widths = [width for name, width in re.findall(r'<rect class="(\w+)"[^>]*width="([\d.]+)"', svg) if name == "bar"]
    assert widths == ["0", "166", "332"]
