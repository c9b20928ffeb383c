"""The pictures of questions on the way to those who are asked and who mark: nowhere before the paper is open."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from common.clock import now
from exams.domain.closing import hand_in
from exams.domain.steering import release_results
from exams.models import Exam
from members.models import User
from question_bank.domain.showing import keepers_address, shown_address
from question_bank.enums import Kind
from question_bank.models import Figure, Question, QuestionFigure, QuestionVersion
from tests.conftest import Clock
from tests.factories.exams import NOON, opened_attempt, published_exam, sat_attempt
from tests.factories.members import UserFactory
from tests.factories.question_bank import FigureFactory, published
from tests.factories.repairs import asked_version

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]


@pytest.fixture
def figure(db: None) -> Figure:
    return FigureFactory.create()


def exam_with(figure: Figure, kind: Kind, person: User, by: User) -> Exam:
    """Of one question with a picture."""
    blueprint = published_exam(UserFactory.create(), by=by, blueprint__plan=((kind, 1, 10),)).blueprint
    for question in Question.objects.all():
        question.figures = [QuestionFigure(figure=figure, description="村务公开栏")]
        question.save()
        published(question)
    exam = published_exam(person, by=by, blueprint=blueprint)
    assert QuestionVersion.objects.filter(shown__has_key="figures").exists()
    return exam


@pytest.fixture
def exam(figure: Figure, ana: User, cleo: User, clock: Clock) -> Exam:
    """Sat by Ana."""
    return exam_with(figure, Kind.SINGLE, ana, cleo)


def test_a_member_finds_no_address_of_a_picture_before_the_paper_is_open(
    as_: As, exam: Exam, figure: Figure, ana: User
) -> None:
    client = as_(ana)

    before = [
        client.get(address).content.decode()
        for address in ("/", "/exams/", f"/exams/{exam.uuid}/", "/api/v1/exams/", "/api/v1/me/", "/practice/")
    ]
    attempt = opened_attempt(exam, ana)
    opened = client.get(f"/attempts/{attempt.uuid}/").content.decode()

    assert [page for page in before if figure.digest[:12] in page or "question-figures" in page] == []
    assert shown_address(figure.digest, ana) in opened
    assert "村务公开栏" in opened


def pictures_on(page: HttpResponse) -> list[str]:
    images = BeautifulSoup(page.content, "html.parser").find_all("img", class_=["figure", "asked-figure"])
    return [image["src"] for image in images]


def test_the_picture_of_a_paper_opens_for_its_member_until_after_the_release_and_for_no_other(
    as_: As, exam: Exam, ana: User, dan: User, cleo: User, clock: Clock
) -> None:
    attempt = opened_attempt(exam, ana)
    address, api = f"/attempts/{attempt.uuid}/", f"/api/v1/attempts/{attempt.uuid}/"

    sat = pictures_on(as_(ana).get(address))
    called = [as_(ana).get(api).json()["paper"][0]["figures"][0]["url"]]
    hand_in(attempt, at=NOON)
    clock.forward(days=30)
    release_results(exam, by=cleo, at=now())
    reviewed = pictures_on(as_(ana).get(address))
    called += [as_(ana).get(api).json()["review"][0]["figures"][0]["url"]]

    assert len(sat) == 1
    assert [reviewed, called] == [sat, sat * 2]
    assert [as_(person).get(sat[0]).status_code for person in (ana, dan, cleo)] == [200, 404, 200]


def test_who_marks_and_who_looks_at_an_answer_sees_the_picture(
    as_: As, figure: Figure, ana: User, ben: User, cleo: User, clock: Clock
) -> None:
    exam = exam_with(figure, Kind.SHORT, ana, cleo)
    attempt = sat_attempt(exam, ana)
    marking = as_(ben).post(reverse("exams_staff:marking", args=[exam.uuid])).url

    pages = [
        as_(ben).get(marking),
        as_(cleo).get(reverse("exams_attempts:attempt", args=[attempt.uuid])),
        as_(cleo).get(reverse("exams_repairs:propose", args=[asked_version(exam).pk])),
    ]

    seen = [pictures_on(page) for page in pages]
    assert seen == [[keepers_address(figure.digest)]] * 3
    assert [as_(person).get(seen[0][0]).status_code for person in (ben, cleo)] == [200, 200]
