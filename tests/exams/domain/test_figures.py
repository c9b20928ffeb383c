"""How question versions fared, as the question bank is told: what the statistics say, and nothing where they do not."""

from datetime import timedelta
from typing import Any

import pytest

from exams.domain.figures import version_figures
from exams.domain.statistics import compute_statistics
from exams.models import Exam
from members.models import User
from question_bank.domain.publishing import publish_question
from question_bank.domain.track_records import Figure, figures_of
from question_bank.enums import Kind
from question_bank.models import Question
from tests.factories.exams import NOON
from tests.factories.question_bank import QuestionFactory, published
from tests.support.sittings import people, right_for, sat_exam

pytestmark = pytest.mark.django_db
EVENING = NOON + timedelta(hours=8)
PLAN = ((Kind.SINGLE, 2, 50),)


@pytest.fixture
def exam(county: Any) -> Exam:
    """Twelve people, of whom nine are right."""
    return sat_exam(people(12), right_for(9), blueprint__plan=PLAN)


def test_figures_are_those_of_the_statistics(exam: Exam) -> None:
    versions = list(exam.questions.values_list("version", flat=True))
    before = version_figures(versions)

    compute_statistics(at=EVENING)

    assert (before, version_figures(versions)) == ({}, dict.fromkeys(versions, Figure(12, 0.75)))


def test_few_answers_have_no_share(county: Any) -> None:
    exam = sat_exam(people(9), right_for(3), blueprint__plan=PLAN)

    compute_statistics(at=EVENING)

    assert version_figures([exam.questions.all()[0].version_id]) == {
        exam.questions.all()[0].version_id: Figure(9, None)
    }


def test_the_versions_of_a_question_are_counted_together_in_one_query_each(
    exam: Exam, ben: User, django_assert_num_queries: Any
) -> None:
    question = Question.objects.order_by("pk")[0]
    question.stem = "换一种问法？"
    question.save()
    publish_question(question, by=ben, at=EVENING)
    sat_exam(people(36), right_for(9), at=NOON + timedelta(days=1), blueprint=exam.blueprint)
    compute_statistics(at=EVENING + timedelta(days=1))
    fresh = published(QuestionFactory())

    with django_assert_num_queries(2):
        figures = figures_of([question, fresh])

    assert figures == {question.pk: Figure(48, 0.375), fresh.pk: Figure(0, None)}


def test_a_version_with_few_answers_adds_nothing_to_one_with_enough(exam: Exam, ben: User) -> None:
    question = Question.objects.order_by("pk")[0]
    question.stem = "换一种问法？"
    question.save()
    publish_question(question, by=ben, at=EVENING)
    sat_exam(people(5), right_for(0), at=NOON + timedelta(days=1), blueprint=exam.blueprint)

    compute_statistics(at=EVENING + timedelta(days=1))

    assert figures_of([question]) == {question.pk: Figure(12, 0.75)}


def test_nothing_asked_costs_no_figures(db: None) -> None:
    assert figures_of([]) == {}
