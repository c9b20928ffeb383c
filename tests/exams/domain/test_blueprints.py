from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.blueprints import Pooled, Shortage, copy_blueprint, find_shortages, fits, pool, require_feasible
from exams.domain.refusals import BankTooSmall
from exams.models import Blueprint, BlueprintRow
from members.models import Division, User
from question_bank.domain.publishing import retire_question
from question_bank.models import Topic
from tests.factories.exams import NOON, BlueprintFactory
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

TOPICS = {code: Topic(pk=place, code=code, title=f"知识点{code}") for place, code in enumerate(["02", "0201", "03"], 1)}


def row(count: int, topic: str = "", kind: str = "single", difficulty: str = "") -> BlueprintRow:
    return BlueprintRow(
        topic=TOPICS.get(topic), kind=kind, difficulty=difficulty, count=count, points_each=Decimal(2), sort_order=1
    )


def bank(*cells: tuple[str, str, str]) -> list[Pooled]:
    return [Pooled(number, *cell) for number, cell in enumerate(cells, 1)]


rows = st.lists(
    st.builds(
        row,
        count=st.integers(1, 3),
        topic=st.sampled_from(["", *TOPICS]),
        kind=st.sampled_from(["single", "fill"]),
        difficulty=st.sampled_from(["", "easy", "hard"]),
    ),
    min_size=1,
    max_size=4,
)
banks = st.lists(
    st.tuples(st.sampled_from(list(TOPICS)), st.sampled_from(["single", "fill"]), st.sampled_from(["easy", "hard"])),
    max_size=7,
).map(lambda cells: bank(*cells))


def most_that_can_be_asked(plan: list[BlueprintRow], questions: list[Pooled]) -> int:
    """By trying: every question goes to one of its rows or to none."""
    best = 0
    choices = [[None, *(place for place, each in enumerate(plan) if fits(each, question))] for question in questions]
    for given_to in product(*choices):
        counts = [given_to.count(place) for place in range(len(plan))]
        best = max(best, sum(min(count, each.count) for count, each in zip(counts, plan, strict=True)))
    return best


@given(plan=rows, questions=banks)
def test_what_is_missing_is_exactly_what_no_distribution_could_give(
    plan: list[BlueprintRow], questions: list[Pooled]
) -> None:
    shortages = find_shortages(plan, questions)

    wanted = sum(each.count for each in plan)
    assert sum(shortage.missing for shortage in shortages) == wanted - most_that_can_be_asked(plan, questions)
    for shortage in shortages:
        each = plan[shortage.number - 1]
        assert shortage.row is each
        assert shortage.needed == each.count
        assert shortage.found == sum(fits(each, question) for question in questions)
        assert 0 < shortage.missing <= each.count


def test_two_rows_that_want_the_same_question_are_short_although_each_alone_is_not() -> None:
    plan = [row(1, "02"), row(1, "0201")]
    questions = bank(("0201", "single", "easy"))

    shortages = find_shortages(plan, questions)

    assert [(each.needed, each.found, each.missing) for each in shortages] == [(1, 1, 1)]


def test_an_earlier_broad_row_leaves_a_later_narrow_one_what_it_needs() -> None:
    plan = [row(1, "02"), row(1, "0201")]

    assert find_shortages(plan, bank(("0201", "single", "easy"), ("02", "single", "easy"))) == []


def test_the_message_names_the_row_and_how_many_are_missing() -> None:
    plan = [row(2, "03"), row(5, "0201", "fill", "hard")]
    questions = bank(*[("03", "single", "easy")] * 2, *[("0201", "fill", "hard")] * 3)

    with pytest.raises(BankTooSmall) as refusal:
        require_feasible(plan, questions)

    assert refusal.value.members == {"shortages": [{"row": 2, "needed": 5, "missing": 2}]}
    assert str(refusal.value) == str(Shortage(plan[1], 2, 5, 3, 2))
    for word in ("知识点0201", "2", "5"):
        assert word in str(refusal.value)


def test_every_row_that_is_short_is_named_at_once() -> None:
    with pytest.raises(BankTooSmall) as refusal:
        require_feasible([row(1, "02"), row(2, "03")], [])

    assert refusal.value.members == {
        "shortages": [{"row": 1, "needed": 1, "missing": 1}, {"row": 2, "needed": 2, "missing": 2}]
    }


def test_a_blueprint_without_rows_is_refused() -> None:
    with pytest.raises(BankTooSmall):
        require_feasible([], bank(("02", "single", "easy")))


@pytest.mark.django_db
class TestPool:
    def test_only_the_current_version_of_a_published_question_can_be_asked(self, ben: User) -> None:
        draft = QuestionFactory.create()
        retired = published(QuestionFactory.create(), by=ben)
        retire_question(retired, by=ben, at=NOON)
        question = published(QuestionFactory.create(), by=ben)
        first = question.current_version_id
        question.stem = "改过的题？"
        question = published(question, by=ben)

        asked = pool(first=NOON.date(), last=NOON.date())

        assert draft.current_version_id is None
        assert first != question.current_version_id
        assert asked == [Pooled(question.current_version_id, question.topic.code, "single", "medium")]

    @pytest.mark.parametrize(
        ("valid_from", "valid_to", "is_asked"),
        [
            (None, None, True),
            ("2026-06-15", "2026-06-17", True),
            ("2026-06-16", None, False),
            (None, "2026-06-16", False),
            (None, "2026-06-14", False),
        ],
    )
    def test_a_question_must_hold_during_the_whole_window(
        self, ben: User, valid_from: str | None, valid_to: str | None, is_asked: bool
    ) -> None:
        question = QuestionFactory.create()
        question.valid_from, question.valid_to = valid_from, valid_to
        question.full_clean(exclude=["current_version"])
        question = published(question, by=ben)

        asked = pool(first=NOON.date().replace(day=15), last=NOON.date().replace(day=17))

        assert [each.id for each in asked] == ([question.current_version_id] if is_asked else [])


@pytest.mark.django_db
def test_a_copy_has_the_same_rows_and_is_another_plan(cleo: User, county: Division) -> None:
    blueprint = BlueprintFactory.create(division=county, topic=TopicFactory.create(), multiple_share_percent=25)

    copy = copy_blueprint(blueprint, title="副本", by=cleo)

    def rows_of(plan: Blueprint) -> list[tuple]:
        return list(plan.rows.values_list("topic", "kind", "difficulty", "count", "points_each", "sort_order"))

    assert copy.pk != blueprint.pk
    assert copy.uuid != blueprint.uuid
    assert rows_of(copy) == rows_of(blueprint) != []
    assert (copy.title, copy.division, copy.multiple_rule, copy.multiple_share_percent) == (
        "副本",
        county,
        blueprint.multiple_rule,
        25,
    )
    assert Blueprint.objects.get(pk=blueprint.pk).rows.count() == 2
