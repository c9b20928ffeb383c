"""The page of a file says which pictures and which entry come along, and what they would change."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from members.enums import Role
from members.models import Division, User
from question_bank.models import ImportBatch, Question
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory
from tests.question_bank.domain.batches.test_coming_home import brought, drawn, exported, show

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    entry = entry_of(a_handbook(an_entry("驻村天数"), title="驻村手册"))
    made = QuestionFactory.create(topic=TopicFactory(code="01"), stem="图中是什么？", entry=entry)
    show(made, (drawn("green"), "公开栏"))
    return made


def text_of(batch: ImportBatch, person: User) -> str:
    client = Client()
    client.force_login(person)
    page = BeautifulSoup(client.get(reverse("question_files:batch", args=[batch.uuid])).content, "lxml")
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


def test_a_new_question_is_shown_with_its_pictures_and_its_entry(question: Question, ben: User) -> None:
    content = exported(by=ben)
    question.delete()

    said = text_of(brought(content, by=ben), ben)

    assert "图片：公开栏 所考条目：《驻村手册》第1条" in said


def test_another_picture_and_another_entry_stand_beside_what_is_there(question: Question, ben: User) -> None:
    content = exported(by=ben)
    show(question, (drawn("red"), "宣传栏"))
    Question.objects.update(entry=entry_of(a_handbook(title="另一本手册")))

    said = text_of(brought(content, by=ben), ben)

    assert "所考条目 题库中 《另一本手册》第1条 文件中 《驻村手册》第1条" in said
    assert "图片 题库中 宣传栏 文件中 公开栏" in said


def test_an_entry_closed_to_whoever_looks_is_not_told(
    question: Question, ben: User, township: Division, other_township: Division
) -> None:
    content = exported(by=ben)
    Question.objects.update(entry=entry_of(a_handbook(title="青石手册", division=township)))
    batch = brought(content, by=ben)
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)

    told = ["青石手册" in text_of(batch, person) for person in (ben, other)]

    assert told == [True, False]


def test_nor_does_a_new_question_of_the_file_tell_it(
    question: Question, ben: User, township: Division, other_township: Division
) -> None:
    Question.objects.update(entry=entry_of(a_handbook(title="青石手册", division=township)))
    content = exported(by=ben)
    question.delete()
    batch = brought(content, by=ben)
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)

    told = ["青石手册" in text_of(batch, person) for person in (ben, other)]

    assert told == [True, False]
