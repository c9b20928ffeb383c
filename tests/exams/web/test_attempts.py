"""Taking a test as one plain form, and its result under the same address."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from exams.domain.answers import Answer
from exams.domain.grants import grant_of
from exams.domain.saving import milliseconds, save_answers
from exams.domain.sitting import paper_sheet
from exams.domain.steering import release_results
from exams.enums import AttemptState, HandIn, ReleaseRule
from exams.models import Attempt, Exam, Response
from members.models import User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.conftest import Clock, stopped_clock
from tests.factories.exams import (
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    opened_attempt,
    published_exam,
    right_answers,
    sat_attempt,
)
from tests.support import cast
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
ALL_KINDS = tuple((kind, 2, 10) for kind in Kind)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    with stopped_clock():
        return published_exam(everybody.ana, by=everybody.cleo, blueprint__plan=ALL_KINDS)


@pytest.fixture
def exam(_exam: Exam, clock: Clock, db: None) -> Exam:
    return deepcopy(_exam)


@pytest.fixture
def attempt(exam: Exam, ana: User) -> Attempt:
    return opened_attempt(exam, ana)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.uuid}/"


def form_of(attempt: Attempt, **fields: object) -> dict[str, object]:
    """The form as a browser sends it after the page was shown now."""
    return {"as_of": paper_sheet(attempt).as_of, "action": "save", **fields}


def first(attempt: Attempt, kind: Kind) -> tuple[int, list[str]]:
    """Number and option ids of the first question of a kind."""
    row = next(row for row in paper_sheet(attempt).rows if row.kind == kind)
    return row.number, [option.id for option in row.options]


def stored(attempt: Attempt) -> dict[int, tuple[dict[str, object], bool]]:
    return {row.number: (row.answer, row.flagged) for row in Response.objects.filter(attempt=attempt)}


def said(client: Client, url: str) -> list[str]:
    return [str(message) for message in client.get(url).context["messages"]]


# -- without a script ---------------------------------------------------------------------------


def test_a_form_of_all_kinds_is_saved_and_shown_again(as_: As, ana: User, attempt: Attempt) -> None:
    single, singles = first(attempt, Kind.SINGLE)
    multiple, multiples = first(attempt, Kind.MULTIPLE)
    fill, _none = first(attempt, Kind.FILL)
    short, _none = first(attempt, Kind.SHORT)
    form = form_of(
        attempt,
        **{
            f"q{single}": singles[1],
            f"flag{single}": "1",
            f"q{multiple}": multiples[:2],
            f"q{fill}-1": "三十",
            f"q{fill}-2": "",
            f"q{short}": "一\r\n二",
        },
    )
    client = as_(ana)

    response = client.post(url_of(attempt), form)

    assert response["Location"] == url_of(attempt)
    assert stored(attempt) == {
        single: ({"options": [singles[1]]}, True),
        multiple: ({"options": multiples[:2]}, False),
        fill: ({"blanks": ["三十", ""]}, False),
        short: ({"text": "一\n二"}, False),
    }
    page = page_of(client.get(url_of(attempt)))
    ticked = [node.attributes["value"] for node in page.all("input") if "checked" in node.attributes]
    assert ticked == ["normal", "1", singles[1], *multiples[:2]]


def test_an_answer_taken_back_is_taken_back(as_: As, ana: User, attempt: Attempt, clock: Clock) -> None:
    multiple, options = first(attempt, Kind.MULTIPLE)
    client = as_(ana)
    client.post(url_of(attempt), form_of(attempt, **{f"q{multiple}": options}))
    clock.forward(minutes=1)

    client.post(url_of(attempt), form_of(attempt))

    assert stored(attempt) == {multiple: ({}, False)}


def test_what_another_device_wrote_later_stays_and_is_named(as_: As, ana: User, attempt: Attempt, clock: Clock) -> None:
    single, options = first(attempt, Kind.SINGLE)
    multiple, others = first(attempt, Kind.MULTIPLE)
    form = form_of(attempt, **{f"q{single}": options[0], f"q{multiple}": others[0]})
    phone = Answer(single, {"options": [options[2]]}, milliseconds(NOON + timedelta(minutes=1)))
    save_answers(grant_of(attempt), [phone], at=clock.forward(minutes=2))
    client = as_(ana)

    response = client.post(url_of(attempt), form)

    assert stored(attempt) == {single: ({"options": [options[2]]}, False), multiple: ({"options": [others[0]]}, False)}
    assert said(client, response["Location"]) == [
        f"第 {single} 题在另一台设备上改过，保留那边较新的答案；其余已保存 12:02。"
    ]


@pytest.mark.parametrize("as_of", ["", "soon", "-1", "9" * 20, "１２"])
def test_a_form_that_does_not_say_when_it_was_shown_overwrites_nothing(
    as_: As, ana: User, attempt: Attempt, as_of: str
) -> None:
    single, options = first(attempt, Kind.SINGLE)
    save_answers(grant_of(attempt), [Answer(single, {"options": [options[2]]}, 5)], at=NOON)

    as_(ana).post(url_of(attempt), {"action": "save", "as_of": as_of, f"q{single}": options[0]})

    assert stored(attempt) == {single: ({"options": [options[2]]}, False)}


@pytest.mark.parametrize("value", ["no-such-option", "字" * 300])
def test_what_does_not_fit_is_refused_whole_and_stays_on_the_page(
    as_: As, ana: User, attempt: Attempt, value: str
) -> None:
    single, _options = first(attempt, Kind.SINGLE)
    short, _none = first(attempt, Kind.SHORT)
    form = form_of(attempt, **{f"q{single}": value, f"q{short}": "写了很久的一段话"})

    response = as_(ana).post(url_of(attempt), form)

    assert (response.status_code, stored(attempt)) == (400, {})
    texts = [node.text.removeprefix("\n") for node in page_of(response).all("textarea")]
    assert [text for text in texts if text] == ["写了很久的一段话"]


def test_checking_saves_and_names_what_is_left_open(as_: As, ana: User, attempt: Attempt) -> None:
    answers = {f"q{number}": options[0] for number, options in [first(attempt, Kind.SINGLE)]}
    client = as_(ana)

    response = client.post(url_of(attempt), form_of(attempt, action="check", **answers))
    page = page_of(client.get(response["Location"]))

    assert response["Location"] == url_of(attempt) + "?card"
    assert words_in(page, "b") == ["还有 9 题未作答"]
    assert words_in(page, "button", class_="button") == ["不补了，现在交卷"]
    assert words_in(page, "a", class_="button") == ["去答第 2 题"]


def test_handing_in_gives_a_receipt_and_again_the_same(as_: As, ana: User, attempt: Attempt) -> None:
    client = as_(ana)

    receipts = []
    for _time in range(2):
        client.post(url_of(attempt), {"action": "hand_in"})
        receipts += words_in(page_of(client.get(url_of(attempt))), "code")

    attempt.refresh_from_db()
    assert (attempt.hand_in, attempt.submitted_at) == (HandIn.MEMBER, NOON)
    assert receipts == [attempt.receipt] * 2


def test_a_form_that_arrives_after_the_end_changes_nothing(as_: As, ana: User, attempt: Attempt, clock: Clock) -> None:
    single, options = first(attempt, Kind.SINGLE)
    form = form_of(attempt, **{f"q{single}": options[0]})
    clock.forward(minutes=31)
    client = as_(ana)

    response = client.post(url_of(attempt), form)

    attempt.refresh_from_db()
    assert (stored(attempt), attempt.hand_in) == ({}, HandIn.TIME)
    assert said(client, response["Location"]) == ["提交之前时间已到，以到时已保存的答案为准。"]


def test_whoever_looks_at_an_overdue_attempt_closes_it(as_: As, ana: User, attempt: Attempt, clock: Clock) -> None:
    clock.forward(minutes=30)

    page = page_of(as_(ana).get(url_of(attempt)))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == (AttemptState.MARKED, NOON + timedelta(minutes=30))
    assert words_in(page, "h2")[0] == "已交卷"


def test_the_sheet_is_never_kept_by_a_browser_or_a_proxy(as_: As, ana: User, attempt: Attempt) -> None:
    response = as_(ana).get(url_of(attempt))

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_a_longer_paper_costs_no_more_queries(
    as_: As, ana: User, attempt: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(ana)
    client.get(url_of(attempt))

    # session, person, the attempt with paper and exam, its answers
    with django_assert_num_queries(4):
        client.get(url_of(attempt))


# -- nothing leaks ------------------------------------------------------------------------------


def secrets_of(attempt: Attempt) -> set[str]:
    """Everything about the keys of a paper that would help to guess an answer."""
    versions = QuestionVersion.objects.filter(pk__in=[item.version_id for item in attempt.paper.rows()])
    accepted = {answer for version in versions for blank in version.key.get("blanks", []) for answer in blank}
    guides = {version.key["guide"] for version in versions if "guide" in version.key}
    return accepted | guides | {version.explanation for version in versions} | {version.basis for version in versions}


def test_no_page_before_release_tells_anything_about_the_keys(
    as_: As, ana: User, cleo: User, exam: Exam, attempt: Attempt
) -> None:
    secrets = secrets_of(attempt)
    save_answers(grant_of(attempt), right_answers(attempt)[:1], at=NOON)
    client = as_(ana)

    pages = [client.get(f"/exams/{exam.uuid}/"), client.get(url_of(attempt)), client.get(url_of(attempt) + "?card")]
    client.post(url_of(attempt), {"action": "hand_in"})
    pages += [client.get(url_of(attempt)), client.get(url_of(attempt) + "?show=all")]
    texts = [json.dumps(dict(page.headers)) + page.content.decode() for page in pages]

    assert [sorted(secret for secret in secrets if secret in text) for text in texts] == [[], [], [], [], []]
    exam.closes_at = NOON
    exam.save()
    shown = client.get(url_of(attempt) + "?show=all").content.decode()
    assert secrets_of(attempt) - {secret for secret in secrets if secret in shown} == set()


def test_a_right_and_a_wrong_option_look_alike_on_the_sheet(as_: As, ana: User, attempt: Attempt) -> None:
    page = page_of(as_(ana).get(url_of(attempt)))

    attributes = {
        tuple(sorted(set(node.attributes) - {"checked"}))
        for node in page.all("input")
        if node.attributes.get("type") in {"radio", "checkbox"} and node.attributes["name"].startswith("q")
    }
    assert attributes == {("name", "type", "value")}


# -- the result ---------------------------------------------------------------------------------


def shown_numbers(client: Client, attempt: Attempt, show: str) -> list[str]:
    page = page_of(client.get(url_of(attempt), {"show": show} if show else {}))
    return [node.attributes["id"] for node in page.all("li") if node.attributes.get("id", "").startswith("question-")]


def test_the_result_shows_score_band_receipt_and_margin(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule=ReleaseRule.AT_ONCE)
    attempt = sat_attempt(exam, ana, right=8, minutes=12)

    page = page_of(as_(ana).get(url_of(attempt)))

    assert words_in(page, "p", class_="score-figure") == ["80 分"]
    assert words_in(page, "dd")[:3] == ["8 题", "12 分钟", "0 次"]
    assert words_in(page, "code") == [attempt.receipt]
    assert "良好，比合格线高 20 分" in words_in(page, "p")


def test_a_failed_test_gets_no_stamp(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule=ReleaseRule.AT_ONCE)
    attempt = sat_attempt(exam, ana, right=5)

    page = page_of(as_(ana).get(url_of(attempt)))

    assert "不合格，合格线是 60 分" in words_in(page, "p")
    assert page.all("svg", class_="stamp") == []


def test_the_review_is_filtered_by_links(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule=ReleaseRule.AT_ONCE)
    attempt = sat_attempt(exam, ana, right=8)
    Response.objects.filter(attempt=attempt, number=3).update(flagged=True)
    client = as_(ana)

    found = {show: shown_numbers(client, attempt, show) for show in ("", "wrong", "flagged", "all", "nonsense")}

    wrong = ["question-9", "question-10"]
    everything = [f"question-{number}" for number in range(1, 11)]
    assert found == {"": wrong, "wrong": wrong, "flagged": ["question-3"], "all": everything, "nonsense": wrong}


def test_a_result_waits_for_its_release(as_: As, ana: User, cleo: User, clock: Clock) -> None:
    exam = published_exam(ana, by=cleo, release_rule=ReleaseRule.BY_HAND)
    attempt = sat_attempt(exam, ana)
    client = as_(ana)

    before = page_of(client.get(url_of(attempt)))
    exam.closes_at = NOON
    exam.save()
    release_results(exam, by=cleo, at=NOON)
    after = page_of(client.get(url_of(attempt)))

    assert (words_in(before, "h2"), words_in(before, "p", class_="score-figure")) == (["已交卷"], [])
    assert "由县驻村办公布成绩。" in words_in(before, "p")
    assert words_in(after, "p", class_="score-figure") == ["100 分"]


def test_a_short_answer_in_marking_holds_the_score_back(as_: As, ana: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule=ReleaseRule.AT_ONCE, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    attempt = sat_attempt(exam, ana)

    page = page_of(as_(ana).get(url_of(attempt)))

    assert words_in(page, "h2") == ["简答题正在阅卷", "逐题看依据"]
    assert words_in(page, "p", class_="score-figure") == []


# -- who ----------------------------------------------------------------------------------------


def test_an_attempt_that_is_absent_or_foreign_is_the_same_404(
    as_: As, ana: User, dan: User, cleo: User, attempt: Attempt
) -> None:
    answers = []
    for person, uuid in ((dan, attempt.uuid), (cleo, attempt.uuid), (ana, uuid4())):
        client = as_(person)
        url = f"/attempts/{uuid}/"
        answers += [client.get(url), *(client.post(url, {"action": action}) for action in ("save", "hand_in"))]

    assert [answer.status_code for answer in answers] == [404] * 9
    attempt.refresh_from_db()
    assert attempt.is_open()


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    answers = [client.get(url_of(attempt)), client.post(url_of(attempt), {"action": "hand_in"})]

    assert [(answer.status_code, answer["Location"].split("?")[0]) for answer in answers] == [(302, "/sign-in/")] * 2
    attempt.refresh_from_db()
    assert attempt.is_open()


@pytest.mark.parametrize("action", ["save", "check", "hand_in"])
def test_every_action_needs_its_token(ana: User, attempt: Attempt, action: str) -> None:
    single, options = first(attempt, Kind.SINGLE)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    response = client.post(url_of(attempt), form_of(attempt, action=action, **{f"q{single}": options[0]}))

    attempt.refresh_from_db()
    assert (response.status_code, stored(attempt), attempt.is_open()) == (403, {}, True)
