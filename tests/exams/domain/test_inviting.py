"""What courses ask of exams: who sat a test, and who passed it."""

from decimal import Decimal

import pytest

from exams.domain.inviting import Results, not_passed, passed, results_of
from exams.enums import ExamState
from exams.models import Candidate, Exam
from members.models import Division, User
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of
from tests.factories.exams import ExamFactory

pytestmark = pytest.mark.django_db


def held(division: Division, scores: dict[User, int | None], *, retake_of: Exam | None = None) -> Exam:
    """An exam that is over; somebody without a score did not come."""
    exam: Exam = ExamFactory(division=division, retake_of=retake_of)
    exam.state, exam.total_points, exam.closed_at = ExamState.CLOSED, Decimal(100), NOON
    exam.save()
    for person, score in scores.items():
        sat = 0 if score is None else 1
        Candidate.objects.create(exam=exam, person=person, division_code="530999101201", score=score, attempts_used=sat)
    return exam


def test_who_sat_and_who_passed_is_told_with_the_retake(county: Division, ana: User, dan: User, ben: User) -> None:
    exam = held(county, {ana: 60, dan: 59, ben: None})
    held(county, {dan: 80}, retake_of=exam)

    assert results_of([exam.pk]) == {exam.pk: Results(sat={ana.pk, dan.pk}, passed={ana.pk, dan.pk})}
    assert passed(exam) == {ana.pk, dan.pk}
    assert not_passed(exam) == {ben.pk}


def test_a_retake_counts_for_itself_too(county: Division, ana: User, dan: User) -> None:
    exam = held(county, {ana: 60, dan: 59})
    retake = held(county, {dan: 80}, retake_of=exam)

    found = results_of([exam.pk, retake.pk])

    assert (found[exam.pk].passed, found[retake.pk].passed) == ({ana.pk, dan.pk}, {dan.pk})


def test_an_exam_in_preparation_has_no_results(county: Division) -> None:
    draft = ExamFactory(division=county)

    assert results_of([draft.pk]) == {draft.pk: Results()}


@pytest.mark.once
def test_three_exams_cost_as_many_queries_as_one(county: Division, ana: User) -> None:
    exams = [held(county, {ana: 60}).pk for _number in range(3)]

    assert [queries_of(lambda: results_of(chosen)) for chosen in (exams[:1], exams)] == [2, 2]  # noqa: B023
    assert queries_of(lambda: results_of([])) == 0
