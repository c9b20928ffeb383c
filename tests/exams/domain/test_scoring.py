from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.scoring import MarkingRule, points_earned
from exams.enums import MultipleRule

NOTHING = MarkingRule(MultipleRule.ALL_OR_NOTHING, 40)
SHARE = MarkingRule(MultipleRule.FIXED_SHARE, 40)
PROPORTIONAL = MarkingRule(MultipleRule.PROPORTIONAL, 40)


def picks(letters: str) -> dict[str, list[str]]:
    return {"options": list(letters)}


def fills(*texts: str) -> dict[str, list[str]]:
    return {"blanks": list(texts)}


def accepts(*blanks: list[str], any_order: bool = False) -> dict[str, Any]:
    return {"blanks": list(blanks), "any_order": any_order}


@pytest.mark.parametrize(
    ("kind", "key", "answer", "rule", "points", "earned"),
    [
        ("single", picks("b"), picks("b"), SHARE, "2", "2"),
        ("single", picks("b"), picks("a"), SHARE, "2", "0"),
        ("single", picks("b"), {}, SHARE, "2", "0"),
        ("true_false", {"options": ["true"]}, {"options": ["true"]}, SHARE, "1", "1"),
        ("true_false", {"options": ["true"]}, {"options": ["false"]}, SHARE, "1", "0"),
        # Everything right, in whatever order it was picked.
        ("multiple", picks("abc"), picks("cab"), NOTHING, "3", "3"),
        ("multiple", picks("abc"), picks("cab"), PROPORTIONAL, "3", "3"),
        # Incomplete without a mistake: by the rule of the blueprint.
        ("multiple", picks("abc"), picks("ab"), NOTHING, "3", "0"),
        ("multiple", picks("abc"), picks("ab"), SHARE, "3", "1.20"),
        ("multiple", picks("abc"), picks("a"), SHARE, "3", "1.20"),
        ("multiple", picks("abc"), picks("ab"), PROPORTIONAL, "3", "2.00"),
        ("multiple", picks("abc"), picks("a"), PROPORTIONAL, "2", "0.67"),
        # A wrong pick earns nothing, whatever else is right.
        ("multiple", picks("abc"), picks("abcd"), PROPORTIONAL, "3", "0"),
        ("multiple", picks("abc"), picks("abd"), SHARE, "3", "0"),
        ("multiple", picks("abc"), picks("d"), PROPORTIONAL, "3", "0"),
        # Fill in: a share a blank, several accepted answers, width and punctuation and spaces ignored.
        ("fill", accepts(["60日", "六十日"], ["县级"]), fills("60日", "县级"), SHARE, "1", "1.00"),
        ("fill", accepts(["60日", "六十日"], ["县级"]), fills("六十日", "市级"), SHARE, "1", "0.50"),
        ("fill", accepts(["60日"]), fills(" ６０ 日。"), SHARE, "2", "2.00"),
        ("fill", accepts(["两不愁三保障"]), fills("“两不愁、三保障”"), SHARE, "2", "2.00"),
        ("fill", accepts(["3.15"]), fills("315"), SHARE, "2", "0.00"),
        ("fill", accepts(["甲"], ["乙"], ["丙"]), fills("甲", "", ""), SHARE, "1", "0.33"),
        ("fill", accepts(["甲"], ["乙"]), fills("乙", "甲"), SHARE, "2", "0.00"),
        # Free order: each blank is met once, the same text twice is one answer.
        ("fill", accepts(["甲"], ["乙"], any_order=True), fills("乙", "甲"), SHARE, "2", "2.00"),
        ("fill", accepts(["甲"], ["乙"], any_order=True), fills("甲", "甲"), SHARE, "2", "1.00"),
        ("fill", accepts(["甲", "乙"], ["甲"], any_order=True), fills("甲", "乙"), SHARE, "2", "2.00"),
        ("fill", accepts(["甲", "乙"], ["甲", "乙"], any_order=True), fills("甲", " 甲 "), SHARE, "2", "1.00"),
    ],
)
def test_an_answer_earns(kind: str, key: dict, answer: dict, rule: MarkingRule, points: str, earned: str) -> None:
    assert points_earned(kind, key, answer, Decimal(points), rule) == Decimal(earned)


rules = st.builds(MarkingRule, st.sampled_from(MultipleRule.values), st.integers(0, 100))
points_of = st.decimals("0.5", "100", places=2)
letters = st.sets(st.sampled_from("abcdef"), min_size=1)
texts = st.text(max_size=8)


@given(key=letters, answer=letters, points=points_of, rule=rules, kind=st.sampled_from(["single", "multiple"]))
def test_a_choice_never_earns_less_than_nothing_nor_more_than_its_points(
    key: set[str], answer: set[str], points: Decimal, rule: MarkingRule, kind: str
) -> None:
    earned = points_earned(kind, picks("".join(key)), picks("".join(answer)), points, rule)

    assert 0 <= earned <= points
    assert earned == round(earned, 2)
    if answer == key:
        assert earned == points
    if answer - key:
        assert earned == 0


@given(
    blanks=st.lists(st.tuples(st.lists(texts, min_size=1, max_size=3), texts), min_size=1, max_size=5),
    points=points_of,
    any_order=st.booleans(),
)
def test_blanks_never_earn_less_than_nothing_nor_more_than_their_points(
    blanks: list[tuple[list[str], str]], points: Decimal, any_order: bool
) -> None:
    key = accepts(*[accepted for accepted, _given in blanks], any_order=any_order)

    earned = points_earned("fill", key, fills(*[given_text for _accepted, given_text in blanks]), points, SHARE)

    assert 0 <= earned <= points
    assert earned == round(earned, 2)


@given(
    key=st.lists(
        st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=4), min_size=1, max_size=3), min_size=1, max_size=5
    )
)
def test_the_key_itself_earns_full_points(key: list[list[str]]) -> None:
    answer = fills(*[accepted[-1] for accepted in key])

    assert points_earned("fill", accepts(*key), answer, Decimal("2.5"), SHARE) == Decimal("2.5")


@given(
    key=st.lists(
        st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=4), min_size=1, max_size=3), min_size=1, max_size=5
    ),
    order=st.randoms(use_true_random=False),
)
def test_in_free_order_a_shuffled_answer_earns_what_the_ordered_one_does(key: list[list[str]], order: Any) -> None:
    answer = [accepted[0] for accepted in key]
    shuffled = order.sample(answer, len(answer))

    earned = [
        points_earned("fill", accepts(*key, any_order=True), fills(*each), Decimal(10), SHARE)
        for each in (answer, shuffled)
    ]

    assert earned[0] == earned[1]
    if len(set(answer)) == len(answer):
        assert earned[0] == 10
