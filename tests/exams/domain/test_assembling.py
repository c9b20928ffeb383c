from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exams.domain.assembling import KIND_ORDER, Placed, Plan, assemble, choose_questions, order_options, order_questions
from question_bank.domain.asking import AskedOption, AskedVersion
from tests.factories.exams import NOON

seeds = st.text("0123456789abcdef", min_size=1, max_size=8)


@st.composite
def plans_of(draw: st.DrawFn, most_rows: int = 4, versions: int = 12) -> list[Plan]:
    """Rows that may overlap, feasible together: each is built around questions of its own."""
    pool = draw(st.permutations(range(1, versions + 1)))
    plans, start = [], 0
    for number in range(draw(st.integers(1, most_rows))):
        count = draw(st.integers(1, 3))
        own = pool[start : start + count]
        start += count
        assume(len(own) == count)
        others = draw(st.sets(st.sampled_from(pool)))
        plans.append(Plan(count, str(number + 1), tuple(sorted({*own, *others}))))
    return plans


moments = st.integers(1, 300).map(lambda days: NOON - timedelta(days=days))
meetings = st.dictionaries(st.integers(1, 12), moments)


@given(plans=plans_of(), seed=seeds, met=meetings)
def test_every_row_is_met_and_no_question_is_asked_twice(
    plans: list[Plan], seed: str, met: dict[int, datetime]
) -> None:
    placed = choose_questions(plans, seed, met)

    assert len({item.version for item in placed}) == len(placed)
    assert [item.points for item in placed] == [plan.points for plan in plans for _ in range(plan.wanted)]
    for plan in plans:
        chosen = {item.version for item in placed if item.points == plan.points}
        assert len(chosen) == plan.wanted
        assert chosen <= set(plan.versions)


def fewest_repetitions(plans: list[Plan], met: dict[int, datetime]) -> int:
    """By trying: the smallest number of met questions with which all rows can still be met."""
    everything = sorted({version for plan in plans for version in plan.versions})
    fresh = [version for version in everything if version not in met]
    stale = [version for version in everything if version in met]
    for size in range(len(stale) + 1):
        for repeated in combinations(stale, size):
            if can_be_met(plans, {*fresh, *repeated}):
                return size
    raise AssertionError("not feasible")


def can_be_met(plans: list[Plan], allowed: set[int]) -> bool:
    seats = [place for place, plan in enumerate(plans) for _ in range(plan.wanted)]
    holder: dict[int, int] = {}

    def seat(number: int, tried: set[int]) -> bool:
        for version in plans[seats[number]].versions:
            if version in allowed and version not in tried:
                tried.add(version)
                if version not in holder or seat(holder[version], tried):
                    holder[version] = number
                    return True
        return False

    return all(seat(number, set()) for number in range(len(seats)))


@given(plans=plans_of(most_rows=3, versions=9), seed=seeds, met=meetings)
def test_no_more_recently_met_questions_are_asked_than_the_bank_forces(
    plans: list[Plan], seed: str, met: dict[int, datetime]
) -> None:
    placed = choose_questions(plans, seed, met)

    assert sum(item.version in met for item in placed) == fewest_repetitions(plans, met)


def test_a_broad_row_makes_way_rather_than_let_a_narrow_one_repeat() -> None:
    plans = [Plan(1, "1", (1, 2)), Plan(1, "2", (1, 3))]
    met = {3: NOON}

    chosen = {frozenset(item.version for item in choose_questions(plans, str(seed), met)) for seed in range(40)}

    assert chosen == {frozenset({1, 2})}


def test_of_those_met_the_longest_ago_comes_first() -> None:
    met = {version: NOON - timedelta(days=version) for version in range(1, 9)}

    placed = choose_questions([Plan(5, "2", tuple(range(1, 11)))], "seed", met)

    assert {item.version for item in placed} == {9, 10, 8, 7, 6}


def test_the_same_seed_gives_the_same_questions_and_another_seed_gives_others() -> None:
    plans = [Plan(10, "2", tuple(range(1, 101)))]

    papers = [choose_questions(plans, seed, {}) for seed in ("a", "a", "b")]

    assert papers[0] == papers[1] != papers[2]


def test_over_many_seeds_every_question_is_asked_about_as_often() -> None:
    plans = [Plan(5, "2", tuple(range(1, 21)))]
    asked = [item.version for seed in range(1000) for item in choose_questions(plans, str(seed), {})]

    # 250 expected each, standard deviation 13.7: five of them either way.
    assert {version for version in range(1, 21) if not 181 < asked.count(version) < 319} == set()


def test_plans_that_are_not_feasible_together_are_refused() -> None:
    with pytest.raises(ValueError, match="not feasible"):
        choose_questions([Plan(1, "1", (1,)), Plan(1, "2", (1,))], "seed", {})


# -- order ----------------------------------------------------------------------------------


def face(
    kind: str = "single", options: int = 4, anchored: tuple[int, ...] = (), in_order: bool = False
) -> AskedVersion:
    rows = tuple(AskedOption(f"o{place}", f"第{place}项", place in anchored) for place in range(options))
    return AskedVersion(kind, "题干", rows, in_order, 0)


kinds = st.sampled_from(list(KIND_ORDER))


@given(chosen=st.lists(kinds, max_size=15), seed=seeds)
def test_kinds_come_in_the_order_of_printed_papers_and_nothing_is_lost(chosen: list[str], seed: str) -> None:
    faces = {number: face(kind) for number, kind in enumerate(chosen)}
    placed = [Placed(number, "2") for number in faces]

    ordered = order_questions(placed, faces, seed, shuffled=True)

    assert sorted(ordered) == placed
    places = [KIND_ORDER[faces[item.version].kind] for item in ordered]
    assert places == sorted(places)


def test_without_shuffling_a_kind_keeps_the_order_of_the_blueprint() -> None:
    plans = [Plan(2, "1", (5, 6)), Plan(2, "2", (1, 2)), Plan(1, "3", (1, 2, 5, 7))]
    faces = dict.fromkeys(range(1, 8), face())

    items = assemble(plans, faces, "seed", {7: NOON}, shuffle_questions=False, shuffle_options=False)

    assert [points for _version, points, _order in items] == ["1", "1", "2", "2", "3"]


options_of = st.integers(2, 11)


@given(options=options_of, anchored=st.sets(st.integers(0, 10)), seed=seeds)
def test_options_are_a_permutation_in_which_the_anchored_stay(options: int, anchored: set[int], seed: str) -> None:
    order = order_options(face(options=options, anchored=tuple(anchored)), seed, shuffled=True)

    assert sorted(order) == list(range(options))
    assert all(order[place] == place for place in anchored if place < options)


@pytest.mark.parametrize("fixed", [face(in_order=True), face("multiple", in_order=True), face("true_false", 2)])
def test_options_whose_order_is_part_of_the_question_never_move(fixed: AskedVersion) -> None:
    orders = {tuple(order_options(fixed, str(seed), shuffled=True)) for seed in range(50)}

    assert orders == {tuple(range(len(fixed.options)))}


def test_options_move_only_when_shuffled() -> None:
    assert order_options(face(), "seed", shuffled=False) == [0, 1, 2, 3]
    assert len({tuple(order_options(face(), str(seed), shuffled=True)) for seed in range(200)}) == 24
