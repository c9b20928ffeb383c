"""The list of exams, the rules of one, and starting."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from exams.domain.answers import faces_on
from exams.domain.steering import close_exam
from exams.enums import CountingAttempt, MultipleRule, ReleaseRule
from exams.models import Attempt, Exam, Paper
from exams.web.rules_in_words import composition, rules_in_words
from members.models import User
from question_bank.enums import Kind
from tests.conftest import Clock
from tests.factories.exams import (
    EVENING,
    MORNING,
    NOON,
    BlueprintFactory,
    ExamFactory,
    opened_attempt,
    published_exam,
    sat_attempt,
)
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]


# -- the list -------------------------------------------------------------------------------


def test_exams_are_listed_by_what_can_be_done_with_them(as_: As, ana: User, clock: Clock) -> None:
    open_now = published_exam(ana, title="可以参加的")
    later = published_exam(
        ana, title="明天的", opens_at=MORNING + timedelta(days=1), closes_at=EVENING + timedelta(days=1)
    )
    done = published_exam(ana, title="考完的", release_rule=ReleaseRule.AT_ONCE)
    sat_attempt(done, ana, at=NOON - timedelta(minutes=30))
    missed = published_exam(ana, title="没去的", at=MORNING, closes_at=NOON - timedelta(hours=1))

    context = as_(ana).get("/exams/").context

    assert {name: [place.exam for place in context[name]] for name in ("current", "coming", "past")} == {
        "current": [open_now],
        "coming": [later],
        "past": [missed, done],
    }


def test_an_empty_list_says_what_will_stand_here(as_: As, ana: User) -> None:
    page = page_of(as_(ana).get("/exams/"))

    assert words_in(page, "h2") == ["还没有考试"]


@pytest.mark.parametrize("exams", [1, 3])
def test_a_longer_list_costs_no_more_queries(
    as_: As, ana: User, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries, exams: int
) -> None:
    for _exam in range(exams):
        sat_attempt(published_exam(ana, release_rule=ReleaseRule.AT_ONCE), ana)
    client = as_(ana)
    client.get("/exams/")

    # session, person, candidates with their exams, attempts
    with django_assert_num_queries(4):
        client.get("/exams/")


# -- the rules ------------------------------------------------------------------------------


def test_the_rules_come_from_the_exams_own_settings(ana: User) -> None:
    blueprint = BlueprintFactory.create(plan=((Kind.SINGLE, 6, 5), (Kind.MULTIPLE, 4, 10), (Kind.FILL, 1, 30)))
    exam = published_exam(
        ana, blueprint=blueprint, attempts_allowed=2, counting_attempt=CountingAttempt.LAST, minutes=45
    )
    rows = list(blueprint.rows.all())

    assert composition(rows) == [("单选题", 6, "5"), ("多选题", 4, "10"), ("填空题", 1, "30")]
    assert ["".join(rule) for rule in rules_in_words(exam, rows)] == [
        "一开始就计时，不能暂停。每人 2 次机会，取最后一次；到时间自动交卷。",
        "每答一题自动保存。信号断了可以接着答，连上以后自己补传。",
        "多选题全对得满分，每题 10 分，漏选得 4 分，错选不得分。",
        "填空题不计较标点、空格和全角半角。",
        "接电话、切到别的页面会如实记下，只作说明，不扣分。",
        "成绩在考试结束后公布（6 月 15 日 18:00）。",
    ]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (MultipleRule.ALL_OR_NOTHING, "漏选、错选都不得分。"),
        (MultipleRule.PROPORTIONAL, "漏选按选对的比例得分，错选不得分。"),
        (MultipleRule.FIXED_SHARE, "漏选得 40% 的分，错选不得分。"),
    ],
)
def test_multiple_choice_is_explained_as_it_is_marked(ana: User, rule: MultipleRule, words: str) -> None:
    plan = ((Kind.MULTIPLE, 2, 5), (Kind.MULTIPLE, 1, 10))
    exam = ExamFactory.create(blueprint__plan=plan, blueprint__multiple_rule=rule)

    rules = rules_in_words(exam, list(exam.blueprint.rows.all()))

    assert [rule.text for rule in rules if rule.heading == "多选题全对得满分，"] == [words]


def open_exam(ana: User) -> Exam:
    return published_exam(ana)


def coming_exam(ana: User) -> Exam:
    return published_exam(ana, opens_at=EVENING, closes_at=EVENING + timedelta(hours=1))


def running_exam(ana: User) -> Exam:
    exam = published_exam(ana)
    opened_attempt(exam, ana)
    return exam


def used_up_exam(ana: User) -> Exam:
    exam = published_exam(ana)
    sat_attempt(exam, ana, at=NOON - timedelta(hours=1))
    return exam


def missed_exam(ana: User) -> Exam:
    return published_exam(ana, closes_at=NOON)


def second_attempt_exam(ana: User) -> Exam:
    exam = published_exam(ana, attempts_allowed=2)
    sat_attempt(exam, ana, at=NOON - timedelta(hours=1))
    return exam


@pytest.mark.parametrize(
    ("prepare", "actions", "notes"),
    [
        (open_exam, ["开始答题"], []),
        (running_exam, ["继续答题"], []),
        (second_attempt_exam, ["再答一次"], []),
        (coming_exam, [], ["还没开始"]),
        (used_up_exam, [], ["你已经交卷"]),
        (missed_exam, [], ["考试已经结束，你没有参加"]),
    ],
)
def test_the_page_of_an_exam_offers_what_can_be_done_now(
    as_: As, ana: User, clock: Clock, prepare: Callable[[User], Exam], actions: list[str], notes: list[str]
) -> None:
    exam = prepare(ana)

    page = page_of(as_(ana).get(f"/exams/{exam.uuid}/"))

    buttons = [*page.all("button", class_="button"), *page.all("a", class_="button")]
    assert [button.text.strip() for button in buttons] == actions
    assert [
        words for words in words_in(page, "b") if words in {"还没开始", "你已经交卷", "考试已经结束，你没有参加"}
    ] == notes


# -- starting -------------------------------------------------------------------------------


def test_starting_leads_to_the_attempt_and_again_to_the_same(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana)
    client = as_(ana)

    first = client.post(f"/exams/{exam.uuid}/start/")
    second = client.post(f"/exams/{exam.uuid}/start/")

    attempt = Attempt.objects.get()
    assert [response["Location"] for response in (first, second)] == [f"/attempts/{attempt.uuid}/"] * 2


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (coming_exam, "考试还没开始。"),
        (missed_exam, "考试已经结束。"),
        (used_up_exam, "这场考试的作答次数已经用完。"),
    ],
)
def test_what_cannot_be_started_says_why_and_opens_nothing(
    as_: As, ana: User, clock: Clock, prepare: Callable[[User], Exam], reason: str
) -> None:
    exam = prepare(ana)
    before = Attempt.objects.count()

    response = as_(ana).post(f"/exams/{exam.uuid}/start/", follow=True)

    assert response.redirect_chain == [(f"/exams/{exam.uuid}/", 302)]
    assert [str(message) for message in response.context["messages"]] == [reason]
    assert Attempt.objects.count() == before


def test_a_closed_exam_cannot_be_started(as_: As, ana: User, cleo: User, clock: Clock) -> None:
    exam = published_exam(ana, by=cleo)
    close_exam(exam, by=cleo, at=NOON)

    as_(ana).post(f"/exams/{exam.uuid}/start/")

    assert not Attempt.objects.exists()


# -- who --------------------------------------------------------------------------------------


def test_an_exam_that_is_absent_foreign_or_in_preparation_is_the_same_404(
    as_: As, ana: User, dan: User, cleo: User, clock: Clock
) -> None:
    exam = published_exam(ana)
    draft = ExamFactory.create(people=[dan])
    client = as_(dan)

    answers = [
        (client.get(f"/exams/{uuid}/").status_code, client.post(f"/exams/{uuid}/start/").status_code)
        for uuid in (exam.uuid, draft.uuid, uuid4())
    ]

    assert answers == [(404, 404)] * 3
    assert as_(cleo).get(f"/exams/{exam.uuid}/").status_code == 404
    assert as_(ana).get(f"/exams/{exam.uuid}/").status_code == 200
    assert not Attempt.objects.exists()


def test_anonymous_is_sent_to_sign_in(client: Client, ana: User) -> None:
    exam = published_exam(ana)

    answers = [client.get("/exams/"), client.get(f"/exams/{exam.uuid}/"), client.post(f"/exams/{exam.uuid}/start/")]

    assert [(answer.status_code, answer["Location"].split("?")[0]) for answer in answers] == [(302, "/sign-in/")] * 3
    assert not Attempt.objects.exists()


def test_starting_needs_a_post_with_its_token(ana: User, clock: Clock) -> None:
    exam = published_exam(ana)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    answers = [client.get(f"/exams/{exam.uuid}/start/"), client.post(f"/exams/{exam.uuid}/start/")]

    assert [answer.status_code for answer in answers] == [405, 403]
    assert not Attempt.objects.exists()


# -- before the first minute ----------------------------------------------------------------


def test_who_waits_on_the_page_of_an_exam_finds_the_questions_at_hand(
    as_: As, ana: User, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    exam = published_exam(ana)
    client = as_(ana)
    client.get(f"/exams/{exam.uuid}/")
    sheet = client.post(f"/exams/{exam.uuid}/start/")["Location"]

    # session, person, the attempt with paper and exam, its answers: none about questions
    with django_assert_num_queries(4):
        client.get(sheet)


def test_the_page_before_an_exam_holds_none_of_its_questions(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana)
    stems = {face.stem for face in faces_on(Paper.objects.get(candidate__exam=exam))}

    page = as_(ana).get(f"/exams/{exam.uuid}/").content.decode()

    assert stems
    assert not any(stem in page for stem in stems)
