from hypothesis import given
from hypothesis import strategies as st

from common.pdf.lines import NOT_AT_END, NOT_AT_START, break_lines

MARKS = "，。；：）（《》、“”—…"
PROSE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "驻村",
                "工作队",
                "，",
                "。",
                "；",
                "（",
                "）",
                "《",
                "》",
                "……",
                "——",
                "2021",
                "PDF",
                " ",
                "3.5%",
                "“",
                "”",
                "贫困户",
            ]
        ),
        st.text("甲乙丙丁", min_size=1, max_size=6),
    )
).map("".join)


def square(text):
    """Width of a text whose Chinese characters are 2 wide and the others 1."""
    return float(sum(2 if ord(character) > 0x2000 else 1 for character in text))


def test_line_never_begins_with_a_closing_mark():
    lines = break_lines("防止返贫，守住底线。", 8, square)

    assert lines == ["防止返", "贫，守住", "底线。"]


def test_opening_mark_goes_with_what_it_opens():
    lines = break_lines("依据《条例》办理", 6, square)

    assert lines == ["依据", "《条", "例》办", "理"]


def test_dash_and_ellipsis_are_not_cut_in_two():
    lines = break_lines("甲乙——丙丁……", 6, square)

    assert lines == ["甲", "乙——", "丙", "丁……"]


def test_words_and_numbers_stay_whole():
    lines = break_lines("共有1234人参加PDF培训", 10, square)

    assert lines == ["共有1234人", "参加PDF培", "训"]


def test_line_feeds_are_kept():
    assert break_lines("甲\n\n乙", 10, square) == ["甲", "", "乙"]


def test_space_at_a_break_disappears():
    assert break_lines("one two three", 7, square) == ["one two", "three"]


def test_empty_brackets_stay_together():
    assert (
        break_lines("甲乙丙（  ）。丁", 12, square)
        == ["甲乙丙", "（  ）。丁"]
        == break_lines("甲乙丙（  ）。丁", 11, square)
    )


def test_word_wider_than_the_line_is_cut():
    assert break_lines("甲0123456789乙", 4, square) == ["甲", "0123", "4567", "89乙"]


def test_empty_text_is_one_empty_line():
    assert break_lines("", 10, square) == [""]


@given(PROSE, st.integers(4, 40))
def test_nothing_is_lost_and_nothing_sticks_out(text, width):
    lines = break_lines(text, width, square)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(square(line) <= width for line in lines)


@given(PROSE, st.integers(4, 40))
def test_marks_stand_where_they_may(text, width):
    lines = break_lines(text, width, square)

    allowed_anywhere = _clusters_wider_than(width, text)
    starts = [line for line in lines[1:] if line and line[0] in NOT_AT_START]
    ends = [line for line in lines[:-1] if line and line[-1] in NOT_AT_END]
    assert allowed_anywhere or (starts, ends) == ([], [])


def _clusters_wider_than(width, text):
    """Does the text hold a run of marks that leaves no room for keeping the rules?"""
    run = longest = 0
    for character in text:
        run = run + 2 if character in MARKS + " " else 0
        longest = max(longest, run)
    return longest + 16 > width
