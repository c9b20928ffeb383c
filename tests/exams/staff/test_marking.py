"""Short answers are marked without names, one at a time, by one marker at a time."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.enums import MarkSource
from exams.models import Exam, Mark, PendingAnswer
from members.models import User
from tests.conftest import Clock
from tests.exams.staff.conftest import PLAN_WITH_SHORT_ANSWER
from tests.factories.exams import candidate_of, published_exam, sat_attempt


@pytest.fixture
def answers(clock: Clock, ana: User, dan: User) -> Exam:
    """Ana and Dan have each written an answer."""
    exam = published_exam(ana, dan, blueprint__plan=PLAN_WITH_SHORT_ANSWER)
    sat_attempt(exam, ana, text="安娜的回答")
    sat_attempt(exam, dan, text="丹恩的回答")
    return exam


@pytest.fixture
def desk(client: Client, ben: User) -> Client:
    client.force_login(ben)
    return client


def begin(client: Client, exam: Exam) -> str:
    """The address of the answer this marker now holds."""
    return client.post(reverse("exams_staff:marking", args=[exam.uuid])).url


def test_marker_sees_question_guide_and_answer_but_no_name(desk: Client, answers: Exam, ana: User, dan: User) -> None:
    page = desk.get(begin(desk, answers))

    text = page.content.decode()
    assert page.context["version"].shown["stem"] in text
    assert page.context["version"].key["guide"] in text
    assert "的回答" in text
    assert page.context["left"] == 2
    assert not any(word in text for word in (ana.name + "<", dan.name + "<", ana.code, dan.code, "LX000"))


def test_saving_leads_to_the_next_answer_until_none_is_left(desk: Client, answers: Exam, ben: User) -> None:
    first = begin(desk, answers)
    second = desk.post(first, {"points": "30.5", "reason": "少一点"}).url
    last = desk.post(second, {"points": "40"}).url

    assert first != second
    assert last == reverse("exams_marking:index")
    assert not PendingAnswer.objects.exists()
    marks = Mark.objects.filter(source=MarkSource.MARKER).order_by("points")
    assert list(marks.values_list("points", "actor", "reason")) == [(30.5, ben.pk, "少一点"), (40, ben.pk, "")]


def test_marks_change_the_total(desk: Client, answers: Exam, ana: User) -> None:
    address = begin(desk, answers)
    desk.post(desk.post(address, {"points": "30"}).url, {"points": "30"})

    assert candidate_of(answers, ana).score == 90


@pytest.mark.parametrize("points", ["-1", "40.5", "x", "", "1e3", "NaN"])
def test_points_that_cannot_be_given_are_refused(desk: Client, answers: Exam, points: str) -> None:
    response = desk.post(begin(desk, answers), {"points": points})

    assert list(response.context["form"].errors) == ["points"]
    assert PendingAnswer.objects.count() == 2


def test_two_markers_never_hold_the_same_answer(desk: Client, answers: Exam, cleo: User) -> None:
    other = Client()
    other.force_login(cleo)

    assert begin(desk, answers) != begin(other, answers)


def test_answer_held_by_another_is_not_shown(desk: Client, answers: Exam, cleo: User) -> None:
    other = Client()
    other.force_login(cleo)
    held = begin(desk, answers)

    assert other.get(held).url == reverse("exams_marking:index")
    assert other.post(held, {"points": "1"}).url == reverse("exams_marking:index")
    assert PendingAnswer.objects.count() == 2


def test_claim_that_timed_out_goes_to_whoever_comes(
    desk: Client, clock: Clock, answers: Exam, cleo: User, ben: User
) -> None:
    other = Client()
    other.force_login(cleo)
    held = begin(desk, answers)
    desk.post(begin(other, answers), {})
    clock.forward(minutes=11)
    for browser, person in ((desk, ben), (other, cleo)):
        browser.logout()
        browser.force_login(person)

    assert desk.post(held, {"points": "1"}).url == reverse("exams_marking:index")
    assert begin(other, answers) == held


def test_looking_at_the_list_claims_nothing(desk: Client, answers: Exam) -> None:
    page = desk.get(reverse("exams_marking:index"))
    desk.get(reverse("exams_staff:marking", args=[answers.uuid]))

    assert [(exam, exam.waiting) for exam in page.context["exams"]] == [(answers, 2)]
    assert not PendingAnswer.objects.exclude(claimed_by=None).exists()
