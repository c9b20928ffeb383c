"""The signed webhook, against a real server."""

import base64
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from common.channels import GiveUp, Letter, TryAgain
from common.webhooks import WebhookChannel, key_of, signature_headers
from tests.support.listener import Listener, listening

AT = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
PERSON = UUID(int=7)
LETTER = Letter(UUID(int=1), "明天上课", "县委党校", "https://yz.example/courses/", AT)


@dataclass
class Somebody:
    uuid: UUID = PERSON
    code: str = "LX0001"
    email: str = "ana@example.org"
    phone: str = "13800001234"
    is_active: bool = True


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    with listening() as listener:
        settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = listener.url, SECRET
        yield listener


def test_signature_is_the_one_of_the_published_example() -> None:
    # From the reference libraries of Standard Webhooks (standardwebhooks, tests of "sign").
    headers = signature_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        at=datetime.fromtimestamp(1614265330, tz=UTC),
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_it_says_who_what_and_where_and_nothing_else(listener: Listener) -> None:
    WebhookChannel().send(LETTER, Somebody(), at=AT)

    ((headers, body),) = listener.heard
    assert json.loads(body) == {
        "type": "message.sent",
        "timestamp": "2026-06-15T04:00:00+00:00",
        "data": {
            "person": "00000000-0000-0000-0000-000000000007",
            "staff_number": "LX0001",
            "subject": "明天上课",
            "text": "县委党校",
            "link": "https://yz.example/courses/",
        },
    }
    expected = signature_headers(f"msg_{LETTER.uuid}", body, secret=SECRET, at=AT)
    assert {name: headers[name] for name in expected} == expected


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_is_a_success(listener: Listener, status: int) -> None:
    listener.statuses = [status]

    WebhookChannel().send(LETTER, Somebody(), at=AT)

    assert len(listener.heard) == 1


@pytest.mark.parametrize("status", [500, 503, 408, 429])
def test_trouble_of_the_other_side_is_tried_again(listener: Listener, status: int) -> None:
    listener.statuses = [status]

    with pytest.raises(TryAgain, match=f"HTTP {status}"):
        WebhookChannel().send(LETTER, Somebody(), at=AT)


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_refusal_is_given_up(listener: Listener, status: int) -> None:
    listener.statuses = [status]

    with pytest.raises(GiveUp, match=f"HTTP {status}"):
        WebhookChannel().send(LETTER, Somebody(), at=AT)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(listener: Listener, status: int) -> None:
    listener.statuses = [status]

    with pytest.raises(GiveUp, match=f"HTTP {status}"):
        WebhookChannel().send(LETTER, Somebody(), at=AT)

    assert (len(listener.heard), listener.visited) == (1, [])


def test_nobody_at_the_other_end_is_tried_again(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.WEBHOOK_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
    settings.WEBHOOK_SECRET = SECRET

    with pytest.raises(TryAgain):
        WebhookChannel().send(LETTER, Somebody(), at=AT)


def test_silence_ends_after_the_time_limit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.webhooks.TIMEOUT_SECONDS", (0.2, 0.2))
    settings.WEBHOOK_SECRET = SECRET
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.WEBHOOK_URL = f"http://127.0.0.1:{mute.getsockname()[1]}/"

        with pytest.raises(TryAgain, match="Timeout"):
            WebhookChannel().send(LETTER, Somebody(), at=AT)


def test_without_an_address_nobody_is_reached(settings: Settings) -> None:
    settings.WEBHOOK_URL = ""

    assert not WebhookChannel().reaches(Somebody())


def test_who_left_is_not_reached(listener: Listener) -> None:
    assert WebhookChannel().reaches(Somebody())
    assert not WebhookChannel().reaches(Somebody(is_active=False))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "not base64!"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        key_of(secret)
