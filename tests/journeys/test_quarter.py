"""Three people through a quarter: evidence, computing, an objection, closing, and the files that leave the house."""

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from members.models import Division, User
from performance.domain.quarters import open_quarter
from performance.models import LedgerEntry, Quarter, Rating, Scorecard
from question_bank.enums import Kind
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.performance import OF_EXAMS, a_ledger_kind, a_rating_kind, a_scheme, administrator
from tests.journeys.conftest import Device, OpenDevice

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

INDICATORS = (
    {"title": "应知应会测试", "source": "exams", "weight": 50, "settings": OF_EXAMS},
    {
        "title": "正负清单",
        "source": "ledger",
        "weight": 30,
        "settings": {"base": "80", "positive_cap": None, "negative_cap": None, "kinds": []},
    },
    {"title": "乡镇评价", "source": "ratings", "weight": 20, "settings": {"kind": "township"}, "when_empty": "missing"},
)
OPINIONS: FilePayload = {
    "name": "乡镇评价.csv",
    "mimeType": "text/csv",
    "buffer": "工号,姓名,得分\nLX0001,安娜,90\n".encode("utf-8-sig"),
}


@pytest.fixture
def flo(county: Division) -> User:
    return administrator(county)


@pytest.fixture
def quarter(county: Division, ana: User, cleo: User, moment: datetime) -> Quarter:
    """The quarter of today with its scheme; Ana has sat a test in it, without a mistake."""
    today = timezone.localdate(moment)
    quarter = open_quarter(county, today.year, (today.month + 2) // 3, by=cleo, at=moment)
    a_ledger_kind(county, "Z1", 10, title="为群众解决难题")
    a_rating_kind(county)
    a_scheme(quarter, INDICATORS, by=cleo)
    began = moment - timedelta(hours=3)
    exam = published_exam(
        ana, by=cleo, at=began, opens_at=began, closes_at=moment - timedelta(minutes=30), division=county,
        blueprint__plan=((Kind.SINGLE, 2, 50),),
    )  # fmt: skip
    sat_attempt(exam, ana, at=began)
    return quarter


def send(page: Page) -> None:
    page.locator("main form[method=post] button:not([type=button])").last.click()


def step(desk: Device, quarter: Quarter, name: str) -> Page:
    page = desk.open(f"/admin/quarters/{quarter.uuid}/{name}/")
    send(page)
    return page


def test_a_quarter_from_its_evidence_to_its_files(
    browse: OpenDevice, ana: User, cleo: User, flo: User, quarter: Quarter, moment: datetime
) -> None:
    desk, second, phone = browse(cleo, desk=True), browse(flo, desk=True), browse(ana)

    # The office enters what was done, and a second person confirms it.
    page = desk.open("/admin/ledger/new/")
    page.get_by_role("link", name="为群众解决难题").click()
    page.locator("[name=person]").fill("LX0001")
    page.locator("[name=occurred_on]").fill(timezone.localdate(moment).isoformat())
    page.locator("[name=occurred_on]").press("Escape")
    page.locator("textarea[name=description]").fill("协调修复入户道路")
    send(page)
    expect(page.locator("main")).to_contain_text("协调修复入户道路")
    entry = LedgerEntry.objects.get()
    page = second.open(f"/admin/ledger/{entry.uuid}/")
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.locator("main")).to_contain_text("已确认")

    # Without the township's opinion the quarter is not shown to anybody, and the page says whose it is.
    page = step(desk, quarter, "compute")
    expect(page.locator("main")).to_contain_text("“乡镇评价”没有数据")
    expect(page.locator("main")).to_contain_text("LX0001")
    # Its opinions come as a file: what it would do is shown first, then it is done.
    page = desk.open(reverse("rating_sheets:add"))
    page.locator("#id_quarter").select_option(str(quarter.pk))
    page.locator("#id_kind").select_option(label="乡镇评价")
    page.locator("[name=file]").set_input_files(OPINIONS)
    send(page)
    expect(page.locator("main")).to_contain_text("安娜")
    assert not Rating.objects.exists()
    send(page)
    expect(page.locator("main")).to_contain_text("90")
    assert str(Rating.objects.in_force().get().score) == "90.00"
    page = step(desk, quarter, "compute")
    expect(page.locator("main")).not_to_contain_text("没有数据")
    page = step(desk, quarter, "publish")
    expect(page.locator("main")).to_contain_text("公示中")

    # Ana reads where her points come from, and objects.
    page = phone.open("/")
    page.locator("a[href*='/me/quarters/']").first.click()
    expect(page.locator("main")).to_contain_text("95 分")  # 50; 90 % of 30 = 27; 90 % of 20 = 18
    page.get_by_text("对“乡镇评价”提出异议").click()
    page.locator("details[open] textarea").fill("评价表上写的是 95 分")
    page.locator("details[open] button").click()
    expect(page.locator("main")).to_contain_text("评价表上写的是 95 分")

    # Somebody who did not publish decides.
    page = desk.open(f"/admin/quarters/{quarter.uuid}/objections/")
    page.locator("a[href*='/objections/']").last.click()
    expect(page.locator("[name=answer]")).to_have_count(0)
    page = second.open(f"/admin/quarters/{quarter.uuid}/objections/")
    page.locator("a[href*='/objections/']").last.click()
    page.locator("[name=accept][value=yes]").check()
    page.locator("[name=points]").fill("1")
    page.locator("[name=answer]").fill("录入有误，按评价表更正")
    send(page)
    assert Scorecard.objects.get(person=ana).total == 96
    page = phone.open("/me/quarters/")
    page.locator("main a[href*='/me/quarters/']").first.click()
    expect(page.locator("main")).to_contain_text("录入有误，按评价表更正")
    expect(page.locator("main")).to_contain_text("96 分")

    # When the term has ended the quarter is closed, and its workbook adds up.
    Quarter.objects.update(objections_until=moment - timedelta(minutes=1))
    page = step(desk, quarter, "close")
    expect(page.locator("main")).to_contain_text("已关闭")
    page = desk.open(f"/admin/quarters/{quarter.uuid}/reports/new/")
    page.locator("[name=reason]").fill("报县委组织部")
    send(page)
    with page.expect_download() as download:
        page.locator("a[href$='/file/']").first.click()
    book = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "LX0001" in cells
    assert any(cell.startswith("=SUM") for cell in cells)
