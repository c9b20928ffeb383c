"""An entry for 青石镇, cited by a question of the county: what trainers see of it on the pages of questions."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.models import EntryPage
from members.enums import Role
from members.models import Division, User
from question_bank.models import Question
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published
from tests.support import cast

pytestmark = pytest.mark.django_db
SECRET = "青石口径"
QUESTIONS = "/admin/snippets/question_bank/question/"
DOORS = {
    "list": QUESTIONS,
    "view": QUESTIONS + "inspect/{question}/",
    "edit": QUESTIONS + "edit/{question}/",
    "review": QUESTIONS + "review/{question}/",
    "waiting": "/admin/question-rechecks/",
    "expired questions": "/admin/question-rechecks/?show=questions",
}


@pytest.fixture(scope="module")
def _question(standing: None) -> Question:
    """Published, expired, and waiting to be checked again since its entry changed."""
    entry = entry_of(a_handbook(an_entry(SECRET), division=cast.township()))
    question = published(QuestionFactory(entry=entry, stem="几天？"))
    rewrite(EntryPage.objects.get(pk=entry.pk), f"{SECRET}改了。")
    yesterday = timezone.localdate() - timedelta(days=1)
    Question.objects.filter(pk=question.pk).update(valid_to=yesterday)
    return question


@pytest.fixture
def question(_question: Question, db: None) -> Question:
    return deepcopy(_question)


@pytest.mark.parametrize("door", DOORS)
def test_a_closed_entry_is_told_to_its_own_trainers_and_the_countys_alone(
    question: Question, ben: User, township: Division, other_township: Division, door: str
) -> None:
    own = give_role(UserFactory(username="own"), Role.TRAINER, township)
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)

    told = {person.username: tells(person, DOORS[door].format(question=question.pk)) for person in (own, ben, other)}

    assert told == {"own": True, "ben": True, "other": False}


def tells(person: User, address: str) -> bool:
    client = Client()
    client.force_login(person)
    return SECRET in client.get(address, follow=True).content.decode()


def test_an_expired_closed_entry_is_on_the_lists_of_its_own_trainers_and_the_countys_alone(
    question: Question, ben: User, other_township: Division
) -> None:
    EntryPage.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)

    told = [tells(person, "/admin/question-rechecks/?show=entries") for person in (ben, other)]

    assert told == [True, False]


def test_editing_a_question_keeps_the_entry_that_one_may_not_see(question: Question, other_township: Division) -> None:
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)
    client = Client()
    client.force_login(other)

    form = client.get(DOORS["edit"].format(question=question.pk)).context["form"]

    assert "entry" not in form.fields
    assert form.instance.entry_id == question.entry_id
