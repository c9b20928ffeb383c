"""Members report questions; somebody answers; the question waits for a look but is still drawn."""

from datetime import timedelta

import pytest
from wagtail.log_actions import registry

from question_bank.domain.publishing import publish_question
from question_bank.domain.reporting import (
    AlreadyReported,
    AlreadySettled,
    ReportRefused,
    listed_reports,
    report_question,
    settle_report,
)
from question_bank.models import QuestionReport, QuestionVersion, Recheck
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def version():
    return published(QuestionFactory()).current_version


def report(version, person, *, reason="unclear", text="", at=NOON):
    return report_question(version, reason=reason, text=text, by=person, at=at)


def rechecks():
    return list(Recheck.objects.order_by("pk").values_list("reason", "settled_at", "outcome"))


def logged(question, action):
    logs = registry.get_logs_for_instance(question).filter(action=f"question_bank.{action}")
    return [(row.user, row.timestamp, row.data) for row in logs]


def test_a_report_asks_for_a_look_and_the_question_is_still_drawn(ana, version):
    report(version, ana, reason="wrong_key", text=" 应为乙项 ")

    row = QuestionReport.objects.get()
    assert (row.version, row.person, row.reason, row.text) == (version, ana, "wrong_key", "应为乙项")
    assert rechecks() == [("reported", None, "")]
    assert list(QuestionVersion.objects.askable(first=NOON.date(), last=NOON.date())) == [version]


def test_the_log_holds_the_reason_but_not_the_words(ana, version):
    report(version, ana, text="我的原话")

    assert logged(version.question, "report_question") == [(ana, NOON, {"version": 1, "reason": "unclear"})]


def test_a_person_reports_a_version_once_until_it_is_answered(ana, dan, ben, version):
    first = report(version, ana)
    report(version, dan)

    with pytest.raises(AlreadyReported):
        report(version, ana, reason="wrong_key")
    settle_report(first, verdict="declined", answer="题目无误。", by=ben, at=LATER)
    again = report(version, ana, at=LATER)

    assert QuestionReport.objects.count() == 3
    assert list(QuestionReport.objects.open().filter(person=ana)) == [again]
    assert rechecks() == [("reported", None, "")]


@pytest.mark.parametrize(("reason", "text"), [("", ""), ("nonsense", "x"), ("other", "  "), ("unclear", "字" * 501)])
def test_a_report_that_says_nothing_or_too_much_is_refused(ana, version, reason, text):
    with pytest.raises(ReportRefused):
        report(version, ana, reason=reason, text=text)

    assert (QuestionReport.objects.count(), Recheck.objects.count()) == (0, 0)


def test_the_last_declined_report_settles_the_recheck(ana, dan, ben, version):
    first, second = report(version, ana), report(version, dan)

    settle_report(first, verdict="declined", answer="无误。", by=ben, at=LATER)
    between = rechecks()
    settle_report(second, verdict="declined", answer="无误。", by=ben, at=LATER)

    assert between == [("reported", None, "")]
    assert rechecks() == [("reported", LATER, "confirmed")]


def test_an_upheld_report_leaves_the_recheck_until_the_question_is_changed(ana, dan, ben, version):
    first, second = report(version, ana), report(version, dan)
    settle_report(first, verdict="upheld", answer="属实。", by=ben, at=LATER)
    settle_report(second, verdict="declined", answer="无误。", by=ben, at=LATER)
    waiting = rechecks()

    question = version.question
    question.stem = "改过的题？"
    publish_question(question, by=ben, at=LATER)

    assert waiting == [("reported", None, "")]
    assert rechecks() == [("reported", LATER, "edited")]
    assert logged(question, "settle_report")[-1] == (ben, LATER, {"version": 1, "verdict": "upheld"})


def test_of_two_who_answer_one_does(ana, ben, cleo, version):
    row = report(version, ana)
    same = QuestionReport.objects.get()
    settle_report(row, verdict="upheld", answer="属实。", by=ben, at=LATER)

    with pytest.raises(AlreadySettled):
        settle_report(same, verdict="declined", answer="无误。", by=cleo, at=LATER)

    row.refresh_from_db()
    assert (row.verdict, row.answer, row.settled_by) == ("upheld", "属实。", ben)


@pytest.mark.parametrize(("verdict", "answer"), [("", "好"), ("maybe", "好"), ("upheld", " "), ("upheld", "字" * 501)])
def test_an_answer_without_a_verdict_or_a_sentence_is_refused(ana, ben, version, verdict, answer):
    row = report(version, ana)

    with pytest.raises(ReportRefused):
        settle_report(row, verdict=verdict, answer=answer, by=ben, at=LATER)

    assert QuestionReport.objects.open().count() == 1


def test_a_report_on_a_retired_question_opens_no_recheck(ana, version):
    question = version.question
    question.unpublish()

    report(version, ana)

    assert (QuestionReport.objects.count(), Recheck.objects.open().count()) == (1, 0)


def test_open_reports_come_first_the_oldest_of_them_leading(ana, dan, ben, version):
    other = published(QuestionFactory()).current_version
    second = report(version, dan, at=LATER)
    settled = report(other, dan)
    first = report(version, ana)
    settle_report(settled, verdict="declined", answer="无误。", by=ben, at=LATER)

    assert list(listed_reports()) == [first, second, settled]
