"""A whole sitting with Tab, Space, Enter and the arrows."""

import pytest
from playwright.sync_api import Locator, Page, expect

from exams.models import Attempt, Exam
from members.models import User
from question_bank.enums import Kind
from tests.factories.members import PASSWORD
from tests.journeys.conftest import OpenDevice
from tests.journeys.sheet import Sheet, kinds, stored

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

FARTHEST = 30


def tab_to(page: Page, target: Locator) -> None:
    for _press in range(FARTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("place => place === document.activeElement"):
            return
    raise AssertionError(f"Tab does not come to {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def test_the_keyboard_alone_is_enough(browse: OpenDevice, ana: User, exam: Exam) -> None:
    page = browse(desk=True).open("/")
    tab_to(page, page.locator("[name=username]"))
    page.keyboard.type(ana.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="看规则，准备开始"))
    press(page, page.get_by_role("button", name="开始答题"))
    expect(page.locator("[data-taking]")).to_be_visible()

    sheet = Sheet(page)
    attempt = Attempt.objects.get(candidate__person=ana)
    expected = {number: answer_by_keyboard(sheet, number, kind) for number, kind in kinds(attempt).items()}
    sheet.saved()
    expect(sheet.card).to_be_visible()
    press(page, sheet.card.locator("[data-hand-in-button]"))
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()

    assert stored(attempt) == expected


def answer_by_keyboard(sheet: Sheet, number: int, kind: str) -> dict[str, list[str] | str]:
    """Answer the shown question and go on; what was answered."""
    page, question = sheet.page, sheet.question(number)
    expect(question).to_be_visible()
    fields = question.locator("input:not([name^=flag]), textarea")
    match kind:
        case Kind.MULTIPLE:
            press(page, fields.nth(0), "Space")
            press(page, fields.nth(2), "Space")
        case Kind.SINGLE | Kind.TRUE_FALSE:
            press(page, fields.first, "Space")
            page.keyboard.press("ArrowDown")
        case Kind.FILL:
            for place in range(fields.count()):
                tab_to(page, fields.nth(place))
                page.keyboard.type(f"blank {place}")
        case Kind.SHORT:
            tab_to(page, fields.first)
            page.keyboard.type("two points")
    given = sheet.given(number)
    press(page, page.locator("[data-next]"))
    return given
