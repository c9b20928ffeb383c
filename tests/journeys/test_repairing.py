"""A wrong key: one administrator proposes, another approves, the member sees what changed."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common.clock import now
from exams.domain import repairing
from exams.enums import MarkSource
from exams.models import Attempt, KeyRepair
from members.models import Division, User
from question_bank.enums import Kind
from tests.factories.exams import published_exam
from tests.factories.repairs import answered, asked_version, number_of, other_key, second_administrator
from tests.journeys.conftest import OpenDevice

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]


class Worker:
    """The worker beside the web server, which begins when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[int] = []

    def enqueue(self, repair: int) -> None:
        self.waiting.append(repair)

    def work(self) -> None:
        while self.waiting:
            repairing.carry_out(self.waiting.pop(), at=now())


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()
    monkeypatch.setattr(repairing, "carry_out_in_background", worker)
    return worker


def test_two_administrators_repair_a_key_and_the_member_sees_it(
    browse: OpenDevice, ana: User, dan: User, cleo: User, county: Division, worker: Worker, moment: datetime
) -> None:
    began = moment - timedelta(hours=5)
    exam = published_exam(
        ana, dan, by=cleo, at=began, opens_at=began, closes_at=moment - timedelta(hours=1),
        blueprint__plan=((Kind.SINGLE, 2, 50),),
    )  # fmt: skip
    version = asked_version(exam)
    at = began + timedelta(minutes=5)
    attempt = answered(exam, ana, {version.pk: other_key(version)}, at=at)
    answered(exam, dan, {version.pk: version.key}, at=at)
    (right,) = other_key(version)["options"]
    flo = second_administrator(county)

    desk = browse(cleo, desk=True)
    page = desk.open(reverse("exams_attempts:attempt", args=[attempt.uuid]))
    question = page.locator(f"#question-{number_of(attempt, version)}")
    question.locator("summary").click()
    question.get_by_role("link", name="去勘误").click()
    page.locator(f"[name=options][value='{right}']").check()
    page.locator("[name=reason]").fill("与县级文件第二条不符")
    page.get_by_role("button", name="查看影响范围").click()
    expect(page.locator("#preview")).to_contain_text("0 → 50")
    expect(page.locator("#preview")).to_contain_text(ana.name)
    assert not KeyRepair.objects.exists()
    page.get_by_role("button", name="提出勘误").click()
    expect(page.locator("main")).to_contain_text("另一名管理员审批")
    expect(page.get_by_role("button", name="批准并调整成绩")).to_have_count(0)

    second = browse(flo, desk=True)
    page = second.open(reverse("exams_repairs:index"))
    page.locator(".tasks a").click()
    expect(page.locator(".board")).to_contain_text("50 → 0")
    page.get_by_role("button", name="批准并调整成绩").click()
    expect(page.locator("main")).to_contain_text("已批准")
    worker.work()
    page.reload()
    expect(page.locator("main")).to_contain_text("已办结")

    phone = browse(ana)
    page = phone.open("/")
    expect(page.locator("main")).to_contain_text("您有一次考试成绩有变化")
    page.get_by_role("link", name="查看变化").first.click()
    expect(page.locator("main")).to_contain_text("得分由 0 变为 50")
    expect(page.locator("main")).to_contain_text("与县级文件第二条不符")
    page.goto(page.url + "?show=all")
    expect(page.locator("#review")).to_contain_text(re.compile(r"本题得分：0 → 50"))
    page.goto(phone.address + "/")
    expect(page.locator("main")).not_to_contain_text("您有一次考试成绩有变化")
    assert Attempt.objects.get(pk=attempt.pk).score == 50
    assert attempt.marks.filter(source=MarkSource.REPAIRED).get().actor == flo
