"""The arithmetic, for any evidence: totals are sums, order and repetition change nothing, grades keep their quotas."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common.evidence import Finding, Post
from performance.domain.arithmetic import GradeRule, Limit, Rule, Standing, graded, lines_of
from performance.enums import WhenEmpty

GRADES = {
    "civil_servant": [
        GradeRule("优秀", Decimal(90), 20),
        GradeRule("称职", Decimal(75), 50),
        GradeRule("基本称职", Decimal(60)),
        GradeRule("不称职", Decimal(0)),
    ]
}
ROLES, CATEGORIES = ("member", "first_secretary"), ("civil_servant", "institution")

percents = st.none() | st.decimals(0, 100, places=4)
cents = st.decimals(0, 100, places=2)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    """Indicators for everybody whose weights add up to a hundred."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    empties = [draw(st.sampled_from(list(WhenEmpty))) for _ in weights]
    return [
        Rule(number, f"指标{number}", "source", Decimal(weight), when_empty=empty)
        for number, (weight, empty) in enumerate(zip(weights, empties, strict=True))
    ]


@st.composite
def posts(draw: st.DrawFn) -> list[Post]:
    """Up to three posts in a row."""
    first, found = date(2026, 4, 1), []
    for _ in range(draw(st.integers(1, 3))):
        last = first + timedelta(days=draw(st.integers(0, 29)))
        role, category = draw(st.sampled_from(ROLES)), draw(st.sampled_from(CATEGORIES))
        found.append(Post(1, "530999101201", role, category, first, last))
        first = last + timedelta(days=1)
    return found


@st.composite
def findings(draw: st.DrawFn) -> dict[int, Finding]:
    chosen = draw(st.dictionaries(st.integers(0, 5), percents))
    return {number: Finding(percent) for number, percent in chosen.items()}


standings = st.lists(
    st.builds(
        Standing,
        person=st.integers(1, 10**6),
        staff_category=st.just("civil_servant"),
        total=cents,
        vetoes=st.just(()) | st.builds(lambda place: (Limit("veto", "否决", place),), st.integers(2, 9)),
    ),
    max_size=30,
    unique_by=lambda each: each.person,
)


@given(rules(), posts(), findings())
def test_no_line_is_worth_more_than_it_weighs_and_weights_add_up_to_a_hundred(rules, posts, findings) -> None:
    lines = lines_of(rules, posts, findings)

    assert all(0 <= line.points <= line.weight + Decimal("0.01") for line in lines)
    counted = [line for line in lines if line.weight]
    assert not counted or abs(sum(line.weight for line in counted) - 100) < Decimal("0.001")


@given(rules(), posts(), st.decimals(0, 100, places=2))
def test_the_same_percentage_everywhere_is_the_total(rules, posts, percent) -> None:
    lines = lines_of(rules, posts, {rule.indicator: Finding(percent) for rule in rules})

    # Each line is rounded by itself: half a cent a line.
    assert abs(sum(line.points for line in lines) - percent) <= Decimal("0.005") * len(lines)


@given(rules(), posts(), findings(), st.randoms())
def test_the_order_of_indicators_changes_no_line(rules, posts, findings, chance) -> None:
    shuffled = chance.sample(rules, len(rules))

    before = {line.rule.indicator: line for line in lines_of(rules, posts, findings)}
    after = {line.rule.indicator: line for line in lines_of(shuffled, posts, findings)}

    assert before == after


@given(standings, st.randoms())
def test_the_order_of_people_changes_no_grade(people, chance) -> None:
    shuffled = chance.sample(people, len(people))

    assert graded(people, GRADES, over_quota="超额") == graded(shuffled, GRADES, over_quota="超额")


@given(standings)
def test_no_grade_is_given_more_often_than_its_quota_allows(people) -> None:
    found = graded(people, GRADES, over_quota="超额")

    for place, grade in enumerate(GRADES["civil_servant"], start=1):
        holders = sum(each.place == place for each in found.values())
        assert grade.quota_percent is None or holders <= len(people) * grade.quota_percent // 100


@given(standings)
def test_who_has_more_points_and_no_veto_has_no_worse_a_grade(people) -> None:
    found = graded(people, GRADES, over_quota="超额")
    free = sorted((each for each in people if not each.vetoes), key=lambda each: each.total)

    places = [found[each.person].place for each in free]

    assert places == sorted(places, reverse=True)


@given(standings)
def test_equal_totals_without_veto_have_equal_grades(people) -> None:
    found = graded(people, GRADES, over_quota="超额")
    by_total: dict[Decimal, set[str]] = {}
    for each in people:
        if not each.vetoes:
            by_total.setdefault(each.total, set()).add(found[each.person].label)

    assert all(len(labels) == 1 for labels in by_total.values())


@given(standings)
def test_a_veto_holds_whatever_the_points(people) -> None:
    found = graded(people, GRADES, over_quota="超额")

    for each in people:
        for veto in each.vetoes:
            assert found[each.person].place >= min(veto.place, 4)
