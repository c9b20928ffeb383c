"""Under an entry trainers see its questions and how they fare; members and passers-by see nothing of them."""

from datetime import timedelta

import pytest
from django.test import Client

from exams.domain.statistics import compute_statistics
from members.enums import Role
from question_bank.domain.rechecking import recheck_questions_of
from question_bank.enums import Kind
from question_bank.models import Question
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published
from tests.support.sittings import people, right_for, sat_exam

pytestmark = pytest.mark.django_db
SECRET = "哪一项是绝密题干？"


@pytest.fixture
def entry(clock):
    return entry_of(a_handbook(an_entry("驻村天数"), public=True))


@pytest.fixture
def question(entry):
    return published(QuestionFactory(entry=entry, stem=SECRET))


def text_for(person, entry):
    client = Client()
    if person:
        client.force_login(person)
    response = client.get(entry.url)
    assert response.status_code == 200
    return response.content.decode()


def test_trainers_see_the_questions_and_nobody_else_does(entry, question, ana, dan, ben, cleo, county):
    inspector = give_role(UserFactory(), Role.INSPECTOR, county)

    seen = {
        name: (SECRET in text, "本条目的试题" in text)
        for name, text in (
            (name, text_for(person, entry))
            for name, person in (
                ("ben", ben), ("cleo", cleo), ("iris", inspector), ("ana", ana), ("dan", dan), ("nobody", None),
            )
        )
    }  # fmt: skip

    yes, no = (True, True), (False, False)
    assert seen == {"ben": yes, "cleo": yes, "iris": yes, "ana": no, "dan": no, "nobody": no}


@pytest.mark.once
def test_readers_without_the_right_cost_no_query(entry, question, ana):
    client = Client()
    client.force_login(ana)
    one = queries_of(lambda: client.get(entry.url))
    for _place in range(3):
        published(QuestionFactory(entry=entry))

    assert queries_of(lambda: client.get(entry.url)) == one


@pytest.mark.once
def test_trainers_cost_as_many_queries_for_three_questions_as_for_one(entry, question, ben):
    client = Client()
    client.force_login(ben)
    one = queries_of(lambda: client.get(entry.url))
    for _place in range(2):
        published(QuestionFactory(entry=entry))

    assert queries_of(lambda: client.get(entry.url)) == one


@pytest.mark.parametrize(("sitters", "said"), [(10, "作答 10 次，得分率 50.0%"), (4, "作答人次不足（4）")])
def test_results_stand_beside_the_question(entry, ben, sitters, said):
    sat_exam(people(sitters), right_for(sitters // 2), blueprint__plan=((Kind.SINGLE, 1, 100),))
    Question.objects.update(entry=entry)
    compute_statistics(at=NOON + timedelta(hours=8))

    text = text_for(ben, entry)

    assert said in text


def test_what_waits_and_what_is_retired_says_so(entry, question, ben):
    recheck_questions_of(entry, revision=entry.live_revision, at=NOON)
    QuestionFactory(entry=entry, stem="还没有发布？")

    text = text_for(ben, entry)

    assert "待复核" in text
    assert "目前不抽用" in text


def test_an_entry_without_questions_says_so(entry, ben):
    assert "还没有试题考查本条目。" in text_for(ben, entry)
