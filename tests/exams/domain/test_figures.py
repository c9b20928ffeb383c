"""How question versions fared: by version, over all exams, with what counts now."""

from decimal import Decimal

import pytest

from exams.domain.figures import version_figures
from exams.domain.marking import overrule_mark
from exams.models import Mark
from members.models import User
from question_bank.domain.track_records import Figure, figures_of
from question_bank.enums import Kind
from question_bank.models import Question, QuestionVersion
from tests.conftest import Clock
from tests.factories.exams import NOON, published_exam, sat_attempt
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db
PLAN = ((Kind.SINGLE, 4, 25),)


def counted() -> dict[int, list[Decimal]]:
    """The same by hand, paper by paper."""
    found: dict[int, list[Decimal]] = {}
    for mark in Mark.objects.standing().select_related("attempt__paper"):
        item = mark.attempt.paper.rows()[mark.number - 1]
        found.setdefault(item.version_id, []).append(mark.points / item.points)
    return found


def test_figures_are_those_counted_by_hand(ana: User, dan: User, clock: Clock) -> None:
    first = published_exam(ana, dan, blueprint__plan=PLAN)
    sat_attempt(first, ana, right=4)
    sat_attempt(first, dan, right=1)
    second = published_exam(dan, blueprint__plan=PLAN)
    sat_attempt(second, dan, right=2)
    versions = list(QuestionVersion.objects.values_list("pk", flat=True))

    figures = version_figures(versions)

    expected = {pk: (len(shares), float(sum(shares) / len(shares))) for pk, shares in counted().items()}
    assert {pk: (figure.answers, pytest.approx(figure.share)) for pk, figure in figures.items()} == expected
    assert sum(figure.answers for figure in figures.values()) == 12


def test_a_correction_counts_and_what_it_replaced_does_not(ana: User, cleo: User, clock: Clock) -> None:
    exam = published_exam(ana, blueprint__plan=PLAN)
    attempt = sat_attempt(exam, ana, right=0)
    version = attempt.paper.rows()[0].version_id
    before = version_figures([version])

    overrule_mark(attempt, 1, points=Decimal("12.5"), by=cleo, reason="看错了", at=NOON)

    assert before == {version: Figure(1, 0.0)}
    assert version_figures([version]) == {version: Figure(1, 0.5)}


def test_the_versions_of_a_question_are_counted_together_in_one_query_each(
    ana: User, clock: Clock, django_assert_num_queries
) -> None:
    exam = published_exam(ana, blueprint__plan=PLAN)
    sat_attempt(exam, ana, right=4)
    questions = list(Question.objects.all())
    fresh = published(QuestionFactory())

    with django_assert_num_queries(2):
        figures = figures_of([*questions, fresh])

    assert figures == {
        **dict.fromkeys((question.pk for question in questions), Figure(1, 1.0)),
        fresh.pk: Figure(0, None),
    }


def test_nothing_asked_costs_no_figures(db) -> None:
    assert figures_of([]) == {}
