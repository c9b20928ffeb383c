from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from exams.domain import scores
from exams.domain.marking import overrule_mark
from exams.domain.scores import TownshipScores, score_rows, scored_candidates, total_of, township_table
from exams.models import Exam
from members.domain.roles import revoke_role
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import EVENING, NOON, ROWS_WITH_SHORT_ANSWER, opened_attempt, published_exam, sat_attempt
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db

AFTER = EVENING + timedelta(hours=1)


@pytest.fixture
def emma(ana: User) -> User:
    return PostingFactory(team=ana.postings.get().team, person=UserFactory(code="LX0003", username="emma")).person


@pytest.fixture
def exam(ana: User, dan: User, emma: User, cleo: User) -> Exam:
    """青石镇: Ana 90, Emma 50. 柳河镇: Dan absent."""
    exam = published_exam(ana, dan, emma, by=cleo)
    sat_attempt(exam, ana, right=9)
    sat_attempt(exam, emma, right=5)
    return exam


def rows(exam: Exam, by: User, **kwargs: Any) -> dict[str, Any]:
    return {row.code: row for row in score_rows(exam, by=by, at=AFTER, **kwargs)}


def test_a_row_tells_score_and_how_it_came_about(exam: Exam, ana: User, cleo: User) -> None:
    row = rows(exam, cleo)["LX0001"]

    assert (row.score, row.objective, row.subjective, row.total, row.passed) == (90, 90, 0, 100, True)
    assert (row.started_at, row.handed_in_at, row.minutes_used) == (NOON, NOON + timedelta(minutes=10), 10)
    assert (row.township, row.township_code, row.village) == ("青石镇", "530999101000", "柳湾村")
    assert (row.sitting, row.page_leaves, row.is_retake, row.absent, row.remark) == (1, 0, False, False, "")


def test_a_row_keeps_the_post_of_the_day_of_the_exam(exam: Exam, ana: User, cleo: User) -> None:
    ana.postings.update(ends_on=NOON.date())
    PostingFactory(person=ana, team=TeamFactory(division=DivisionFactory(code="530999102202")), starts_on=AFTER.date())

    assert rows(exam, cleo)["LX0001"].village == "柳湾村"


def test_the_absent_the_sitting_and_the_waiting_are_told_apart(ana: User, dan: User, emma: User, cleo: User) -> None:
    exam = published_exam(ana, dan, emma, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    sat_attempt(exam, ana)
    opened_attempt(exam, dan, at=NOON)

    found = rows(exam, cleo)

    assert [(found[code].absent, found[code].score is None, bool(found[code].remark)) for code in sorted(found)] == [
        (False, True, True),
        (False, True, True),
        (True, True, True),
    ]
    assert len({row.remark for row in found.values()}) == 3


@pytest.mark.parametrize(
    ("rule", "score", "hour"), [("best", 90, 1), ("first", 60, 0), ("last", 70, 2), ("mean", Decimal("73.33"), 2)]
)
def test_beside_the_score_stands_the_attempt_that_counts(
    ana: User, cleo: User, rule: str, score: Decimal, hour: int
) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=3, counting_attempt=rule)
    for number, right in enumerate((6, 9, 7)):
        sat_attempt(exam, ana, right=right, at=NOON + timedelta(hours=number))

    row = rows(exam, cleo)["LX0001"]

    assert (row.score, row.started_at, row.sitting) == (score, NOON + timedelta(hours=hour), 3)


def test_phones_are_masked_for_whoever_may_not_see_them(exam: Exam, ana: User, cleo: User, county: Division) -> None:
    ana.phone = "13812341234"
    ana.save()
    inspector = give_role(UserFactory(), Role.INSPECTOR, county)

    shown = {
        (person, asked): rows(exam, person, with_phones=asked)["LX0001"].phone
        for person in (cleo, inspector)
        for asked in (True, False)
    }

    assert shown == {
        (cleo, True): "13812341234",
        (cleo, False): "138****1234",
        (inspector, True): "138****1234",
        (inspector, False): "138****1234",
    }


def test_scores_stop_at_the_border_of_the_division(exam: Exam, township: Division, other_township: Division) -> None:
    here = give_role(UserFactory(), Role.INSPECTOR, township)
    there = give_role(UserFactory(), Role.INSPECTOR, other_township)
    nowhere = give_role(UserFactory(), Role.TRAINER, township)

    assert [sorted(rows(exam, person)) for person in (here, there, nowhere)] == [["LX0001", "LX0003"], ["LX0002"], []]
    assert [[row.code for row in township_table(exam, by=person, at=AFTER)] for person in (here, there, nowhere)] == [
        ["530999101000"],
        ["530999102000"],
        [],
    ]


def test_whoever_lost_the_role_sees_nothing_any_more(exam: Exam, township: Division, cleo: User) -> None:
    inspector = give_role(UserFactory(), Role.INSPECTOR, township)
    before = len(rows(exam, inspector))
    revoke_role(inspector.role_assignments.get(), by=cleo, at=AFTER)

    assert (before, rows(exam, User.objects.get(pk=inspector.pk))) == (2, {})


def test_townships_are_summed_up_and_added_together(exam: Exam, cleo: User) -> None:
    table = township_table(exam, by=cleo, at=AFTER)

    assert table == [
        TownshipScores("530999101000", "青石镇", 2, 2, 2, 1, 1, Decimal("70.00"), Decimal(90), Decimal(50)),
        TownshipScores("530999102000", "柳河镇", 1, 0, 0, 0, 0, None, None, None),
    ]
    assert [(row.absent, row.participation, row.pass_rate, row.excellent_rate) for row in table] == [
        (0, 1.0, 0.5, 0.5),
        (1, 0.0, None, None),
    ]
    assert total_of(table, "全县") == TownshipScores(
        "", "全县", 3, 2, 2, 1, 1, Decimal("70.00"), Decimal(90), Decimal(50)
    )


def test_the_total_of_nobody_is_empty() -> None:
    assert total_of([], "全县") == TownshipScores("", "全县", 0, 0, 0, 0, 0, None, None, None)


def test_an_overruled_mark_changes_every_total(exam: Exam, ana: User, cleo: User) -> None:
    attempt = exam.candidates.get(person=ana).attempts.get()
    wrong = attempt.marks.get(points=0).number

    overrule_mark(attempt, wrong, points=Decimal("10"), reason="题目有误", by=cleo, at=AFTER)

    assert rows(exam, cleo)["LX0001"].score == 100
    assert township_table(exam, by=cleo, at=AFTER)[0].highest == 100
    assert township_table(exam, by=cleo, at=AFTER)[0].mean == Decimal("75.00")


def test_chunks_neither_lose_nor_repeat_anybody(exam: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in (1, 2, 3, 4):
        monkeypatch.setattr(scores, "CHUNK", chunk)
        assert [row.code for row in score_rows(exam, by=cleo, at=AFTER)] == ["LX0001", "LX0003", "LX0002"]


def test_rows_take_as_many_queries_for_three_as_for_one(cleo: User, django_assert_num_queries: Any) -> None:
    assert cleo.roles_held
    for count in (1, 3):
        people = [PostingFactory().person for _number in range(count)]
        exam = published_exam(*people, by=cleo, blueprint__plan=(("single", 1, 5),))
        for person in people:
            sat_attempt(exam, person)
        # Townships, candidates, attempts.
        with django_assert_num_queries(3):
            assert len(list(score_rows(exam, by=cleo, at=AFTER))) == count


def test_a_candidate_carries_which_attempt_counts(exam: Exam, ana: User, cleo: User) -> None:
    found = {candidate.person_id: candidate.counted_id for candidate in scored_candidates(exam, by=cleo)}

    assert found[ana.pk] == exam.candidates.get(person=ana).attempts.get().pk
    assert list(found.values()).count(None) == 1
