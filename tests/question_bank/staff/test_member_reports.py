"""The list of what members say about questions, and who may answer."""

import pytest
from django.test import Client
from django.urls import reverse

from members.enums import Role
from question_bank.domain.reporting import report_question
from question_bank.models import QuestionReport
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db
LIST = "/admin/question-reports/"


def reported(person, stem="哪一项？", text="应为乙项"):
    version = published(QuestionFactory(stem=stem, texts=["甲项", "乙项"])).current_version
    return report_question(version, reason="wrong_key", text=text, by=person, at=NOON)


def settle_url(report):
    return reverse("question_reports:settle", args=[report.uuid])


def test_a_trainer_reads_a_report_beside_the_key_without_a_name(client, ana, ben):
    reported(ana)
    client.force_login(ben)

    page = client.get(LIST)

    text = page.content.decode()
    assert [(row.version.shown["stem"], key) for row, key, _buttons in page.context["rows"]] == [("哪一项？", "甲项")]
    assert ("应为乙项" in text, ana.name in text, ana.code in text) == (True, False, False)


def test_answering_takes_a_report_off_the_open_list(client, ana, ben, clock):
    report = reported(ana)
    client.force_login(ben)

    client.post(settle_url(report), {"verdict": "upheld", "answer": "已更正。"})

    report.refresh_from_db()
    assert (report.verdict, report.answer, report.settled_by, report.settled_at) == ("upheld", "已更正。", ben, NOON)
    assert [len(client.get(LIST, {"show": show}).context["rows"]) for show in ("open", "all")] == [0, 1]


def test_an_answer_without_words_is_refused_and_said(client, ana, ben):
    report = reported(ana)
    client.force_login(ben)

    page = client.post(settle_url(report), {"verdict": "upheld", "answer": ""}, follow=True)

    assert "请写一句答复" in page.content.decode()
    assert QuestionReport.objects.open().count() == 1


def test_inspectors_read_reports_and_only_writers_answer(client, ana, dan, ben, cleo, county):
    report = reported(ana)
    iris = give_role(UserFactory(username="iris"), Role.INSPECTOR, county)
    sent = {"verdict": "declined", "answer": "无误。"}

    read, answered = {}, {}
    for name, person in {"nobody": None, "ana": ana, "dan": dan, "iris": iris}.items():
        visitor = Client()
        if person:
            visitor.force_login(person)
        read[name] = visitor.get(LIST).status_code
        answered[name] = visitor.post(settle_url(report), sent).status_code

    assert read == {"nobody": 302, "ana": 302, "dan": 302, "iris": 200}
    assert set(answered.values()) <= {302, 403}
    assert QuestionReport.objects.open().count() == 1
    client.force_login(cleo)
    client.post(settle_url(report), sent)
    assert QuestionReport.objects.open().count() == 0


def test_answering_needs_the_token_of_the_page(ana, ben):
    report = reported(ana)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)

    response = strict.post(settle_url(report), {"verdict": "declined", "answer": "无误。"})

    assert (response.status_code, QuestionReport.objects.open().count()) == (403, 1)


@pytest.mark.once
def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(client, ana, ben):
    client.force_login(ben)
    reported(ana)
    one = queries_of(lambda: client.get(LIST))
    reported(ana, "第二题？")
    reported(ana, "第三题？")

    assert queries_of(lambda: client.get(LIST)) == one
