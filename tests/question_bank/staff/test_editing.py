"""The form of a question in review: whoever changes it does not approve it, and is told so."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from members.enums import Role
from members.models import Division, User
from question_bank.domain.reviewing import approve_question, submit_question
from question_bank.models import Question
from tests.conftest import NOON
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory
from tests.question_bank.staff.test_questions import TWO_OPTIONS, form, url

pytestmark = pytest.mark.django_db

APPROVE = {"action-workflow-action": "1", "workflow-action-name": "approve"}
REJECT = {"action-workflow-action": "1", "workflow-action-name": "reject"}
STEM = "第一行\n哪一项？"


@pytest.fixture
def bea(county: Division) -> User:
    """A second trainer."""
    return give_role(UserFactory.create(username="bea", name="白雅"), Role.TRAINER, county)


@pytest.fixture
def in_review(ben: User) -> Question:
    """Written by Ben, as if it came from a file: with line ends that no browser sends."""
    topic = TopicFactory.create(code="01")
    question = QuestionFactory.create(single=True, stem=STEM, topic=topic, difficulty="easy", texts=["甲", "乙"])
    question.explanation = question.basis = ""
    question.save_revision(user=ben, clean=False)
    submit_question(fresh(question), by=ben)
    return fresh(question)


def fresh(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


def send(client: Client, person: User, question: Question, stem: str = STEM, **pressed: str) -> tuple[int, list[str]]:
    """What the form is answered with, and the words above the next page."""
    client.force_login(person)
    ids = list(question.options.values_list("pk", flat=True))
    sent = form(stem=stem.replace("\n", "\r\n"), options=TWO_OPTIONS, ids=ids)
    sent |= {"options-INITIAL_FORMS": len(ids), **pressed}
    answer: Any = client.post(url("edit", question.pk), sent)
    return answer.status_code, [str(message).strip() for message in get_messages(answer.wsgi_request)]


def test_a_form_in_which_nothing_was_touched_approves_and_stores_no_other_draft(
    client: Client, bea: User, in_review: Question
) -> None:
    answer = send(client, bea, in_review, **APPROVE)

    question = fresh(in_review)
    assert answer == (302, ["已通过并发布。"])
    assert (question.live, question.live_revision_id) == (True, in_review.latest_revision_id)
    assert question.current_version.shown["stem"] == STEM


def test_what_a_reviewer_changes_while_approving_waits_for_another_person(
    client: Client, ben: User, bea: User, cleo: User, in_review: Question
) -> None:
    answer = send(client, bea, in_review, "改过的题干", **APPROVE)

    question = fresh(in_review)
    may_approve = {who: bool(question.current_workflow_task.get_actions(question, who)) for who in (ben, bea, cleo)}
    assert answer == (302, ["您改动了试题，已存为草稿，由其他人审核发布。"])
    assert (question.live, question.get_latest_revision_as_object().stem) == (False, "改过的题干")
    assert may_approve == {ben: False, bea: False, cleo: True}


def test_a_change_that_was_stored_while_it_was_typed_is_not_approved_by_who_typed_it(
    client: Client, bea: User, in_review: Question
) -> None:
    in_review.save_revision(user=bea, clean=False)

    _status, words = send(client, bea, in_review, **APPROVE)

    assert words[0] == "本人编写或提交的试题，须由他人审核。"
    assert fresh(in_review).live is False


def test_sending_back_says_why_and_keeps_what_the_reviewer_suggests(
    client: Client, bea: User, in_review: Question
) -> None:
    silent = send(client, bea, in_review, **REJECT)
    said = send(client, bea, in_review, "建议这样写", **REJECT, **{"workflow-action-extra-data": '{"comment": "太难"}'})

    question = fresh(in_review)
    state = question.current_workflow_state
    assert silent == (200, ["请写明需要修改的内容。"])
    assert said == (302, ["已退回编写人。"])
    assert (state.status, state.task_states.get().comment) == ("needs_changes", "太难")
    assert question.get_latest_revision_as_object().stem == "建议这样写"


@pytest.mark.parametrize("sent", ["", "{", "[]", "null", '{"comment": 7}'])
def test_odd_words_beside_a_decision_are_no_error(client: Client, bea: User, in_review: Question, sent: str) -> None:
    answer = send(client, bea, in_review, **APPROVE, **{"workflow-action-extra-data": sent})

    assert answer == (302, ["已通过并发布。"])


def test_a_form_that_is_late_says_that_the_review_is_over(
    client: Client, bea: User, cleo: User, in_review: Question
) -> None:
    approve_question(in_review, by=cleo, at=NOON)

    _status, words = send(client, bea, in_review, **APPROVE)

    assert words[0] == "未在审核中。"
