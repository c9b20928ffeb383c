"""A member on a phone: from signing in to the receipt, and to the result when the office has released it."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from common.clock import now
from exams.domain.marking import claim_next_answer, give_mark
from exams.domain.steering import close_exam, release_results
from exams.models import Attempt, Exam
from members.models import User
from question_bank.enums import Kind
from tests.factories.exams import sat_attempt
from tests.factories.members import PASSWORD
from tests.journeys.conftest import ALL_KINDS, OpenDevice, open_exam
from tests.journeys.sheet import Sheet, keys, kinds, stored

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

RECEIPT = re.compile(r"YZ-\d\dQ[1-4]-[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_member_sits_a_test_from_sign_in_to_receipt(browse: OpenDevice, ana: User, exam: Exam) -> None:
    page = browse(is_mobile=True, has_touch=True).open("/")
    page.get_by_label("手机号或工号").fill(ana.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("有一场测试可以参加")
    expect(page.locator(".facts")).to_contain_text("20")
    page.get_by_role("link", name="看规则，准备开始").click()
    expect(page.locator("h1")).to_have_text(exam.title)
    expect(page.get_by_role("heading", name="开始之前，请看规则")).to_be_visible()
    page.get_by_role("button", name="开始答题").click()

    sheet = Sheet(page)
    attempt = Attempt.objects.get(candidate__person=ana)
    answers, kind_of = keys(attempt), kinds(attempt)
    left_open, flagged = next(number for number in kind_of if kind_of[number] == Kind.FILL), 1
    for number, answer in answers.items():
        sheet.go(number)
        if number != left_open:
            sheet.give(number, answer)
    sheet.go(flagged).locator(".flag").click()
    sheet.saved()
    page.locator("[data-open-card]").click()

    expected = ["unanswered" if number == left_open else "answered" for number in answers]
    expected[flagged - 1] += " flagged"
    assert sheet.states() == expected
    expect(sheet.card).to_contain_text("还有 1 题未作答")
    expect(sheet.card).to_contain_text(f"第 {left_open} 题空着")
    page.get_by_role("button", name="不补了，现在交卷").click()
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
    attempt.refresh_from_db()
    assert RECEIPT.fullmatch(attempt.receipt or "")
    expect(page.locator(".receipt code")).to_have_text(str(attempt.receipt))
    assert stored(attempt) == {number: answer for number, answer in answers.items() if number != left_open}


def test_member_reads_the_result_after_release(
    browse: OpenDevice, ana: User, ben: User, cleo: User, moment: datetime
) -> None:
    exam = open_exam(ana, at=moment, plan=ALL_KINDS, division=cleo.role_assignments.get().division)
    attempt = sat_attempt(exam, ana, right=3, at=moment - timedelta(minutes=30))
    page = browse(ana, is_mobile=True, has_touch=True).open(f"/attempts/{attempt.uuid}/")
    expect(page.locator(".score-figure, .review")).to_have_count(0)
    close_exam(exam, by=cleo, at=now())
    pending = claim_next_answer(exam, by=ben, at=now())
    assert pending
    give_mark(pending, points=Decimal(15), reason="", by=ben, at=now())
    release_results(exam, by=cleo, at=now())

    page.goto(page.url.replace(f"/attempts/{attempt.uuid}/", "/"))
    expect(page.locator("h1")).to_contain_text("成绩")
    page.locator("main a.button").first.click()

    expect(page.locator(".score-figure")).to_contain_text("75")
    expect(page.get_by_role("img", name="合格")).to_be_visible()
    expect(page.locator(".review > li")).to_have_count(2)
    page.get_by_role("link", name="全部 5").click()
    expect(page.locator(".review > li")).to_have_count(5)
    expect(page.locator(".review > li").first).to_contain_text("依据条文。")
    expect(page.locator(".review > li").first).to_contain_text("某办法第一条")
