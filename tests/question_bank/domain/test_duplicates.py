"""Finding questions that say nearly the same misses none that a comparison of all with all finds."""

from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from question_bank.domain.demo_bank import read_bank
from question_bank.domain.duplicates import ALIKE_PERCENT, COMMON_SHARE, Sought, comparable, fitting_lengths

WORDS = [comparable(row["stem"], row.get("options", [])) for file in read_bank() for row in file.questions]


def _varied(text: str, changes: int, chance: Random) -> str:
    for _change in range(changes):
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(["", "村", "不得", text[place] * 2]) + text[place + 1 :] or "村"
    return text


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(max(len(text) - 1, 1))}


def _are_alike(one: str, other: str) -> bool:
    common, most = len(_pairs(one) & _pairs(other)), max(len(_pairs(one)), len(_pairs(other)))
    return common >= COMMON_SHARE * most and fuzz.ratio(one, other) >= ALIKE_PERCENT


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**16), st.integers(0, 12), st.integers(1, 60))
def test_finds_what_comparing_all_with_all_finds(seed, changes, length):
    chance = Random(seed)
    sought = [text[:length] for text in chance.sample(WORDS, 40)]
    others = [_varied(text, changes, chance) for text in sought]

    found = {(text, near.place) for text in others for near in Sought(sought).like(text)}

    every = {(text, place) for text in others for place, known in enumerate(sought) if _are_alike(text, known)}
    assert every <= found
    assert all(fuzz.ratio(text, sought[place]) >= ALIKE_PERCENT for text, place in found)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**16), st.integers(0, 12), st.integers(1, 60))
def test_finds_what_repeats_itself_in_the_order_of_the_texts(seed, changes, length):
    chance = Random(seed)
    texts = [text[:length] for text in chance.sample(WORDS, 30)]
    texts += [_varied(text, changes, chance) for text in texts]
    chance.shuffle(texts)

    found = Sought(texts).repeats()

    every = {(one, other) for one, other in combinations(range(len(texts)), 2) if _are_alike(texts[one], texts[other])}
    assert every <= {(repeat.earlier, repeat.later) for repeat in found}
    assert found == sorted(found)
    assert all(
        repeat.earlier < repeat.later and int(fuzz.ratio(texts[repeat.earlier], texts[repeat.later])) == repeat.percent
        for repeat in found
    )


@given(st.integers(1, 400), st.integers(1, 400))
def test_of_fitting_length_is_whatever_can_be_alike(one, other):
    most_alike = fuzz.ratio("村" * one, "村" * other)

    assert (most_alike >= ALIKE_PERCENT) == (other in fitting_lengths(one))
