"""An administrator of the county at 1280 × 900: from the blueprint to the scores and the retake."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import localtime
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect

from common.clock import now
from exams.domain import publishing
from exams.enums import Audience, ExamState, ReleaseRule
from exams.models import Blueprint, Exam
from members.models import Division, User
from question_bank.enums import Kind
from tests.factories.exams import BlueprintFactory, ExamFactory, opened_attempt, publish, sat_attempt
from tests.factories.members import PostingFactory, TeamFactory, UserFactory
from tests.factories.question_bank import QuestionFactory, TopicFactory, published
from tests.journeys.conftest import OpenDevice

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PLAN = ((Kind.SINGLE, 1, 60), (Kind.SHORT, 1, 40))
# Cutting the fonts of a PDF the first time takes a while.
FIRST_PDF_MS = 90_000


class Worker:
    """The worker beside the web server, which begins when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[int] = []

    def enqueue(self, publication: int) -> None:
        self.waiting.append(publication)

    def work(self) -> None:
        while self.waiting:
            publishing.run_publication(self.waiting.pop(), at=now())


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()
    monkeypatch.setattr(publishing, "publish_in_background", worker)
    return worker


@pytest.fixture
def roster(ana: User, dan: User) -> list[User]:
    """Four people in 青石镇, two in 柳河镇."""
    villages = {code: Division.objects.get(code=code) for code in ("530999101201", "530999102201")}
    others = [UserFactory.create() for _person in range(4)]
    for person, code in zip(others, ["530999101201"] * 3 + ["530999102201"], strict=True):
        PostingFactory.create(person=person, team=TeamFactory.create(division=villages[code]))
    return [ana, dan, *others]


def test_administrator_is_told_which_row_is_short_and_mends_it(
    browse: OpenDevice, cleo: User, county: Division
) -> None:
    topic = TopicFactory.create(code="01", title="入户核对")
    for question in QuestionFactory.create_batch(3, topic=topic):
        published(question)
    page = browse(cleo, desk=True).open(reverse("blueprints:add"))
    page.locator("[name=title]").fill("抽查三题")
    page.locator("[name=division]").select_option(str(county.pk))
    page.locator("[name=rows-0-topic]").select_option(str(topic.pk))
    page.locator("[name=rows-0-kind]").select_option(Kind.SINGLE)
    page.locator("[name=rows-0-count]").fill("5")
    page.locator("[name=rows-0-points_each]").fill("20")
    expect(page.locator("[data-totals]")).to_contain_text("100")
    save(page)
    expect(page.locator("main")).to_contain_text("第 1 行还缺 2 题：符合条件的已发布试题有 3 道。")
    assert not Blueprint.objects.exists()

    page.locator("[name=rows-0-count]").fill("3")
    save(page)

    expect(page).to_have_url(re.compile(re.escape(reverse("blueprints:index")) + "$"))
    assert [(row.topic, row.kind, row.count) for row in Blueprint.objects.get().rows.all()] == [(topic, Kind.SINGLE, 3)]


def test_administrator_draws_by_township_and_publishes(
    browse: OpenDevice, cleo: User, county: Division, roster: list[User], worker: Worker, moment: datetime
) -> None:
    blueprint = BlueprintFactory.create(division=county, plan=PLAN)
    desk = browse(cleo, desk=True)
    page = desk.open(reverse("exams_staff:add"))
    page.locator("[name=title]").fill("十一月抽查")
    page.locator("[name=division]").select_option(str(county.pk))
    page.locator("[name=blueprint]").select_option(str(blueprint.pk))
    fill_time(page, "opens_at", moment - timedelta(minutes=5))
    fill_time(page, "closes_at", moment + timedelta(hours=3))
    page.locator("[name=minutes]").fill("20")
    page.locator(f"[name=audience][value={Audience.DRAW}]").check()
    page.locator("[name=draw_count]").fill("3")
    page.locator("[name=draw_by_township]").check()
    page.locator("[name=release_rule]").select_option(ReleaseRule.BY_HAND)
    save(page)
    exam = Exam.objects.get()
    page.goto(f"{desk.address}/admin/exams/{exam.uuid}/")

    page.get_by_role("link", name="抽签").click()
    expect(page.locator("main")).to_contain_text("3")
    page.get_by_role("button", name="现在抽签").click()
    expect(page.locator("main")).to_contain_text("抽签公开记录")
    drawn = exam.draws.get().record["drawn"]
    public = browse(desk=True).open(f"/draws/{exam.draws.get().uuid}/")
    expect(public.locator("main")).to_contain_text("刚刚重算：结果一致")
    assert public.locator("tbody tr").all_inner_texts() == ["青石镇\t4\t2", "柳河镇\t2\t1"]
    assert public.locator("ol > li").all_inner_texts() == drawn

    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_role("button", name="发布并组卷").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator("[data-progress]")).to_contain_text("3")
    worker.work()
    expect(page.locator(".board tfoot td").first).to_have_text("3")
    exam.refresh_from_db()
    assert (exam.state, sorted(exam.candidates.values_list("person__code", flat=True))) == (
        ExamState.PUBLISHED,
        sorted(drawn),
    )


def test_administrator_watches_closes_marks_releases_exports_and_plans_a_retake(
    browse: OpenDevice, cleo: User, county: Division, roster: list[User], moment: datetime
) -> None:
    exam = ExamFactory.create(
        title="十一月抽查", division=county, blueprint__plan=PLAN, people=roster[:3], release_rule=ReleaseRule.BY_HAND,
        opens_at=moment - timedelta(hours=1), closes_at=moment + timedelta(hours=3),
    )  # fmt: skip
    publish(exam, by=cleo, at=moment - timedelta(hours=1))
    page = browse(cleo, desk=True).open(f"/admin/exams/{exam.uuid}/")
    expect(page.locator(".board tfoot")).to_have_text(figures(3, 0, 0, 3))
    sat_attempt(exam, roster[0], at=moment - timedelta(minutes=20))
    opened_attempt(exam, roster[1], at=now())
    expect(page.locator(".board tfoot")).to_have_text(figures(3, 2, 1, 1))

    page.get_by_role("link", name="结束考试").click()
    page.get_by_role("button", name="现在结束").click()
    expect(page.locator(".board tfoot")).to_have_text(figures(3, 2, 2, 1))
    page.locator(".lead-step a").click()
    page.get_by_role("button", name="开始阅卷").click()
    page.locator("[name=points]").fill("30")
    page.get_by_role("button", name="保存，下一份").click()
    page.goto(page.url.split("/admin/")[0] + f"/admin/exams/{exam.uuid}/")
    page.get_by_role("link", name="公布成绩").click()
    page.get_by_role("button", name="现在公布").click()
    expect(page.locator("main")).to_contain_text("成绩已公布")

    page.get_by_role("link", name="查看成绩").first.click()
    expect(page.locator("table.scores, .listing.scores")).to_contain_text("90")
    page.get_by_role("link", name="导出").first.click()
    sheet = load_workbook(BytesIO(export(page, "xlsx").read_bytes()))
    assert len(sheet.sheetnames) >= 2
    cells = [cell.value for row in sheet[sheet.sheetnames[0]].iter_rows() for cell in row]
    assert {roster[0].name, roster[1].name, roster[2].name, 90} <= set(cells)
    assert export(page, "pdf").read_bytes().startswith(b"%PDF-")

    page.goto(page.url.split("/admin/")[0] + f"/admin/exams/{exam.uuid}/")
    page.get_by_role("link", name="安排补测").click()
    expect(page.locator("main")).to_contain_text("1")
    fill_time(page, "opens_at", moment + timedelta(days=1))
    fill_time(page, "closes_at", moment + timedelta(days=2))
    # By keyboard: a calendar opens a moment late, and who types this fast has it over the button.
    page.get_by_role("button", name="建立补测").press("Enter")
    expect(page.locator("body")).to_contain_text("补测已建立")
    retake = Exam.objects.get(retake_of=exam)
    assert (retake.state, set(retake.audience_people.all())) == (ExamState.DRAFT, {roster[1], roster[2]})


def save(page: Page) -> None:
    page.locator("footer button[type=submit], button[type=submit].action-save").first.click()


def fill_time(page: Page, name: str, moment: datetime) -> None:
    """Typed as the field wants it; leaving the field puts the calendar away."""
    field = page.locator(f"[name={name}]")
    field.fill(f"{localtime(moment):%Y-%m-%d %H:%M}")
    field.press("Tab")


def figures(*numbers: int) -> re.Pattern[str]:
    """The last row of the board: expected, started, handed in, not arrived."""
    return re.compile(r"^\D+" + r"\s+".join(str(number) for number in numbers) + r"\s*$")


def export(page: Page, kind: str) -> Path:
    page.locator(f"[name=format][value={kind}]").check()
    page.locator("[name=reason]").fill("报县委组织部")
    with page.expect_download(timeout=FIRST_PDF_MS) as started:
        page.get_by_role("button", name="生成文件").click()
    download: Download = started.value
    return download.path()
