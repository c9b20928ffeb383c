"""A candidate's paper as administrators see it, and overruling a mark with a reason."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exams.enums import MarkSource
from exams.models import Attempt, Exam
from members.models import User
from question_bank.enums import Kind
from tests.exams.staff.conftest import SMALL_PLAN
from tests.exams.staff.counting import queries_of
from tests.factories.exams import candidate_of, opened_attempt, published_exam, sat_attempt


@pytest.fixture
def attempt(exam: Exam, ana: User) -> Attempt:
    """Ana got one of two right: 50 points."""
    return sat_attempt(exam, ana, right=1)


def page_of(attempt: Attempt) -> str:
    return reverse("exams_attempts:attempt", args=[attempt.uuid])


def overrule(client: Client, attempt: Attempt, number: int = 1, **sent: str):
    address = reverse("exams_attempts:overrule", args=[attempt.uuid, number])
    return client.post(address, {"points": "20", "reason": "题目有歧义"} | sent, follow=True)


def test_paper_shows_answers_keys_and_marks(office: Client, attempt: Attempt) -> None:
    questions = office.get(page_of(attempt)).context["questions"]

    assert [(question["row"].verdict, question["row"].earned) for question in questions] == [
        ("right", 50),
        ("unanswered", 0),
    ]
    assert questions[1]["row"].expected
    assert [[mark.source for mark in question["ledger"]] for question in questions] == [[MarkSource.AUTOMATIC]] * 2


def test_overruled_mark_stands_above_the_first_and_changes_the_total(
    office: Client, attempt: Attempt, exam: Exam, ana: User, cleo: User
) -> None:
    page = overrule(office, attempt, number=2)

    ledger = page.context["questions"][1]["ledger"]
    attempt.refresh_from_db()
    assert [(mark.source, mark.points, mark.actor, mark.reason) for mark in ledger] == [
        (MarkSource.AUTOMATIC, 0, None, ""),
        (MarkSource.OVERRULED, 20, cleo, "题目有歧义"),
    ]
    assert (attempt.score, candidate_of(exam, ana).score) == (70, 70)
    assert page.redirect_chain[0][0].endswith("#question-2")


@pytest.mark.parametrize(
    ("number", "sent"),
    [(1, {"reason": ""}), (1, {"reason": " "}), (1, {"points": "51"}), (1, {"points": "-1"}), (1, {"points": "x"}),
     (3, {}), (0, {})],
)  # fmt: skip
def test_overruling_that_makes_no_sense_changes_nothing(
    office: Client, attempt: Attempt, number: int, sent: dict
) -> None:
    page = overrule(office, attempt, number=number, **sent)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert attempt.marks.count() == 2


def test_nobody_overrules_their_own_paper(client: Client, clock: object, cleo: User) -> None:
    exam = published_exam(cleo, blueprint__plan=SMALL_PLAN)
    attempt = sat_attempt(exam, cleo, right=0)
    client.force_login(cleo)

    overrule(client, attempt)

    assert attempt.marks.count() == 2


def test_open_paper_shows_no_answers(office: Client, exam: Exam, ana: User) -> None:
    attempt = opened_attempt(exam, ana)

    page = office.get(page_of(attempt))

    assert page.context["questions"] == []


def test_candidate_leads_to_the_newest_attempt(office: Client, attempt: Attempt, exam: Exam, ana: User) -> None:
    response = office.get(reverse("exams_staff:candidate", args=[exam.uuid, ana.code]))

    assert response.url == page_of(attempt)


def test_candidate_who_did_not_come_has_no_paper(office: Client, exam: Exam, ana: User) -> None:
    assert office.get(reverse("exams_staff:candidate", args=[exam.uuid, ana.code])).status_code == 404


@pytest.mark.once
def test_paper_costs_the_same_for_one_and_for_three_questions(
    office: Client, ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempts = [sat_attempt(published_exam(ana, blueprint__plan=((Kind.SINGLE, count, 10),)), ana) for count in (1, 3)]
    one = queries_of(lambda: office.get(page_of(attempts[0])))
    office.get(page_of(attempts[1]))

    with django_assert_num_queries(one):
        office.get(page_of(attempts[1]))
