"""A trainer at a desk brings a table with mistakes and odd headings, mends it, takes it over, undoes it, and again."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from django.urls import reverse
from playwright.sync_api import Page, expect

from common.clock import now
from members.models import User
from question_bank.domain.batches import committing, reading
from question_bank.enums import BatchState
from question_bank.models import ImportBatch, Question
from tests.factories.question_bank import TopicFactory
from tests.journeys.conftest import OpenDevice

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

# Two columns are headed alike, and two as nobody would think.
ROWS = (
    ("类别说明", "题目", "题目", "选项A", "选项B", "标答"),
    ("单选题", "一", "入户核对由谁组织？", "驻村工作队", "村民委员会", "A"),
    ("判断题", "二", "台账每月更新一次。", "", "", "Y"),
    ("判断题", "三", "工作队可以不驻村。", "", "", "N"),
    ("单选题", "四", "哪一项没有写对？", "甲", "乙", "F"),
)
MEANINGS = ("kind", "number", "stem", "option_1", "option_2", "answer")


class Queue:
    """The worker beside the web server, which begins when the test says so."""

    def __init__(self, run: Callable[..., object]) -> None:
        self.run = run
        self.waiting: list[int] = []

    def enqueue(self, batch: int) -> None:
        self.waiting.append(batch)

    def work(self) -> None:
        while self.waiting:
            self.run(self.waiting.pop(), at=now())


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue(reading.read_batch)
    monkeypatch.setattr(reading, "read_in_background", queue)
    return queue


@pytest.fixture
def committer(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue(committing.run_commit)
    monkeypatch.setattr(committing, "commit_in_background", queue)
    return queue


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "各乡镇报来的题.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("汇总")
        for place, row in enumerate(ROWS):
            sheet.write_row(place, 0, row)
    return path


def bring(page: Page, table: Path) -> None:
    page.locator(f"main a[href='{reverse('question_files:add')}']").click()
    page.locator("[name=file]").set_input_files(table)
    page.locator("[name=topic]").select_option(label="01 入户核对")
    page.get_by_role("button", name="读取文件").click()
    expect(page.locator("[data-progress]")).to_contain_text("正在读取文件")


def test_trainer_mends_a_table_takes_it_over_undoes_it_and_takes_it_over_again(
    browse: OpenDevice, ben: User, table: Path, reader: Queue, committer: Queue
) -> None:
    TopicFactory.create(code="01", title="入户核对")
    page = browse(ben, desk=True).open(reverse("question_files:index"))
    expect(page.locator("main")).to_contain_text("还没有导入过文件")
    bring(page, table)
    reader.work()

    expect(page.locator("main")).to_contain_text("系统不作猜测")
    for place, meaning in enumerate(MEANINGS):
        page.locator(f"[name=column-0-{place}]").select_option(meaning)
    page.get_by_role("button", name="照此读取文件").click()
    reader.work()
    expect(page.locator(".chips")).to_contain_text("新增 3")
    page.locator(".chips").get_by_text("未能识别").click()
    expect(page.locator(".rows-of-file > li")).to_have_count(1)
    expect(page.locator(".rows-of-file .reason")).not_to_be_empty()
    expect(page.locator(".rows-of-file .meta")).to_contain_text("5")

    page.locator(".chips").get_by_text("新增").click()
    page.locator(".rows-of-file input[type=checkbox]").last.uncheck()
    page.get_by_role("button", name="保存勾选").click()
    page.get_by_role("button", name="将 2 道题入库").click()
    expect(page.locator("[data-progress]")).to_contain_text("试题正在入库")
    committer.work()
    expect(page.locator("main")).to_contain_text("此文件的 2 道题已作为草稿入库")
    assert sorted(Question.objects.values_list("stem", "statement_is_true", "live")) == [
        ("入户核对由谁组织？", None, False),
        ("台账每月更新一次。", True, False),
    ]

    page.get_by_role("link", name="撤销……").click()
    expect(page.locator("main")).to_contain_text("将删除此文件新增的 2 道题")
    page.get_by_role("button", name="撤销此文件").click()
    expect(page.locator("main")).to_contain_text("此文件已撤销")
    assert not Question.objects.exists()

    page.goto(page.url.partition("/admin/")[0] + reverse("question_files:index"))
    bring(page, table)
    reader.work()
    page.get_by_role("button", name="将 3 道题入库").click()
    committer.work()
    page.get_by_role("link", name="查看试题").first.click()
    expect(page.locator("#listing-results")).to_contain_text("工作队可以不驻村。")
    states = list(ImportBatch.objects.order_by("pk").values_list("state", flat=True))
    assert (states, Question.objects.count()) == ([BatchState.UNDONE, BatchState.COMMITTED], 3)
