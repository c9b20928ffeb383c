"""The published method, held against a second writing of it that shares no line with ours."""

from collections.abc import Callable
from hashlib import md5, sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.selection import ALGORITHM, allot, select, select_by_stratum

seeds = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable())
populations = st.lists(st.integers(), unique=True, max_size=60)


def rfc3797(hasher: Callable[[bytes], Any], width: int, seed: str, people: int, wanted: int) -> list[int]:
    """RFC 3797, section 4, after its own words: numbers from 1, the picked one leaves the list."""
    pool = list(range(1, people + 1))
    picked = []
    for turn in range(wanted):
        framed = turn.to_bytes(width, "big") + seed.encode() + turn.to_bytes(width, "big")
        place = int(hasher(framed).hexdigest(), 16) % len(pool)
        picked.append(pool[place])
        pool = pool[:place] + pool[place + 1 :]
    return picked


def test_the_second_writing_gives_the_published_example_of_the_rfc() -> None:
    seed = "9319./2.5.8.10.12./9.18.26.34.41.45./"

    picked = rfc3797(md5, 2, seed, people=25, wanted=10)

    assert md5(b"\0\0" + seed.encode() + b"\0\0").hexdigest().upper() == "990DD0A5692A029A98B5E01AA28F3459"
    assert picked == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]


@given(seed=seeds, people=st.integers(0, 80), share=st.floats(0, 1))
def test_selection_is_rfc_3797_with_sha256_and_four_byte_counters(seed: str, people: int, share: float) -> None:
    wanted = int(people * share)

    assert select(seed, range(1, people + 1), wanted) == rfc3797(sha256, 4, seed, people, wanted)


def test_one_draw_with_a_known_seed_never_changes() -> None:
    people = [f"LX{number:04d}" for number in range(1, 21)]

    drawn = select("2026-06-15 双色球 03 08 11 19 25 31 + 07", people, 5)

    assert ALGORITHM == "yingzhi-draw-1"
    assert drawn == ["LX0020", "LX0008", "LX0018", "LX0005", "LX0007"]


@given(seed=seeds, population=populations, share=st.floats(0, 1))
def test_selection_takes_as_many_as_wanted_each_once_and_nobody_else(
    seed: str, population: list[int], share: float
) -> None:
    size = int(len(population) * share)

    picked = select(seed, population, size)

    assert len(picked) == size == len(set(picked))
    assert set(picked) <= set(population)


@given(seed=seeds, population=populations)
def test_selecting_everybody_is_a_shuffle(seed: str, population: list[int]) -> None:
    assert sorted(select(seed, population, len(population))) == sorted(population)


@given(seed=seeds, population=populations, size=st.integers(0, 60))
def test_a_smaller_selection_is_the_beginning_of_a_larger_one(seed: str, population: list[int], size: int) -> None:
    everybody = select(seed, population, len(population))

    assert select(seed, population, min(size, len(population))) == everybody[:size]


def test_more_than_there_are_cannot_be_selected() -> None:
    with pytest.raises(ValueError, match="3 wanted, 2 there"):
        select("seed", ["a", "b"], 3)


def test_over_many_seeds_everybody_is_drawn_about_as_often() -> None:
    people = list("abcdefghij")
    drawn = [code for seed in range(2000) for code in select(str(seed), people, 3)]

    counts = {code: drawn.count(code) for code in people}

    # 600 expected each, standard deviation 20.5: five of them either way.
    assert {code: 498 < count < 702 for code, count in counts.items()} == dict.fromkeys(people, True)


strata = st.dictionaries(st.integers(101, 140).map(lambda n: f"530999{n}000"), st.integers(1, 40), max_size=16)


@given(members=strata, share=st.floats(0, 1))
def test_shares_of_strata_sum_up_and_differ_from_the_proportion_by_less_than_one(
    members: dict[str, int], share: float
) -> None:
    everybody = sum(members.values())
    size = int(everybody * share)

    shares = allot(size, members)

    assert sum(shares.values()) == (size if members else 0)
    assert set(shares) == set(members)
    for code, people in members.items():
        assert abs(shares[code] * everybody - size * people) < everybody
        assert 0 <= shares[code] <= people


def test_the_largest_remainders_get_what_is_left_and_the_lower_code_goes_first() -> None:
    assert allot(10, {"c": 47, "a": 16, "b": 16, "d": 21}) == {"c": 5, "a": 2, "b": 1, "d": 2}
    assert allot(1, {"b": 5, "a": 5}) == {"a": 1, "b": 0}


@given(seed=seeds, members=strata, share=st.floats(0, 1))
def test_a_stratified_draw_is_one_selection_per_stratum_under_its_own_seed(
    seed: str, members: dict[str, int], share: float
) -> None:
    population = [(f"{code}-{number}", code) for code, people in members.items() for number in range(people)]
    size = int(len(population) * share)

    drawn = select_by_stratum(seed, population, size)

    expected = []
    for code in sorted(members):
        within = [person for person, stratum in population if stratum == code]
        quota = allot(size, members)[code]
        expected += [within[place - 1] for place in rfc3797(sha256, 4, f"{seed}/{code}", len(within), quota)]
    assert drawn == expected
