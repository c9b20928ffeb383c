"""Every way of publishing leaves a frozen version; retiring leaves it in place."""

from datetime import timedelta

import pytest
from wagtail.log_actions import registry

from question_bank.domain.freezing import QuestionIncomplete
from question_bank.domain.publishing import publish_question, retire_question
from question_bank.models import Question, QuestionVersion
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db


def askable():
    return list(QuestionVersion.objects.askable(first=NOON.date(), last=NOON.date()))


def logged(question):
    return list(registry.get_logs_for_instance(question).values_list("action", "user", "timestamp"))


def test_publishing_freezes_and_lets_papers_draw(ben):
    question = QuestionFactory()

    version = publish_question(question, by=ben, at=NOON)

    question.refresh_from_db()
    assert (question.live, question.current_version, question.has_unpublished_changes) == (True, version, False)
    assert askable() == [version]
    assert logged(question) == [("wagtail.publish", ben.pk, NOON)]


def test_an_incomplete_question_is_not_published(ben):
    question = QuestionFactory(right=[])

    with pytest.raises(QuestionIncomplete):
        publish_question(question, by=ben, at=NOON)

    question.refresh_from_db()
    assert (question.live, question.current_version, askable()) == (False, None, [])


def test_a_draft_of_a_published_question_changes_nothing_that_is_asked(ben):
    question = published(QuestionFactory(stem="已发布"))
    question.stem = "还在改"
    question.save_revision(user=ben)

    stems = [version.shown["stem"] for version in askable()]

    assert stems == ["已发布"]


def test_publishing_through_a_revision_freezes_too(ben, clock):
    question = published(QuestionFactory(stem="旧"), by=ben)
    question.stem = "新"
    revision = question.save_revision(user=ben)

    revision.publish(user=ben, skip_permission_checks=True)

    version = Question.objects.get().current_version
    assert (version.number, version.shown["stem"], version.frozen_at) == (2, "新", NOON)


def test_publishing_an_older_revision_again_makes_a_version_of_its_own(ben):
    question = published(QuestionFactory(stem="第一稿"), by=ben)
    first_draft = question.latest_revision
    question.stem = "第二稿"
    publish_question(question, by=ben, at=NOON)

    first_draft.publish(user=ben, skip_permission_checks=True)

    version = Question.objects.get().current_version
    assert (version.number, version.shown["stem"]) == (3, "第一稿")


def test_retiring_keeps_the_version_and_stops_the_drawing(ben):
    question = published(QuestionFactory(), by=ben)
    version = question.current_version

    retire_question(question, by=ben, at=NOON)
    retire_question(question, by=ben, at=NOON + timedelta(days=1))

    question.refresh_from_db()
    assert (question.live, question.current_version, askable()) == (False, version, [])
    assert [row for row in logged(question) if row[0] == "wagtail.unpublish"] == [("wagtail.unpublish", ben.pk, NOON)]


def test_a_retired_question_comes_back_with_the_same_version(ben):
    question = published(QuestionFactory(), by=ben)
    version = question.current_version
    retire_question(question, by=ben, at=NOON)

    again = publish_question(question, by=ben, at=NOON)

    assert again == version
    assert askable() == [version]


def test_retiring_a_question_with_a_newer_draft_keeps_the_newest_version(ben):
    question = published(QuestionFactory(stem="第一稿"), by=ben)
    question.stem = "第二稿"
    second = publish_question(question, by=ben, at=NOON)
    stale = question.revisions.order_by("pk").first().as_object()
    stale.live = True

    retire_question(stale, by=ben, at=NOON)

    assert Question.objects.get().current_version == second
