"""Nobody publishes a question alone."""

import pytest
from django.apps import apps
from wagtail.models import Workflow, WorkflowContentType

from members.enums import Role
from question_bank.domain.neighbours import neighbours_of
from question_bank.domain.reviewing import ReviewRefused, approve_question, send_back, submit_question, under_review
from question_bank.models import Question
from question_bank.permissions import give_permissions
from tests.conftest import NOON
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea(county):
    """A second trainer."""
    return give_role(UserFactory(username="bea", name="白雅"), Role.TRAINER, county)


@pytest.fixture
def draft(ben):
    question = QuestionFactory(stem="新题？")
    question.save_revision(user=ben)
    return Question.objects.get(pk=question.pk)


def fresh(question):
    return Question.objects.get(pk=question.pk)


def in_review():
    return list(Question.objects.filter(under_review()))


def test_what_one_writes_goes_live_when_another_approves_it(ben, bea, draft, clock):
    submit_question(draft, by=ben)
    while_reviewed = (fresh(draft).live, in_review())

    approve_question(fresh(draft), by=bea, at=NOON)

    assert while_reviewed == (False, [draft])
    question = fresh(draft)
    assert (question.live, question.current_version.number, in_review()) == (True, 1, [])


def test_neither_the_writer_nor_who_asked_for_the_review_approves(ben, bea, cleo, ana, draft):
    submit_question(draft, by=bea)

    for person in (ben, bea, ana):
        with pytest.raises(ReviewRefused):
            approve_question(fresh(draft), by=person, at=NOON)
    assert fresh(draft).live is False
    approve_question(fresh(draft), by=cleo, at=NOON)

    assert fresh(draft).live is True


def test_a_question_that_was_sent_back_is_sent_again(ben, bea, draft):
    submit_question(draft, by=ben)
    send_back(fresh(draft), by=bea, at=NOON, comment="请补依据。")
    between = in_review()

    submit_question(fresh(draft), by=ben)

    assert between == []
    assert in_review() == [draft]


def test_sending_back_needs_a_sentence(ben, bea, draft):
    submit_question(draft, by=ben)

    with pytest.raises(ReviewRefused):
        send_back(fresh(draft), by=bea, at=NOON, comment=" ")

    assert in_review() == [draft]


def test_what_is_in_review_incomplete_or_unchanged_is_not_sent_to_review(ben, draft):
    incomplete = QuestionFactory(texts=["只有一项"])
    unchanged = published(QuestionFactory())
    submit_question(draft, by=ben)

    for question in (draft, incomplete, unchanged):
        with pytest.raises(ReviewRefused):
            submit_question(fresh(question), by=ben)

    assert in_review() == [draft]


def test_an_edited_question_is_asked_as_it_was_until_approved(ben, bea):
    question = published(QuestionFactory(stem="旧题干？"))
    question.stem = "新题干？"
    question.save_revision(user=ben)

    submit_question(fresh(question), by=ben)
    before = fresh(question).current_version.shown["stem"]
    approve_question(fresh(question), by=bea, at=NOON)

    assert (before, fresh(question).current_version.shown["stem"]) == ("旧题干？", "新题干？")


def test_no_role_publishes_directly_and_making_ready_again_adds_nothing(ben, cleo):
    before = (Workflow.objects.count(), WorkflowContentType.objects.count())

    give_permissions(apps.get_app_config("question_bank"), using="default")

    assert (Workflow.objects.count(), WorkflowContentType.objects.count()) == before
    assert [who.has_perm("question_bank.publish_question") for who in (ben, cleo)] == [False, False]


def test_neighbours_are_those_that_say_nearly_the_same(db):
    texts = ["二百天", "二百四十天", "三百天", "一百天"]
    stem = "驻村工作队员每年在村工作的时间不得少于多少天？"
    question = published(QuestionFactory(stem=stem, texts=texts))
    near = published(QuestionFactory(stem="驻村工作队员每年在村工作的时间不少于多少天？", texts=texts))
    published(QuestionFactory(stem="村民会议由谁召集？"))

    assert [row.question for row in neighbours_of(question)] == [near]
