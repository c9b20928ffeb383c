"""Reporting a question from one's own released result, and reading what came of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from exams.domain.next_steps import report_steps
from exams.domain.steering import release_results
from exams.enums import ReleaseRule
from exams.models import Attempt, Exam
from members.models import User
from question_bank.domain.reporting import report_question, settle_report
from question_bank.domain.showing import shown_address
from question_bank.enums import Kind
from question_bank.models import QuestionReport, QuestionVersion
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import NOON, published_exam, sat_attempt

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
SENT = {"reason": "wrong_key", "text": "应为另一项"}


@pytest.fixture
def exam(ana: User, clock: Clock) -> Exam:
    return published_exam(ana, blueprint__plan=((Kind.SINGLE, 4, 25),), release_rule=ReleaseRule.BY_HAND)


@pytest.fixture
def attempt(exam: Exam, ana: User) -> Attempt:
    return sat_attempt(exam, ana, right=2, at=NOON - timedelta(hours=1))


@pytest.fixture
def released(exam: Exam, attempt: Attempt, cleo: User) -> Attempt:
    exam.closes_at = NOON
    exam.save()
    release_results(exam, by=cleo, at=NOON)
    return attempt


def url_of(attempt: Attempt, number: int = 1) -> str:
    return f"/attempts/{attempt.uuid}/report/{number}/"


def version_of(attempt: Attempt, number: int) -> QuestionVersion:
    return QuestionVersion.objects.get(pk=attempt.paper.rows()[number - 1].version_id)


def text_of(client: Client, attempt: Attempt) -> str:
    return client.get(f"/attempts/{attempt.uuid}/", {"show": "all"}).content.decode()


def test_a_candidate_reports_a_question_of_a_released_result(as_: As, ana: User, released: Attempt) -> None:
    response = as_(ana).post(url_of(released, 2), SENT)

    assert response.headers["Location"] == f"/attempts/{released.uuid}/?show=all#question-2"
    report = QuestionReport.objects.get()
    assert (report.version, report.person, report.reason) == (version_of(released, 2), ana, "wrong_key")
    assert report.reported_at == NOON


def test_before_the_release_there_is_nothing_to_report(as_: As, ana: User, attempt: Attempt) -> None:
    client = as_(ana)

    response = client.post(url_of(attempt), SENT)

    assert (response.status_code, QuestionReport.objects.count()) == (404, 0)
    assert "/report/" not in text_of(client, attempt)


def test_nobody_reports_from_a_result_that_is_not_theirs(as_: As, dan: User, cleo: User, released: Attempt) -> None:
    answers = [as_(person).post(url_of(released), SENT).status_code for person in (dan, cleo)]

    assert answers == [404, 404]
    assert QuestionReport.objects.count() == 0


def test_nobody_signed_out_reports(client: Client, released: Attempt) -> None:
    response = client.post(url_of(released), SENT)

    assert (response.status_code, response.headers["Location"].startswith("/sign-in/")) == (302, True)
    assert QuestionReport.objects.count() == 0


def test_reporting_needs_the_token_of_the_page(ana: User, released: Attempt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    assert strict.post(url_of(released), SENT).status_code == 403
    assert QuestionReport.objects.count() == 0
    page = strict.get(f"/attempts/{released.uuid}/", {"show": "all"}).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
    assert strict.post(url_of(released), {**SENT, "csrfmiddlewaretoken": token}).status_code == 302
    assert QuestionReport.objects.count() == 1


@pytest.mark.parametrize("number", [0, 5, 999])
def test_a_number_that_is_not_on_the_paper_is_not_found(as_: As, ana: User, released: Attempt, number: int) -> None:
    assert as_(ana).post(url_of(released, number), SENT).status_code == 404


def test_a_report_without_a_reason_is_refused_and_said(as_: As, ana: User, released: Attempt) -> None:
    page = as_(ana).post(url_of(released), {"reason": "", "text": "x"}, follow=True)

    assert "请说明本题有什么问题" in page.content.decode()
    assert QuestionReport.objects.count() == 0


def test_a_second_report_is_refused_and_said(as_: As, ana: User, released: Attempt) -> None:
    client = as_(ana)
    client.post(url_of(released), SENT)

    page = client.post(url_of(released), SENT, follow=True)

    assert "你已反映过本题" in page.content.decode()
    assert QuestionReport.objects.count() == 1


def test_the_result_shows_forms_then_state_then_answer(as_: As, ana: User, ben: User, released: Attempt) -> None:
    client = as_(ana)
    forms = text_of(client, released).count("/report/")
    client.post(url_of(released), SENT)
    waiting = text_of(client, released)
    settle_report(QuestionReport.objects.get(), verdict="upheld", answer="答案<已>改", by=ben, at=NOON)

    answered = text_of(client, released)

    assert (forms, waiting.count("/report/"), answered.count("/report/")) == (4, 3, 3)
    assert "驻村办正在核对" in waiting
    assert ("答案&lt;已&gt;改" in answered, "驻村办正在核对" in answered) == (True, False)


@pytest.mark.once
def test_reports_cost_no_query_per_question(as_: As, ana: User, released: Attempt) -> None:
    client = as_(ana)
    client.post(url_of(released, 1), SENT)
    one = queries_of(lambda: text_of(client, released))
    client.post(url_of(released, 2), SENT)
    client.post(url_of(released, 3), SENT)
    client.get("/")

    assert queries_of(lambda: text_of(client, released)) == one


def test_the_answer_is_a_next_step_for_fourteen_days(ana: User, ben: User, released: Attempt) -> None:
    report = report_question(version_of(released, 3), **SENT, by=ana, at=NOON)
    before = report_steps(ana, at=NOON)
    settle_report(report, verdict="declined", answer="题目无误。", by=ben, at=NOON)

    (step,) = report_steps(ana, at=NOON + timedelta(days=13))

    assert before == []
    assert step.url == f"/attempts/{released.uuid}/?show=all#question-3"
    assert report_steps(ana, at=NOON + timedelta(days=14)) == []
    assert report_steps(ben, at=NOON) == []


def test_the_review_shows_the_figures_of_a_question(as_: As, ana: User, released: Attempt) -> None:
    version = version_of(released, 1)
    shown = version.shown | {"figures": [{"digest": "ab12", "width": 40, "height": 30, "description": "公示栏"}]}
    QuestionVersion.objects.filter(pk=version.pk).update(shown=shown)

    text = text_of(as_(ana), released)

    assert (text.count(f'src="{shown_address("ab12", ana)}"'), text.count('alt="公示栏"')) == (1, 1)
