"""The first page of the staff interface says what waits in the question bank."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.enums import Role
from members.models import Division, User
from question_bank.domain.raising import raise_doubt
from question_bank.domain.reporting import report_question
from question_bank.enums import RecheckReason
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import NOON
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db


def page_of(person: User) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("wagtailadmin_home"))


def test_doubts_and_reports_wait_for_who_keeps_the_bank(ben: User, ana: User, clock: Clock) -> None:
    first, second = published(QuestionFactory()), published(QuestionFactory())
    before = page_of(ben).content.decode()
    for question in (first, second):
        raise_doubt(question, reason=RecheckReason.STATISTICS, note="太易", at=NOON)
    # The same question twice in doubt is one to look at.
    report_question(first.current_version, reason="unclear", text="", by=ana, at=NOON)

    after = page_of(ben).content.decode()

    said = ["1 条待答复", "2 道试题待复核", reverse("question_reports:index"), reverse("question_rechecks:index")]
    assert [word in before.split("<main")[1] for word in said] == [False] * 4
    assert [word in after.split("<main")[1] for word in said] == [True] * 4


def test_readers_are_told_nothing_that_they_cannot_do(county: Division, clock: Clock) -> None:
    inspector = give_role(UserFactory.create(), Role.INSPECTOR, county)
    raise_doubt(published(QuestionFactory()), reason=RecheckReason.STATISTICS, note="太易", at=NOON)

    assert "待复核" not in page_of(inspector).content.decode().split("<main")[1]


@pytest.mark.once
def test_many_cost_what_one_costs(ben: User, clock: Clock) -> None:
    raise_doubt(published(QuestionFactory()), reason=RecheckReason.STATISTICS, note="太易", at=NOON)
    few = queries_of(lambda: page_of(ben))
    for _place in range(3):
        raise_doubt(published(QuestionFactory()), reason=RecheckReason.STATISTICS, note="太易", at=NOON)

    assert queries_of(lambda: page_of(ben)) == few
