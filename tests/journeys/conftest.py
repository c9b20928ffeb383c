"""A real browser in the hands of the cast. Times are real here: the page's clock follows the server's."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from common.clock import now
from exams.enums import ReleaseRule
from exams.models import Exam
from members.models import User
from question_bank.enums import Kind
from tests.factories.exams import published_exam
from tests.support.browser import DESK, PHONE, launch_arguments

# Playwright runs a loop in this thread; the rows a journey begins with are still written the ordinary way.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ALL_KINDS = tuple((kind, 1, 20) for kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT))
TWO_CHOICES = ((Kind.SINGLE, 2, 50),)
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
# What Chromium itself writes when a request fails on purpose.
OF_THE_NETWORK = "Failed to load resource"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_arguments()


@pytest.fixture(scope="session")
def base_url() -> None:
    """The plugin's own is written in a way that pytest warns of; journeys name the live server themselves."""


@dataclass
class Device:
    """One browser on one device, with what its pages complained about and what they were sent."""

    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(self.address + path)
        return page

    def receive(self, response: Response) -> None:
        self.responses.append(response)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and OF_THE_NETWORK not in message.text:
            self.complaints.append(message.text)


OpenDevice = Callable[..., Device]


@pytest.fixture
def browse(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Iterator[OpenDevice]:
    """``browse(ana)`` is Ana's phone, signed in; ``desk=True`` a screen. No page of any of them may complain."""
    devices: list[Device] = []

    def open_device(person: User | None = None, *, desk: bool = False, **options: Any) -> Device:
        context = new_context(viewport=DESK if desk else PHONE, locale="zh-CN", reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        opened = Device(context, live_server.url)
        context.on("console", opened.hear)
        context.on("weberror", lambda error: opened.complaints.append(str(error.error)))
        context.on("response", opened.receive)
        if person:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_server.url}]
            )
        devices.append(opened)
        return opened

    yield open_device
    assert [complaint for opened in devices for complaint in opened.complaints] == []


def session_of(person: User) -> str:
    """Signing in by the form has a journey of its own; the others begin behind it."""
    client = Client()
    client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def moment(transactional_db: None) -> datetime:
    return now()


@pytest.fixture
def exam(ana: User, moment: datetime) -> Exam:
    """A short test of all five kinds that Ana may sit now; its result is released by the office."""
    return open_exam(ana, at=moment)


def open_exam(*people: User, at: datetime, plan: Any = ALL_KINDS, **fields: Any) -> Exam:
    fields = {"release_rule": ReleaseRule.BY_HAND, "minutes": 20, **fields}
    return published_exam(
        *people,
        at=at - timedelta(hours=1),
        opens_at=at - timedelta(hours=1),
        closes_at=at + timedelta(hours=5),
        blueprint__plan=plan,
        **fields,
    )
