"""One thing done to many questions: a preview with reasons, then all of it."""

import pytest
from django.test import Client
from django.urls import reverse

from question_bank.domain.bulk import PlanChanged, approving, carry_out
from question_bank.domain.reviewing import submit_question, under_review
from question_bank.enums import RecheckReason
from question_bank.models import Question, Recheck
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db


def address(action, *questions):
    ids = "&".join(f"id={question.pk}" for question in questions)
    return f"{reverse('wagtail_bulk_action', args=['question_bank', 'question', action])}?{ids}&next=/admin/"


def drafted(by):
    question = QuestionFactory()
    question.save_revision(user=by)
    return Question.objects.get(pk=question.pk)


def test_sending_many_to_review_says_first_which_are_left_out_and_why(client, ben):
    draft, unfinished = drafted(ben), QuestionFactory(texts=["只有一项"])
    client.force_login(ben)

    page = client.get(address("submit_questions", draft, unfinished))
    client.post(address("submit_questions", draft, unfinished))

    assert [row["item"] for row in page.context["items"]] == [draft]
    assert [(question, str(reason)) for question, reason in page.context["left_out"]] == [
        (unfinished, "内容尚不完整。")
    ]
    assert list(Question.objects.filter(under_review())) == [draft]


def test_only_what_others_wrote_is_approved(client, ben, cleo):
    own, others = drafted(cleo), drafted(ben)
    for question, person in ((own, cleo), (others, ben)):
        submit_question(question, by=person)
    client.force_login(cleo)

    client.post(address("approve_questions", own, others))

    assert list(Question.objects.live()) == [others]


def test_confirming_and_retiring_many(client, cleo, ben):
    first, second, draft = published(QuestionFactory()), published(QuestionFactory()), QuestionFactory()
    Recheck.objects.create(question=first, reason=RecheckReason.VALIDITY, asked_at=NOON)
    client.force_login(ben)
    client.post(address("confirm_questions", first, second))
    client.post(address("retire_questions", first))
    by_a_trainer = Question.objects.live().count()
    client.force_login(cleo)

    client.post(address("retire_questions", first, second, draft))

    assert (Recheck.objects.open().count(), by_a_trainer, Question.objects.live().count()) == (0, 2, 0)


def test_topic_and_difficulty_become_drafts_of_published_questions(client, ben):
    live, draft, topic = published(QuestionFactory()), QuestionFactory(), TopicFactory(code="77")
    client.force_login(ben)

    client.post(address("move_questions", live, draft), {"topic": topic.pk})
    client.post(address("regrade_questions", live, draft), {"difficulty": "hard"})

    live, draft = Question.objects.get(pk=live.pk), Question.objects.get(pk=draft.pk)
    newest = live.get_latest_revision_as_object()
    assert (newest.topic, newest.difficulty, live.topic == topic, live.difficulty) == (topic, "hard", False, "medium")
    assert (draft.topic, draft.difficulty) == (topic, "hard")


def test_if_one_has_changed_meanwhile_nothing_is_done(ben, cleo):
    first, second = drafted(ben), drafted(ben)
    submit_question(first, by=ben)

    with pytest.raises(PlanChanged):
        carry_out([first, second], *approving(by=cleo, at=NOON))

    assert Question.objects.live().count() == 0


@pytest.mark.parametrize("name", ["nobody", "ana", "dan"])
def test_members_do_nothing_in_bulk(ana, dan, ben, name):
    draft, client = drafted(ben), Client()
    if name != "nobody":
        client.force_login({"ana": ana, "dan": dan}[name])

    answer = client.post(address("submit_questions", draft))

    assert (answer.status_code, Question.objects.filter(under_review()).count()) == (302, 0)


def test_bulk_actions_need_the_token_of_the_page(ben):
    draft, strict = drafted(ben), Client(enforce_csrf_checks=True)
    strict.force_login(ben)

    answer = strict.post(address("submit_questions", draft))

    assert (answer.status_code, Question.objects.filter(under_review()).count()) == (403, 0)
