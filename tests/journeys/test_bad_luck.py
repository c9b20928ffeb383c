"""What goes wrong in a village: nothing that was acknowledged is lost, and the page says what happens."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from playwright.sync_api import Page, Route, expect

from common.clock import now
from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Exam
from members.models import User
from tests.factories.exams import opened_attempt
from tests.factories.members import PASSWORD
from tests.journeys.conftest import TWO_CHOICES, OpenDevice, open_exam
from tests.journeys.sheet import Sheet, stored

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exam(ana: User, moment: datetime) -> Exam:
    return open_exam(ana, at=moment, plan=TWO_CHOICES)


@pytest.fixture
def attempt(exam: Exam, ana: User) -> Attempt:
    return opened_attempt(exam, ana, at=now())


def path(attempt: Attempt) -> str:
    return f"/attempts/{attempt.uuid}/"


def test_reload_and_second_tab_show_what_was_saved(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    phone = browse(ana)
    sheet = Sheet(phone.open(path(attempt)))
    answer = sheet.choice(1, 2)
    sheet.give(1, answer)
    sheet.saved()

    sheet.page.reload()
    second = Sheet(phone.open(path(attempt)))

    assert [sheet.given(1), second.given(1), stored(attempt)] == [answer, answer, {1: answer}]


def test_another_phone_goes_on_where_the_closed_browser_stopped(
    browse: OpenDevice, ana: User, attempt: Attempt
) -> None:
    first = browse(ana)
    sheet = Sheet(first.open(path(attempt)))
    answer = sheet.choice(1, 1)
    sheet.give(1, answer)
    sheet.saved()
    first.context.close()

    page = browse().open("/")
    sign_in(page, ana)
    expect(page.locator("h1")).to_have_text("有一场测试还没交卷")
    page.get_by_role("link", name="继续答题").click()

    assert Sheet(page).given(1) == answer


def test_the_newer_of_two_devices_wins_and_the_older_is_told(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    phone = browse(ana)
    older, newer = Sheet(phone.open(path(attempt))), Sheet(browse(ana).open(path(attempt)))
    phone.context.set_offline(True)
    older.give(1, older.choice(1, 0))
    expect(older.save_state).to_have_attribute("data-state", "offline")
    answer = newer.choice(1, 3)
    newer.give(1, answer)
    newer.saved()

    phone.context.set_offline(False)

    expect(older.toast).to_contain_text("第 1 题在另一台设备上改过")
    assert [older.given(1), stored(attempt)] == [answer, {1: answer}]


def test_answers_wait_on_the_phone_while_the_network_is_away(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    phone = browse(ana)
    sheet = Sheet(phone.open(path(attempt)))
    first, second = sheet.choice(1, 0), sheet.choice(2, 1)
    phone.context.set_offline(True)
    sheet.give(1, first)
    sheet.go(2)
    sheet.give(2, second)
    expect(sheet.save_state).to_contain_text("网络断了，连上会自动补传，还有 2 题未上传")
    sheet.page.locator("[data-open-card]").click()
    sheet.card.locator("[data-hand-in-button]").click()
    expect(sheet.card.locator("[data-hand-in-problem]")).to_contain_text("等网络恢复再交卷")
    assert stored(attempt) == {}

    phone.context.set_offline(False)

    sheet.saved()
    assert stored(attempt) == {1: first, 2: second}


def test_a_page_closed_without_network_sends_when_it_is_opened_again(
    browse: OpenDevice, ana: User, attempt: Attempt
) -> None:
    phone = browse(ana)
    sheet = Sheet(phone.open(path(attempt)))
    answer = sheet.choice(1, 2)
    phone.context.set_offline(True)
    sheet.give(1, answer)
    expect(sheet.save_state).to_have_attribute("data-state", "offline")
    # A closing page is let go of a moment before it ends: an attempt to send in that moment would get through.
    sheet.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    sheet.page.close()
    phone.context.set_offline(False)

    again = Sheet(phone.open(path(attempt)))

    expect(again.toast).to_contain_text("找到这台设备上未上传的 1 题答案")
    again.saved()
    assert [again.given(1), stored(attempt)] == [answer, {1: answer}]


def test_a_server_without_its_database_is_said_and_tried_again(
    browse: OpenDevice, ana: User, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Sheet(browse(ana).open(path(attempt)))
    answer = sheet.choice(1, 2)
    with monkeypatch.context() as broken:
        for way in ("saving", "attempts"):
            broken.setattr(f"exams.rest.{way}.save_answers", without_database)
        sheet.give(1, answer)
        expect(sheet.save_state).to_contain_text("服务器暂时没有回应，会自动补传，还有 1 题未上传")
        assert stored(attempt) == {}

    sheet.saved()

    assert stored(attempt) == {1: answer}


def without_database(*args: object, **kwargs: object) -> None:
    raise OperationalError("connection refused")


def test_a_lost_acknowledgement_does_no_harm(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    sheet = Sheet(browse(ana).open(path(attempt)))
    answer = sheet.choice(1, 2)
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    sheet.page.route("**/responses/", lose_first)
    sheet.give(1, answer)

    sheet.saved()
    assert [lost, stored(attempt)] == [[200], {1: answer}]


def test_the_end_of_the_time_hands_in_by_itself(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=now() + timedelta(seconds=6))
    sheet = Sheet(browse(ana).open(path(attempt)))
    answer = sheet.choice(1, 2)
    sheet.give(1, answer)
    sheet.saved()

    expect(sheet.page.get_by_role("heading", name="已交卷")).to_be_visible(timeout=20_000)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.hand_in, stored(attempt)) == (AttemptState.MARKED, HandIn.TIME, {1: answer})
    expect(sheet.page.locator(".receipt code")).to_have_text(str(attempt.receipt))


def test_signing_out_elsewhere_ends_the_right_of_the_page(browse: OpenDevice, ana: User, attempt: Attempt) -> None:
    phone = browse(ana)
    sheet = Sheet(phone.open(path(attempt)))
    other = phone.open("/me/")
    other.locator("[data-sign-out] button").click()
    expect(other.locator("[name=password]")).to_be_visible()
    answer = sheet.choice(1, 1)
    sheet.give(1, answer)
    expect(sheet.save_state).to_contain_text("请重新登录，1 题的答案存在这台设备上")
    assert stored(attempt) == {}

    sheet.page.on("dialog", lambda dialog: dialog.accept())
    sheet.save_state.get_by_role("link", name="登录").click()
    sign_in(sheet.page, ana)

    sheet.saved()
    assert [sheet.given(1), stored(attempt)] == [answer, {1: answer}]


def sign_in(page: Page, person: User) -> None:
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
