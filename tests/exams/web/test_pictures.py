"""The pictures of questions on the way to those who are asked: nowhere before the paper is open, then on it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Exam
from members.models import User
from question_bank.enums import Kind
from question_bank.models import Figure, Question, QuestionFigure, QuestionVersion
from tests.conftest import Clock
from tests.factories.exams import opened_attempt, published_exam
from tests.factories.question_bank import FigureFactory, published

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
ONE_KIND = ((Kind.SINGLE, 1, 10),)


@pytest.fixture
def figure(db: None) -> Figure:
    return FigureFactory.create()


@pytest.fixture
def exam(figure: Figure, ana: User, dan: User, cleo: User, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Exam:
    """Of one question with a picture, sat by Ana."""
    plain = published_exam(dan, by=cleo, blueprint__plan=ONE_KIND)
    for question in Question.objects.all():
        question.figures = [QuestionFigure(figure=figure, description="村务公开栏")]
        question.save()
        published(question)
    exam = published_exam(ana, by=cleo, blueprint=plain.blueprint)
    assert {version.pk for version in QuestionVersion.objects.filter(shown__has_key="figures")}
    return exam


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
    assert reverse("question_figure", args=[figure.digest]) in opened
    assert "村务公开栏" in opened
