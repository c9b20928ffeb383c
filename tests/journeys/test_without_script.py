"""The same test as one plain form: an old phone, a cautious browser, a script that did not arrive."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from exams.models import Attempt, Exam
from members.models import User
from tests.factories.exams import opened_attempt
from tests.factories.members import PASSWORD
from tests.journeys.conftest import TWO_CHOICES, OpenDevice, open_exam
from tests.journeys.sheet import Sheet, keys, stored

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_member_sits_a_test_without_javascript(browse: OpenDevice, ana: User, exam: Exam) -> None:
    page = browse(java_script_enabled=False).open("/")
    page.locator("[name=username]").fill(ana.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("main a.button").first.click()
    page.get_by_role("button", name="开始答题").click()

    sheet = Sheet(page)
    attempt = Attempt.objects.get(candidate__person=ana)
    answers = keys(attempt)
    missing = max(answers)
    for number in answers:
        if number != missing:
            sheet.give(number, answers[number])
    sheet.question(1).locator(".flag").click()
    press(page, "save")
    expect(page.locator(".messages")).to_contain_text("已保存")
    press(page, "check")

    expect(page.locator("main")).to_contain_text("还有 1 题未作答")
    expect(page.locator("main")).to_contain_text(f"第 {missing} 题空着")
    expect(page.locator(".square[href]").first).to_have_attribute("data-state", "answered flagged")
    press(page, "hand_in")
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
    attempt.refresh_from_db()
    expect(page.locator(".receipt code")).to_have_text(str(attempt.receipt))
    assert stored(attempt) | {missing: {}} == answers | {missing: {}}


def test_the_later_form_does_not_overwrite_a_newer_answer(browse: OpenDevice, ana: User, moment: datetime) -> None:
    attempt = opened_attempt(open_exam(ana, at=moment, plan=TWO_CHOICES), ana, at=moment)
    path = f"/attempts/{attempt.uuid}/"
    older, newer = (Sheet(browse(ana, java_script_enabled=False).open(path)) for _device in range(2))
    theirs, mine = newer.choice(1, 3), older.choice(2, 0)
    newer.give(1, theirs)
    press(newer.page, "save")
    older.give(1, older.choice(1, 0))
    older.give(2, mine)

    press(older.page, "save")

    expect(older.page.locator(".messages")).to_contain_text("第 1 题在另一台设备上改过，保留那边较新的答案")
    assert [older.given(1), stored(attempt)] == [theirs, {1: theirs, 2: mine}]


def press(page: Page, action: str) -> None:
    page.locator(f"button[name=action][value={action}]:visible").first.click()
