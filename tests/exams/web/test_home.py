"""The first page as exams fill it."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from exams.enums import ReleaseRule
from members.models import User
from tests.conftest import Clock
from tests.factories.exams import NOON, opened_attempt, published_exam, sat_attempt
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db


def home_of(client: Client, person: User) -> dict[str, object]:
    client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
    context = client.get("/").context
    return {
        "lead": context["lead"] and (context["lead"].headline, context["lead"].title, context["lead"].url),
        "others": [(step.title, step.action) for step in context["others"]],
    }


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/")


def test_nothing_to_do_is_said_with_a_way_on(client: Client, ana: User) -> None:
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    page = page_of(client.get("/"))

    assert words_in(page, "h1") == ["眼下没有要做的事"]
    assert page.links("main") == ["/exams/"]


def test_an_open_exam_leads(client: Client, ana: User, clock: Clock) -> None:
    exam = published_exam(ana)

    found = home_of(client, ana)

    assert found == {"lead": ("有一场测试可以参加", exam.title, f"/exams/{exam.uuid}/"), "others": []}


def test_a_running_attempt_comes_before_everything(client: Client, ana: User, clock: Clock) -> None:
    waiting = published_exam(ana, title="还没开始答的")
    running = published_exam(ana, title="正在答的")
    attempt = opened_attempt(running, ana, at=NOON - timedelta(minutes=5))

    found = home_of(client, ana)

    assert found == {
        "lead": ("有一场测试还没交卷", "正在答的", f"/attempts/{attempt.uuid}/"),
        "others": [("还没开始答的", "看规则，准备开始")],
    }
    assert waiting.title == "还没开始答的"


def test_an_attempt_whose_time_is_over_is_not_offered_to_go_on(client: Client, ana: User, clock: Clock) -> None:
    exam = published_exam(ana)
    opened_attempt(exam, ana, at=NOON - timedelta(minutes=45))

    found = home_of(client, ana)

    assert found == {"lead": None, "others": []}


def test_a_result_is_news_for_two_weeks(client: Client, ana: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule=ReleaseRule.AT_ONCE)
    attempt = sat_attempt(exam, ana)

    clock.forward(days=13)
    fresh = home_of(client, ana)
    clock.forward(days=2)
    stale = home_of(client, ana)

    assert fresh["lead"] == ("测试成绩出来了", exam.title, f"/attempts/{attempt.uuid}/")
    assert stale == {"lead": None, "others": []}


def test_a_result_that_is_not_out_is_no_news(client: Client, ana: User, clock: Clock) -> None:
    sat_attempt(published_exam(ana, release_rule=ReleaseRule.BY_HAND), ana)

    found = home_of(client, ana)

    assert found == {"lead": None, "others": []}


def test_other_peoples_exams_are_not_shown(client: Client, ana: User, dan: User, clock: Clock) -> None:
    published_exam(ana)

    found = home_of(client, dan)

    assert found == {"lead": None, "others": []}


@pytest.mark.parametrize("exams", [1, 3])
def test_the_number_of_exams_does_not_change_the_number_of_queries(
    client: Client, ana: User, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries, exams: int
) -> None:
    for _exam in range(exams):
        published_exam(ana)
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")
    client.get("/")

    # session, person, post, candidates with their exams, attempts; what is new to read: post, roles, pages;
    # answers of the office; answers to reports; repairs not seen; a published quarter; sessions; unread messages
    with django_assert_num_queries(14):
        client.get("/")
