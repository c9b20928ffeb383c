import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from exams.domain.drawing import draw_candidates, draw_is_true, repeat_draw
from exams.domain.publishing import examined
from exams.domain.refusals import (
    AudienceOutsideDivision,
    ExamNotEditable,
    NobodyToExamine,
    NotAllowed,
    PopulationTooSmall,
    ReasonMissing,
)
from exams.domain.selection import allot
from exams.enums import Audience
from exams.models import Draw, Exam
from members.domain.access import deactivate
from members.enums import PostingRole, Role
from members.models import Division, User
from tests.factories.exams import MORNING, NOON, BlueprintFactory, ExamFactory, publish
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db

TOWNSHIPS = ("530999101", "530999102", "530999103")


@pytest.fixture
def people(county: Division) -> list[User]:
    """Twelve members: six, four and two in three townships."""
    found = []
    for prefix, count in zip(TOWNSHIPS, (6, 4, 2), strict=True):
        DivisionFactory(code=f"{prefix}000")
        team = TeamFactory(division=DivisionFactory(code=f"{prefix}201"))
        for _number in range(count):
            person = UserFactory(code=f"LX{len(found) + 1:04d}")
            PostingFactory(person=person, team=team)
            found.append(person)
    return found


def exam_to_draw(**fields: Any) -> Exam:
    fields = {"audience": Audience.DRAW, "draw_count": 4, **fields}
    return ExamFactory.create(**fields)


def test_a_draw_keeps_everything_needed_to_repeat_it(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw()

    draw = draw_candidates(exam, by=cleo, at=NOON, seed="a lottery result")

    draw.refresh_from_db()
    drawn = draw.record.pop("drawn")
    assert draw.record == {
        "algorithm": "yingzhi-draw-1",
        "seed": "a lottery result",
        "size": 4,
        "by_township": False,
        "population": [[person.code, f"{TOWNSHIPS[place]}000"] for person, place in zip(people, PLACES, strict=True)],
        "left_out": [],
    }
    assert len(set(drawn)) == 4
    assert (draw.number, draw.reason, draw.drawn_by, draw.drawn_at) == (1, "", cleo, NOON)


PLACES = (0,) * 6 + (1,) * 4 + (2,) * 2


def test_without_a_seed_the_draw_takes_128_random_bits(cleo: User, people: list[User]) -> None:
    seeds = {draw_candidates(exam_to_draw(), by=cleo, at=NOON).record["seed"] for _exam in range(3)}

    assert len(seeds) == 3
    assert {len(bytes.fromhex(seed)) for seed in seeds} == {16}


def test_a_draw_is_logged_with_who_and_when(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw()

    draw = draw_candidates(exam, by=cleo, at=NOON)

    entry = ModelLogEntry.objects.get(action="exams.draw")
    assert (entry.object_id, entry.user, entry.timestamp) == (str(exam.pk), cleo, NOON)
    assert entry.data == {"draw": str(draw.uuid), "size": 4}


@pytest.mark.parametrize(("percent", "drawn"), [(1, 1), (8, 1), (9, 2), (25, 3), (26, 4), (99, 12), (100, 12)])
def test_a_percentage_is_rounded_up(cleo: User, people: list[User], percent: int, drawn: int) -> None:
    exam = exam_to_draw(draw_count=None, draw_percent=percent)

    draw = draw_candidates(exam, by=cleo, at=NOON)

    assert draw.record["size"] == len(draw.record["drawn"]) == drawn


def test_by_township_every_township_gives_its_share(cleo: User, people: list[User]) -> None:
    township_of = {person.code: TOWNSHIPS[place] for person, place in zip(people, PLACES, strict=True)}
    exam = exam_to_draw(draw_count=6, draw_by_township=True)

    draw = draw_candidates(exam, by=cleo, at=NOON)

    shares = Counter(township_of[code] for code in draw.record["drawn"])
    assert shares == {TOWNSHIPS[0]: 3, TOWNSHIPS[1]: 2, TOWNSHIPS[2]: 1}


def test_people_drawn_lately_are_left_out_until_their_rest_is_over(cleo: User, people: list[User]) -> None:
    first = exam_to_draw(draw_count=8)
    drawn = draw_candidates(first, by=cleo, at=NOON).record["drawn"]
    publish(first, by=cleo, at=NOON)
    blueprint = first.blueprint
    second = exam_to_draw(blueprint=blueprint, draw_rest_days=30)

    records = {
        days: draw_candidates(second, by=cleo, at=NOON + timedelta(days=days), reason="again").record
        for days in (29, 30, 31)
    }

    assert sorted(records[29]["left_out"]) == sorted(drawn)
    assert sorted(records[29]["drawn"]) == sorted({person.code for person in people} - set(drawn))
    assert sorted(records[30]["left_out"]) == sorted(drawn)
    assert records[31]["left_out"] == []


def test_only_published_draws_count_as_drawn_lately(cleo: User, people: list[User]) -> None:
    draw_candidates(exam_to_draw(), by=cleo, at=NOON)
    publish(ExamFactory.create(people=people[:2]), by=cleo, at=MORNING)

    draw = draw_candidates(exam_to_draw(draw_rest_days=30), by=cleo, at=NOON)

    assert draw.record["left_out"] == []


def test_a_percentage_is_of_those_who_may_be_drawn(cleo: User, people: list[User]) -> None:
    first = exam_to_draw(draw_count=8)
    draw_candidates(first, by=cleo, at=NOON)
    publish(first, by=cleo, at=NOON)

    draw = draw_candidates(exam_to_draw(draw_count=None, draw_percent=50, draw_rest_days=30), by=cleo, at=NOON)

    assert draw.record["size"] == 2


def test_drawing_again_needs_a_reason_and_every_draw_is_kept(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw()
    first = draw_candidates(exam, by=cleo, at=NOON)

    for reason in ("", "  \n"):
        with pytest.raises(ReasonMissing):
            draw_candidates(exam, by=cleo, at=NOON, reason=reason)
    second = draw_candidates(exam, by=cleo, at=NOON, reason=" 两人已调离 ")

    assert list(exam.draws.values_list("pk", "number", "reason")) == [(second.pk, 2, "两人已调离"), (first.pk, 1, "")]


def test_the_last_draw_is_the_one_that_is_published(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw(draw_count=3)
    draw_candidates(exam, by=cleo, at=NOON, seed="one")
    last = draw_candidates(exam, by=cleo, at=NOON, seed="two", reason="again")

    publish(exam, by=cleo, at=NOON)

    candidates = exam.candidates.values_list("person__code", flat=True)
    assert sorted(candidates) == sorted(last.record["drawn"])


def test_whoever_left_between_draw_and_publication_is_not_examined(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw(draw_count=3)
    drawn = draw_candidates(exam, by=cleo, at=NOON).record["drawn"]
    deactivate(User.objects.get(code=drawn[0]), by=cleo, at=NOON)

    assert [sitter.code for sitter in examined(exam, at=NOON)] == sorted(drawn[1:])


def test_only_one_role_is_drawn_from_when_the_exam_says_so(cleo: User, people: list[User]) -> None:
    posting = people[0].postings.get()
    posting.role = PostingRole.FIRST_SECRETARY
    posting.save()
    exam = exam_to_draw(draw_count=1, audience_role=PostingRole.FIRST_SECRETARY)

    draw = draw_candidates(exam, by=cleo, at=NOON)

    assert draw.record["population"] == [("LX0001", "530999101000")]


# -- what is refused ------------------------------------------------------------------------


def refused(exam: Exam, refusal: type[Exception], *, by: User, **kwargs: Any) -> None:
    with pytest.raises(refusal):
        draw_candidates(exam, by=by, at=NOON, **kwargs)
    assert not Draw.objects.filter(exam=exam).exists()


def test_an_administrator_of_another_township_may_not_draw(people: list[User]) -> None:
    stranger = give_role(UserFactory(), Role.ADMINISTRATOR, Division.objects.get(code="530999102000"))

    refused(exam_to_draw(division=Division.objects.get(code="530999101000")), NotAllowed, by=stranger)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR])
def test_only_an_administrator_may_draw(county: Division, people: list[User], role: Role) -> None:
    refused(exam_to_draw(), NotAllowed, by=give_role(UserFactory(), role, county))


def test_people_outside_the_division_of_the_exam_cannot_be_drawn(cleo: User, people: list[User]) -> None:
    township, other = (Division.objects.get(code=f"{prefix}000") for prefix in TOWNSHIPS[:2])

    refused(exam_to_draw(division=township, audience_division=other), AudienceOutsideDivision, by=cleo)


def test_nobody_is_drawn_for_an_exam_that_is_published(cleo: User, people: list[User]) -> None:
    exam = exam_to_draw()
    draw_candidates(exam, by=cleo, at=NOON)
    publish(exam, by=cleo, at=NOON)

    with pytest.raises(ExamNotEditable):
        draw_candidates(exam, by=cleo, at=NOON, reason="too late")
    assert exam.draws.count() == 1


def test_an_exam_for_everybody_draws_nobody(cleo: User, people: list[User]) -> None:
    refused(ExamFactory.create(), ExamNotEditable, by=cleo)


def test_a_draw_of_more_people_than_there_are_is_refused(cleo: User, people: list[User]) -> None:
    refused(exam_to_draw(draw_count=13), PopulationTooSmall, by=cleo)


def test_a_draw_of_no_number_is_refused(cleo: User, people: list[User]) -> None:
    refused(exam_to_draw(draw_count=None), NobodyToExamine, by=cleo)


def test_a_draw_from_nobody_is_refused(cleo: User) -> None:
    refused(exam_to_draw(), NobodyToExamine, by=cleo)


# -- verifying ------------------------------------------------------------------------------


@pytest.fixture
def draw(cleo: User, people: list[User]) -> Draw:
    draw = draw_candidates(exam_to_draw(draw_by_township=True), by=cleo, at=NOON, seed="public")
    draw.refresh_from_db()
    return draw


def test_the_published_record_alone_repeats_the_draw(draw: Draw) -> None:
    published = json.loads(json.dumps(draw.record))

    assert repeat_draw(published) == draw.record["drawn"]
    assert draw_is_true(draw)


def test_the_order_in_which_a_record_lists_people_does_not_matter(draw: Draw) -> None:
    shuffled = {**draw.record, "population": draw.record["population"][::-1]}

    assert repeat_draw(shuffled) == draw.record["drawn"]


@pytest.mark.parametrize(
    "tampered",
    [
        {"seed": "another"},
        {"size": 3},
        {"algorithm": "yingzhi-draw-2"},
        {"by_township": False},
        {"drawn": ["LX0001", "LX0002", "LX0003", "LX0004"]},
        {"population": [["LX0001", "530999101000"], ["LX0099", "530999101000"], ["LX0003", "530999101000"]] * 2},
    ],
)
def test_a_record_that_was_tampered_with_is_found_out(draw: Draw, tampered: dict[str, Any]) -> None:
    draw.record = {**draw.record, **tampered}

    assert not draw_is_true(draw)


@pytest.mark.once
@given(seed=st.text(min_size=1, max_size=20), size=st.integers(1, 12), by_township=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_seed_draws_the_right_number_from_the_right_townships(seed: str, size: int, by_township: bool) -> None:
    population = [(f"LX{number:04d}", f"{TOWNSHIPS[place]}000") for number, place in enumerate(PLACES)]
    record = {"seed": seed, "size": size, "by_township": by_township, "population": population}

    drawn = repeat_draw(record)

    assert len(drawn) == len(set(drawn)) == size
    assert set(drawn) <= {code for code, _township in population}
    if by_township:
        townships = dict(population)
        shares = Counter(townships[code] for code in drawn)
        expected = allot(size, Counter(townships.values()))
        assert shares == {code: share for code, share in expected.items() if share}


def test_drawing_leaves_the_bank_and_the_blueprint_alone(cleo: User, people: list[User]) -> None:
    blueprint = BlueprintFactory.create(bank=False)

    assert draw_candidates(exam_to_draw(blueprint=blueprint), by=cleo, at=NOON).record["size"] == 4
