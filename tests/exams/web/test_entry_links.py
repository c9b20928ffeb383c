"""A wrong answer leads to the entry that holds the right one: after release, for those who may read it."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.models import AudienceRule, BasePage, EntryPage
from exams.domain.steering import release_results
from exams.enums import ReleaseRule
from exams.models import Attempt, Exam
from members.models import Division, User
from question_bank.enums import Kind
from question_bank.models import Question
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.exams import NOON, published_exam, sat_attempt

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
PLAN = ((Kind.SINGLE, 4, 25),)


@pytest.fixture
def entry(clock: Clock) -> EntryPage:
    return entry_of(a_handbook(an_entry("驻村天数<b>")))


@pytest.fixture
def exam(ana: User, clock: Clock, entry: EntryPage) -> Exam:
    exam = published_exam(ana, blueprint__plan=PLAN, release_rule=ReleaseRule.BY_HAND)
    Question.objects.update(entry=entry)
    return exam


def release(exam: Exam, cleo: User) -> None:
    exam.closes_at = NOON
    exam.save()
    release_results(exam, by=cleo, at=NOON)


def shown(client: Client, attempt: Attempt, show: str = "all") -> str:
    return client.get(f"/attempts/{attempt.uuid}/", {"show": show}).content.decode()


def links(text: str) -> int:
    return text.count("看条目：驻村天数&lt;b&gt;")


def test_what_was_wrong_leads_to_its_entry_and_what_was_right_does_not(
    as_: As, ana: User, cleo: User, exam: Exam, entry: EntryPage
) -> None:
    attempt = sat_attempt(exam, ana, right=2)
    release(exam, cleo)

    text = shown(as_(ana), attempt)

    assert links(text) == 2
    assert text.count(f'href="{entry.url}"') == 2


def test_before_the_release_nothing_names_the_entry(as_: As, ana: User, cleo: User, exam: Exam) -> None:
    attempt = sat_attempt(exam, ana, right=2)
    before = shown(as_(ana), attempt)

    release(exam, cleo)
    after = shown(as_(ana), attempt)

    assert links(after) == 2
    assert (links(before), "驻村天数" in before) == (0, False)


def test_an_entry_for_others_is_not_named(
    as_: As, ana: User, cleo: User, exam: Exam, entry: EntryPage, other_township: Division
) -> None:
    attempt = sat_attempt(exam, ana, right=2)
    release(exam, cleo)
    while_open = shown(as_(ana), attempt)

    handbook = BasePage.objects.get(pk=entry.get_parent().get_parent().pk)
    AudienceRule.objects.create(page=handbook, division=other_township)
    restricted = shown(as_(ana), attempt)

    assert links(while_open) == 2
    assert (links(restricted), "驻村天数" in restricted) == (0, False)


def test_a_withdrawn_entry_is_not_named(as_: As, ana: User, cleo: User, exam: Exam, entry: EntryPage) -> None:
    attempt = sat_attempt(exam, ana, right=2)
    release(exam, cleo)
    entry.unpublish()

    text = shown(as_(ana), attempt)

    assert (links(text), "驻村天数" in text) == (0, False)


@pytest.mark.once
def test_one_wrong_answer_costs_as_many_queries_as_three(
    as_: As, ana: User, dan: User, cleo: User, clock: Clock, entry: EntryPage
) -> None:
    exam = published_exam(ana, dan, blueprint__plan=PLAN, release_rule=ReleaseRule.BY_HAND)
    Question.objects.update(entry=entry)
    one, three = sat_attempt(exam, ana, right=3), sat_attempt(exam, dan, right=1)
    release(exam, cleo)

    client = as_(ana)
    for_one = queries_of(lambda: shown(client, one))
    client = as_(dan)
    for_three = queries_of(lambda: shown(client, three))

    assert for_three == for_one
