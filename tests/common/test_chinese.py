import string
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.chinese import fold, is_control_free, mask_phone, sort_key, strip_controls

TYPED = st.text(
    st.sampled_from("３3五12０.。·，,、；;：:/／-－—～~ 　%％‰+＋（）《》“”ＡaBß贫困户〔〕\u200b\ufe0f±x²½①")
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("《乡村振兴促进法》", "乡村振兴促进法"),
        ("国发〔2021〕6号", "国发[2021]6 号"),
        ("两不愁、三保障", "两不愁三保障"),
        ("  两不愁\u3000三保障。", "两不愁三保障"),
        ("98％", "98%"),
        ("3～5天", "3-5 天"),
        ("3—5天", "3－5天"),
        ("3·15", "3.15"),
        ("3。14", "3.14"),
        ("1,000元", "1000元"),
        ("8：30", "8:30"),
        ("1、2、3", "1，2，3"),
        ("−5℃", "-5°c"),
        ("龍\ufe00", "龍"),
    ],
)
def test_answers_that_differ_only_in_typing_are_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5", "35"),
        ("3-5天", "35天"),
        ("-5", "5"),
        ("降至-5度", "降至5度"),
        ("98%", "98"),
        ("5%", "5‰"),
        ("1/3", "13"),
        ("8:30", "830"),
        ("3、5", "35"),
        ("+1", "1"),
        ("龍", "龙"),
        ("五", "5"),
    ],
)
def test_answers_that_differ_in_value_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("答：——3。", "答3"),
        ("2026年—", "2026年"),
        ("-", ""),
        ("", ""),
        ("A.-B", "ab"),
        ("3,-5", "3、-5"),
        ("ＨＥＬＬＯ！", "hello"),
    ],
)
def test_marks_without_a_meaning_disappear(text, folded):
    assert fold(text) == folded


@given(st.one_of(TYPED, st.text()))
@example("C:\u0327")
@example("1-/-1")
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(string.ascii_letters + string.digits + "驻村工作队.%-"))
def test_full_width_and_half_width_are_equal(text):
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

    assert fold(full_width) == fold(text)


@given(TYPED)
def test_no_letter_or_digit_is_lost(text):
    def values(value):
        return [c for c in value if unicodedata.category(c)[0] in "LN"]

    assert values(fold(text)) == values(unicodedata.normalize("NFKC", text).casefold())


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0812-1234567", "081****4567"),
        ("1234567", "****67"),
        ("12345", "****"),
        ("see file", "****"),
        ("", ""),
    ],
)
def test_phone_shows_at_most_seven_digits(phone, masked):
    assert mask_phone(phone) == masked


def test_names_are_ordered_by_pinyin():
    names = ["赵六", "张三", "李四", "艾一", "王五"]

    assert sorted(names, key=sort_key) == ["艾一", "李四", "王五", "张三", "赵六"]


@given(st.text())
def test_every_text_has_a_sort_key_of_its_own(text):
    assert sort_key(text).decode("gb18030") == text


def test_lone_surrogate_still_sorts():
    assert sort_key("\ud800") == b"?"


@given(st.text(st.characters(exclude_categories=())))
def test_stripped_text_is_free_of_controls(text):
    stripped = strip_controls(text)

    assert is_control_free(stripped)
    assert (stripped == text) == is_control_free(text)


def test_line_breaks_tabs_and_rare_characters_are_not_controls():
    text = "一行\r\n二行\t𬭎\u3000喆"

    assert strip_controls(text) == text


def test_null_bytes_are_refused():
    assert not is_control_free("答案\x00")
    assert strip_controls("答案\x00") == "答案"
