"""What there is to read anew, among the next steps."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from cms.domain.news import reading_steps
from cms.domain.reading import mark_read
from cms.models import BasePage
from common.clock import now
from members.models import Division, User
from tests.conftest import Clock
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of, rewrite

pytestmark = pytest.mark.django_db
LATER = timedelta(days=15)


def told(person: User, *, at: datetime) -> list[tuple[str, str, str]]:
    return [(step.title, step.detail, step.url) for step in reading_steps(person, at=at)]


def test_an_empty_library_asks_for_nothing(ana: User) -> None:
    assert told(ana, at=now()) == []


def test_a_new_notice_is_named_and_several_are_counted_for_two_weeks(
    ana: User, dan: User, township: Division, clock: Clock
) -> None:
    notice = a_notice("开会通知", division=township)
    about = "近两周发布的工作提示"

    assert told(ana, at=now()) == [("开会通知", about, notice.url)]
    assert told(dan, at=now()) == []
    a_notice("请假通知")
    assert told(ana, at=now()) == [("2 期新的工作提示", about, "/notices/")]
    assert told(ana, at=now() + LATER) == []


def test_a_notice_is_told_until_it_is_read_and_again_when_it_changes(ana: User, clock: Clock) -> None:
    notice = a_notice("开会通知")
    mark_read(notice, by=ana, at=now())
    after_reading = told(ana, at=now())

    notice.issue = "2026年第2期"
    notice.save_revision().publish()

    assert after_reading == []
    assert told(ana, at=now() + LATER) == [("开会通知", "你读过以后有改动", notice.url)]


def test_what_changed_since_it_was_read_is_told_until_it_is_read_again(ana: User, dan: User, clock: Clock) -> None:
    entry = entry_of(a_handbook(an_entry("驻村天数")))
    mark_read(entry, by=ana, at=now())
    at = now() + LATER
    assert told(ana, at=at) == []

    entry = rewrite(entry, "二百四十天。")

    assert told(ana, at=at) == [("驻村天数", "你读过后有改动：1 条；新增：0 条", f"/e/{entry.pk}/")]
    assert told(dan, at=at) == []
    mark_read(entry, by=ana, at=at)
    assert told(ana, at=at) == []


def test_new_entries_are_counted_without_what_was_read_or_has_expired_or_is_for_others(
    ana: User, other_township: Division, clock: Clock
) -> None:
    yesterday = now().date() - timedelta(days=1)
    handbook = a_handbook(an_entry("一"), an_entry("二"), an_entry("三"), an_entry("旧", valid_to=yesterday))
    a_handbook(an_entry("别处"), title="柳河手册", division=other_township)
    mark_read(entry_of(handbook), by=ana, at=now())

    assert told(ana, at=now()) == [("手册有更新", "你读过后有改动：0 条；新增：2 条", "/handbooks/")]


def test_a_whole_new_book_is_told_without_counting_it_out(ana: User, clock: Clock) -> None:
    a_handbook(*(an_entry(f"第{n}条") for n in range(51)))

    assert told(ana, at=now()) == [("手册有更新", "你读过后有改动：0 条；新增：50+ 条", "/handbooks/")]


def test_the_first_page_asks_as_often_for_three_of_each_as_for_one(ana: User, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(ana)

    def asked() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    def add(name: str) -> None:
        a_notice(name)
        entry = entry_of(a_handbook(an_entry("读过"), an_entry("没读"), title=name))
        mark_read(entry, by=ana, at=now())
        rewrite(entry, "改了。")

    add("一")
    once = asked()
    add("二")
    add("三")

    assert asked() == once
    assert BasePage.objects.filter(title="三").exists()
