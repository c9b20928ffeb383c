"""What is to be published at a time is published then, once another person has approved it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from cms.management.commands import tend_pages
from cms.models import BasePage, NoticePage
from common.clock import now
from members.enums import Role
from members.models import Division, User
from tests.conftest import Clock
from tests.factories.cms import a_notice
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db


def approved(writer: User, reviewer: User, **times: Any) -> NoticePage:
    notice = NoticePage.objects.get(pk=a_notice("旧标题").pk)
    notice.title = "新标题"
    for field, value in times.items():
        setattr(notice, field, value)
    notice.save_revision(user=writer)
    notice.get_workflow().start(notice, writer)
    notice.refresh_from_db()
    notice.current_workflow_task.on_action(notice.current_workflow_task_state, reviewer, "approve")
    return notice


def shown(notice: NoticePage) -> tuple[str, bool]:
    call_command("tend_pages")
    found = BasePage.objects.get(pk=notice.pk)
    return found.title, found.live


def test_an_approved_page_goes_live_at_its_time_and_not_before(ben: User, county: Division, clock: Clock) -> None:
    second = give_role(UserFactory(username="second"), Role.TRAINER, county)
    notice = approved(ben, second, go_live_at=now() + timedelta(hours=2))

    before = shown(notice)
    clock.forward(hours=3)

    assert (before, shown(notice)) == (("旧标题", True), ("新标题", True))


def test_a_page_is_taken_back_when_its_time_is_over(ben: User, county: Division, clock: Clock) -> None:
    second = give_role(UserFactory(username="second"), Role.TRAINER, county)
    notice = approved(ben, second, expire_at=now() + timedelta(hours=2))

    before = shown(notice)
    clock.forward(hours=3)

    assert (before, shown(notice)) == (("新标题", True), ("新标题", False))


def test_what_nobody_approved_stays_as_it_was(ben: User, clock: Clock) -> None:
    notice = NoticePage.objects.get(pk=a_notice("旧标题").pk)
    notice.title, notice.go_live_at = "新标题", now() + timedelta(hours=2)
    notice.save_revision(user=ben)
    clock.forward(hours=3)

    assert shown(notice) == ("旧标题", True)


def test_the_timer_outlives_a_page_that_cannot_be_published(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    rounds: list[str] = []

    def fail(*_args: Any, **_options: Any) -> None:
        rounds.append("tried")
        raise ValueError("no slug")

    def sleep(_seconds: int) -> None:
        if len(rounds) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(tend_pages, "call_command", fail)
    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setattr("common.timers.connection.close", lambda: None)

    with pytest.raises(KeyboardInterrupt):
        call_command("tend_pages", every=1)

    assert rounds == ["tried", "tried"]
    assert "no slug" in capsys.readouterr().err
