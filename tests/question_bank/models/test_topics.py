"""A topic's place is its code."""

import pytest

from question_bank.models import QuestionVersion, Topic
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db


def test_a_subtree_holds_the_topic_and_what_stands_below_it():
    codes = ["02", "0203", "020301", "03"]
    topics = {code: TopicFactory(code=code) for code in codes}

    found = {code: [topic.code for topic in Topic.objects.subtree_of(topics[code])] for code in ("02", "0203", "03")}

    assert found == {"02": ["02", "0203", "020301"], "0203": ["0203", "020301"], "03": ["03"]}


def test_only_current_versions_of_published_questions_that_hold_are_askable():
    day = NOON.date()
    holds = published(QuestionFactory(valid_from=day, valid_to=day))
    always = published(QuestionFactory())
    published(QuestionFactory(valid_to=day.replace(day=1)))
    published(QuestionFactory(valid_from=day.replace(month=12)))
    QuestionFactory()
    edited = published(QuestionFactory(stem="旧"))
    edited.stem = "新"
    published(edited)

    askable = QuestionVersion.objects.askable(first=day, last=day)

    assert set(askable) == {holds.current_version, always.current_version, edited.current_version}
