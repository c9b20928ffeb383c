"""Chinese text as search terms: what is asked for is a part of what is held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.search_terms import index_terms, query_terms


def test_a_run_of_characters_is_held_as_characters_and_pairs() -> None:
    assert index_terms("脱贫攻") == "x8131 x8d2b x653b x8131x8d2b x8d2bx653b"


def test_a_question_asks_for_the_fewest_terms() -> None:
    assert query_terms("脱贫攻") == ["x8131x8d2b", "x8d2bx653b"]
    assert query_terms("债") == ["x503a"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("脫貧攻堅", "脱贫攻坚"), ("１２号", "12号"), ("ＡＰＰ", "app"), ("国办函〔2026〕12号", "国办函2026 12 号")],
)
def test_spellings_of_the_same_are_the_same_terms(typed: str, meant: str) -> None:
    assert query_terms(typed) == query_terms(meant)


def test_latin_words_and_numbers_stand_for_themselves() -> None:
    assert query_terms("C级 2.5万") == ["c", "x7ea7", "2x2e5", "x4e07"]


@given(st.text("脱贫攻坚〇ａB1 ，。", max_size=12), st.text("脱贫攻坚", min_size=1, max_size=4), st.text("脱贫。 "))
def test_every_word_of_a_text_finds_it(before: str, word: str, after: str) -> None:
    held = set(index_terms(before + word + after).split())

    assert set(query_terms(word)) <= held
