"""The formulas against published worked examples, against the standard library, and by what must always hold."""

import statistics
from collections import Counter
from math import isclose, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.statistics.formulas import (
    DistractorTable,
    Estimate,
    Moments,
    OptionByThird,
    PaperSums,
    Reliability,
    Spread,
    TooFew,
    Z,
    difference,
    discrimination,
    distractor_table,
    facility,
    reliability,
    spread,
    thirds,
    two_proportion_z,
    wilson,
    z_below_zero,
    z_of_difference,
)

SHARES = st.lists(st.integers(0, 4).map(lambda part: part / 4), min_size=2, max_size=60)


def proportion(right: int, n: int) -> Estimate:
    found = facility(n, right, right, dichotomous=True, least=1)
    assert isinstance(found, Estimate)
    return found


def moments(pairs: list[tuple[float, float]]) -> Moments:
    sums = Moments()
    for x, y in pairs:
        sums.add(x, y)
    return sums


def sums_of(papers: list[list[tuple[float, float]]]) -> PaperSums:
    sums = PaperSums()
    for paper in papers:
        sums.add(paper)
    return sums


# -- facility ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "n", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_interval_is_that_of_newcombe_1998(right: int, n: int, expected: tuple[float, float]) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert tuple(round(end, 4) for end in wilson(right, n)) == expected


def test_partial_credit_has_the_normal_interval_of_a_mean() -> None:
    shares = [0, 0.4, 0.4, 1, 1, 1, 1, 1, 0, 1]
    half = 1.959964 * statistics.stdev(shares) / sqrt(10)

    found = facility(10, sum(shares), sum(share * share for share in shares), dichotomous=False, least=10)

    assert found == pytest.approx((0.68, 0.68 - half, 0.68 + half, 10))


def test_too_few_answers_are_no_number() -> None:
    assert facility(9, 9, 9, dichotomous=True, least=10) == TooFew(9)
    assert discrimination(moments([(0, 0.5), (1, 0.7)]), least=30) == TooFew(2)
    assert distractor_table({50: 29}, {"a": {50: 29}}, least=30) == TooFew(29)
    assert spread([9], [5], least=10) == TooFew(9)
    assert reliability(sums_of([[(1, 1), (0, 1)]] * 19), least=20) == TooFew(19)


@given(SHARES, st.booleans())
def test_facility_lies_within_its_interval_and_that_within_zero_to_one(shares: list[float], round_up: bool) -> None:
    shares = [float(share > 0) for share in shares] if round_up else shares

    found = facility(len(shares), sum(shares), sum(share * share for share in shares), dichotomous=round_up, least=2)

    assert isinstance(found, Estimate)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(st.integers(2, 500))
def test_everybody_right_reaches_the_top_and_nobody_right_the_bottom(n: int) -> None:
    best, worst = proportion(n, n), proportion(0, n)

    assert (best.value, best.high, worst.value, worst.low) == (1, 1, 0, 0)
    assert isclose(best.low, 1 - worst.high)


# -- differences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_interval_of_a_difference_is_that_of_newcombe_1998(
    later: tuple[int, int], earlier: tuple[int, int], expected: tuple[float, float]
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10."""
    found = difference(proportion(*later), proportion(*earlier))

    assert (round(found.low, 4), round(found.high, 4)) == expected


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_difference_is_far_from_zero_where_its_interval_leaves_zero_out(now: int, then: int) -> None:
    later, earlier = (Estimate(right / 40, *wilson(right, 40), 40) for right in (now, then))

    apart = difference(later, earlier)

    assert (z_of_difference(apart) > Z) == (apart.low > 0 or apart.high < 0)
    assert z_of_difference(apart) == pytest.approx(z_of_difference(difference(earlier, later)))


def test_z_squared_is_the_chi_squared_of_the_aspirin_study() -> None:
    """Agresti, An Introduction to Categorical Data Analysis (2nd ed., 2007), table 2.3: X² = 25.0."""
    z = two_proportion_z(proportion(189, 11034), proportion(104, 11037))

    assert round(z * z, 1) == 25.0


# -- discrimination -----------------------------------------------------------------------------


def test_correlation_is_that_of_anscombe_1973() -> None:
    """Anscombe, The American Statistician 27 (1973), 17-21: the first of his quartet has r = 0.816."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]

    found = discrimination(moments(list(zip(x, y, strict=True))), least=4)

    assert isinstance(found, Estimate)
    assert round(found.value, 3) == 0.816
    assert found.value == pytest.approx(statistics.correlation(x, y))


def test_item_rest_correlation_is_henryssons_correction_of_the_item_total_one() -> None:
    """Henrysson, Psychometrika 28 (1963), 211-218: r(i,t-i) from r(i,t) and the two deviations."""
    chance = Random(7)
    papers = [[float(chance.random() < 0.3 + 0.4 * (place % 3) / 2) for place in range(12)] for _person in range(80)]
    item, totals = [paper[0] for paper in papers], [sum(paper) for paper in papers]
    whole, s_i, s_t = statistics.correlation(item, totals), statistics.pstdev(item), statistics.pstdev(totals)
    corrected = (whole * s_t - s_i) / sqrt(s_i**2 + s_t**2 - 2 * whole * s_i * s_t)

    found = discrimination(moments([(paper[0], sum(paper[1:]) / 11) for paper in papers]), least=30)

    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(corrected)


def test_interval_of_a_correlation_is_fishers() -> None:
    """By hand, for 0.68 of 12: atanh 0.68 = 0.829, 1.96/√9 = 0.653; tanh 0.176 = 0.17, tanh 1.482 = 0.90."""
    found = discrimination(correlated(0.68, 12), least=4)

    assert isinstance(found, Estimate)
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (0.68, 0.17, 0.90)


def correlated(r: float, n: int) -> Moments:
    """Sums of ``n`` pairs with just that correlation."""
    return Moments(n=n, x=0, y=0, xx=n, yy=n, xy=n * r)


def test_perfect_item_discriminates_perfectly_and_its_mirror_negatively() -> None:
    pairs = [(float(rest > 0.5), float(rest > 0.5)) for rest in (place / 40 for place in range(40))]

    best = discrimination(moments(pairs), least=30)
    worst = discrimination(moments([(1 - x, y) for x, y in pairs]), least=30)

    assert isinstance(best, Estimate)
    assert isinstance(worst, Estimate)
    assert (best.value, worst.value) == (pytest.approx(1), pytest.approx(-1))
    assert z_below_zero(worst) > 1.645 > z_below_zero(best)


def test_item_that_everybody_gets_right_has_no_discrimination() -> None:
    assert discrimination(moments([(1.0, place / 40) for place in range(40)]), least=30) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=4, max_size=40), st.randoms())
def test_order_of_people_changes_nothing(pairs: list[tuple[int, int]], chance: Random) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)

    found = [discrimination(moments([(x / 4, y / 20) for x, y in each]), least=4) for each in (pairs, shuffled)]

    assert found[0] == (found[1] if found[1] is None else pytest.approx(found[1]))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=8, max_size=40))
def test_sums_may_be_gathered_in_parts(pairs: list[tuple[int, int]]) -> None:
    half = len(pairs) // 2
    parts = moments([(x / 4, y / 4) for x, y in pairs[:half]])
    parts.merge(moments([(x / 4, y / 4) for x, y in pairs[half:]]))

    # Quarters are exact in binary, so the sums are.
    assert parts == moments([(x / 4, y / 4) for x, y in pairs])


# -- thirds -------------------------------------------------------------------------------------


def test_distractors_are_counted_by_third_and_those_who_answered_nothing() -> None:
    people = dict.fromkeys(range(30), 1)
    picks = {
        "key": dict.fromkeys(range(12, 30), 1),
        "wrong": dict.fromkeys(range(10), 1),
        None: {10: 1, 11: 1},
    }

    table = distractor_table(people, picks, least=30)

    rows = [OptionByThird("key", (0, 8, 10)), OptionByThird("wrong", (10, 0, 0)), OptionByThird(None, (0, 2, 0))]
    assert table == DistractorTable((10, 10, 10), rows)


def test_those_with_the_same_score_stand_in_the_same_third() -> None:
    """Ten of thirty at 50 and at 80 each; at one score for all, nobody is above or below."""
    assert thirds({50: 10, 70: 10, 80: 10}) == {50: 0, 70: 1, 80: 2}
    assert thirds({70: 30}) == {70: 1}
    assert thirds({60: 15, 90: 15}) == {60: 0, 90: 2}


@given(st.dictionaries(st.integers(0, 100), st.integers(1, 20), min_size=1))
def test_thirds_rise_with_the_score_and_are_mirrored_with_it(counts: dict[int, int]) -> None:
    places = [place for _value, place in sorted(thirds(counts).items())]
    mirrored = thirds({100 - value: count for value, count in counts.items()})

    assert places == sorted(places)
    assert {value: 2 - mirrored[100 - value] for value in counts} == thirds(counts)


# -- times --------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_median_is_the_low_median_of_the_standard_library(values: list[int]) -> None:
    counts = Counter(values)

    found = spread([counts[value] for value in range(31)], list(range(31)), least=1)

    assert isinstance(found, Spread)
    assert found.median == statistics.median_low(values)
    assert found.lower <= found.median <= found.upper


# -- reliability ----------------------------------------------------------------------------------

# Six people, four judgements each: table 2 of Shrout and Fleiss, Psychological Bulletin 86 (1979), 420-428.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_reliability_is_icc_1_k_of_shrout_and_fleiss_1979() -> None:
    """They give ICC(1,4) = .44 and a mean square within of 6.26; four items make the error of a total √(4 · 6.26)."""
    papers = [[(float(score), 10.0) for score in row] for row in SHROUT_FLEISS]

    found = reliability(sums_of(papers), least=6)

    assert isinstance(found, Reliability)
    assert (round(found.value, 2), found.n) == (0.44, 6)
    assert found.standard_error == pytest.approx(sqrt(4 * 6.26), abs=0.01)


def test_unequal_points_are_strata_whose_errors_add_up() -> None:
    """Half the paper at one point, half at three: the error is that of the halves, each by its own variance."""
    chance = Random(3)
    small = [[(float(chance.random() < 0.6), 1.0) for _item in range(10)] for _person in range(40)]
    large = [[(3.0 * (chance.random() < 0.5), 3.0) for _item in range(5)] for _person in range(40)]

    found = reliability(sums_of([a + b for a, b in zip(small, large, strict=True)]), least=20)

    errors = [
        count * statistics.mean(statistics.variance(score for score, _worth in paper) for paper in papers)
        for count, papers in ((10, small), (5, large))
    ]
    assert isinstance(found, Reliability)
    assert found.standard_error == pytest.approx(sqrt(sum(errors)))


def test_one_question_of_its_worth_borrows_the_variance_of_the_shares() -> None:
    papers = [[(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (2.5, 5.0)], [(0.0, 1.0), (0.0, 1.0), (1.0, 1.0), (5.0, 5.0)]]
    shares = [[1, 0, 1, 0.5], [0, 0, 1, 1]]
    inside = [statistics.mean(map(statistics.variance, ([1, 0, 1], [0, 0, 1]))) * 3]
    inside.append(25 * statistics.mean(map(statistics.variance, shares)))

    found = reliability(sums_of(papers), least=2)

    assert isinstance(found, Reliability)
    assert found.standard_error == pytest.approx(sqrt(sum(inside)))


def test_people_who_answer_every_question_alike_are_measured_without_error() -> None:
    papers = [[(float(person % 2), 1.0)] * 10 for person in range(20)]

    assert reliability(sums_of(papers), least=20) == Reliability(1.0, 0.0, 20)


def test_pure_guessing_is_not_reliable() -> None:
    chance = Random(11)
    papers = [[(float(chance.random() < 0.25), 1.0) for _item in range(50)] for _person in range(4000)]

    found = reliability(sums_of(papers), least=20)

    assert isinstance(found, Reliability)
    assert found.value < 0.08
    assert found.standard_error == pytest.approx(sqrt(50 * 0.25 * 0.75), rel=0.02)


def test_reliability_recovers_what_the_answers_were_made_with() -> None:
    """People differ in ability by a deviation of 0.15; the true share of the variance of totals is known."""
    chance = Random(5)
    abilities = [min(max(chance.gauss(0.6, 0.15), 0), 1) for _person in range(4000)]
    papers = [[(2.0 * (chance.random() < ability), 2.0) for _item in range(50)] for ability in abilities]
    true = statistics.variance(100 * ability for ability in abilities)
    observed = statistics.variance(sum(score for score, _worth in paper) for paper in papers)

    found = reliability(sums_of(papers), least=20)

    assert isinstance(found, Reliability)
    assert found.value == pytest.approx(true / observed, abs=0.02)


def test_where_all_totals_are_equal_or_papers_hold_one_question_nothing_is_told() -> None:
    assert reliability(sums_of([[(1.0, 1.0), (0.0, 1.0)]] * 20), least=20) is None
    assert reliability(sums_of([[(float(person % 2), 1.0)] for person in range(20)]), least=20) is None


@given(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=3, max_size=20), st.randoms())
def test_order_of_people_and_questions_does_not_change_reliability(papers: list[list[int]], chance: Random) -> None:
    other = [chance.sample(paper, 4) for paper in chance.sample(papers, len(papers))]

    found = [
        reliability(sums_of([[(float(x), 2.0) for x in paper] for paper in each]), least=2) for each in (papers, other)
    ]

    assert found[0] == (found[1] if found[1] is None else pytest.approx(found[1]))
