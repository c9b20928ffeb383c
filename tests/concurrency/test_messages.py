"""Two workers that come to the same copies, and two who tell the same people."""

import base64
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from members.domain import messages
from members.domain.messages import deliver_due, send_messages
from members.models import Delivery, Message, User
from tests.conftest import NOON
from tests.factories.members import UserFactory
from tests.support.listener import Listener, listening
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    with listening() as listener:
        settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = listener.url, SECRET
        yield listener


@pytest.fixture
def people() -> list[User]:
    return UserFactory.create_batch(5)


def deliver() -> int:
    return deliver_due(at=NOON)


def test_control_without_the_claim_two_workers_send_everything_twice(
    people: list[User], listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_messages(people, key="test", subject="明天上课", at=NOON)
    monkeypatch.setattr(messages, "_claim", lambda delivery, *, at: True)

    with pausing(monkeypatch, messages, "_try") as pause:
        slow = Turn(deliver).start()
        pause.wait_until_reached()
        quick = Turn(deliver).start().finish()
        pause.go_on()
        slow.finish()

    assert (slow.error, quick.error) == (None, None)
    assert len(listener.heard) == 10


def test_two_workers_send_everything_once(
    people: list[User], listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_messages(people, key="test", subject="明天上课", at=NOON)

    with pausing(monkeypatch, messages, "_try") as pause:
        slow = Turn(deliver).start()
        pause.wait_until_reached()
        quick = Turn(deliver).start().finish()
        pause.go_on()
        slow.finish()

    assert (slow.error, quick.error, slow.result + quick.result) == (None, None, 5)
    assert len({headers["webhook-id"] for headers, _body in listener.heard}) == len(listener.heard) == 5
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_worker_that_died_over_a_copy_leaves_it_to_the_next(people: list[User], listener: Listener) -> None:
    send_messages(people[:1], key="test", subject="明天上课", at=NOON)
    assert messages._claim(Delivery.objects.get(), at=NOON)

    soon, later = deliver(), deliver_due(at=NOON + timedelta(minutes=5))

    assert (soon, later, len(listener.heard)) == (0, 1, 1)


def test_two_who_tell_the_same_people_tell_each_once(people: list[User], listener: Listener) -> None:
    turns = at_once(*[lambda: send_messages(people, key="test", subject="明天上课", at=NOON)] * 2)

    assert [turn.error for turn in turns] == [None, None]
    assert sum(len(turn.result) for turn in turns) == 5
    assert (Message.objects.count(), Delivery.objects.count()) == (5, 5)
