"""Messages: once for each person, and out by the channels that reach them."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from pytest_django import Settings

from members.checks import check_webhook
from members.domain.messages import (
    FIRST_PAUSE,
    MOST_TRIES,
    deliver_due,
    mark_all_read,
    mark_read,
    messages_record,
    send_message,
    send_messages,
    unread_of,
)
from members.models import Delivery, Message, User
from tests.conftest import NOON, Clock
from tests.factories.members import UserFactory
from tests.support.listener import Listener, listening

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    with listening() as listener:
        settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = listener.url, SECRET
        yield listener


@pytest.fixture
def mailing(settings: Settings) -> None:
    settings.SENDS_MAIL, settings.WAGTAILADMIN_BASE_URL = True, "https://yz.example"


def tell(person: User, key: str = "test", **said: Any) -> Message | None:
    return send_message(person, **{"key": key, "subject": "明天上课", "at": NOON} | said)


def copies() -> list[tuple[str, str, int, str]]:
    return list(Delivery.objects.order_by("pk").values_list("channel", "state", "attempts", "error"))


class TestInTheProduct:
    def test_a_message_is_there_at_once_and_unread(self, ana: User) -> None:
        message = tell(ana, text="县委党校", link="/courses/")

        assert message == Message.objects.get()
        assert (message.person, message.subject, message.text, message.link) == (
            ana,
            "明天上课",
            "县委党校",
            "/courses/",
        )
        assert (message.sent_at, message.read_at, unread_of(ana)) == (NOON, None, 1)

    def test_nobody_is_told_the_same_thing_twice(self, ana: User, dan: User) -> None:
        tell(ana)

        again = send_messages([ana, dan, dan], key="test", subject="明天上课", at=NOON)

        assert [message.person for message in again] == [dan]
        assert Message.objects.count() == 2

    def test_another_key_is_another_message(self, ana: User) -> None:
        assert [tell(ana, "one") is None, tell(ana, "two") is None] == [False, False]

    def test_what_is_too_long_is_cut_and_lines_of_a_subject_are_joined(self, ana: User) -> None:
        message = tell(ana, subject="一\n二 " + "长" * 200, text="话" * 600)

        assert message
        assert (message.subject[:4], len(message.subject), message.subject[-1]) == ("一 二 ", 120, "…")
        assert (len(message.text), message.text[-1]) == (500, "…")

    def test_a_whole_county_is_told_in_a_few_queries(
        self, settings: Settings, django_assert_max_num_queries: Any
    ) -> None:
        settings.WEBHOOK_URL = "http://127.0.0.1:9/"
        people = UserFactory.create_batch(312)

        # who was told; the transaction, messages, which of them are new, copies: SQLite wants rows in portions
        with django_assert_max_num_queries(9):
            new = send_messages(people, key="all", subject="全", at=NOON)

        assert (len(new), Delivery.objects.count()) == (312, 312)

    def test_reading_one_leaves_the_others_and_keeps_the_first_time(self, ana: User) -> None:
        first, _second = tell(ana, "one"), tell(ana, "two")
        assert first

        mark_read(first, at=NOON)
        mark_read(first, at=NOON + timedelta(hours=1))

        assert (Message.objects.get(pk=first.pk).read_at, unread_of(ana)) == (NOON, 1)

    def test_marking_all_read_leaves_what_others_have_and_what_comes_later(self, ana: User, dan: User) -> None:
        tell(ana, "one")
        tell(ana, "later", at=NOON + timedelta(minutes=1))
        tell(dan, "one")

        marked = mark_all_read(ana, at=NOON)

        assert (marked, unread_of(ana), unread_of(dan)) == (1, 1, 1)

    def test_the_download_of_ones_own_data_has_them(self, ana: User, dan: User, listener: Listener) -> None:
        tell(ana, text="县委党校")
        tell(dan)

        assert messages_record(ana) == [
            {
                "subject": "明天上课",
                "text": "县委党校",
                "sent_at": NOON,
                "read_at": None,
                "copies": [{"channel": "webhook", "state": "待发送"}],
            }
        ]


class TestCopies:
    def test_without_settings_nothing_leaves(self, ana: User) -> None:
        tell(ana)

        assert (copies(), deliver_due(at=NOON), mail.outbox) == ([], 0, [])

    def test_mail_goes_to_those_with_an_address(self, ana: User, dan: User, mailing: None) -> None:
        ana.email = "ana@example.org"
        ana.save()
        for person in (ana, dan):
            tell(person, text="县委党校", link="/courses/")

        tried = deliver_due(at=NOON)

        (sent,) = mail.outbox
        assert (tried, sent.to, sent.subject) == (1, ["ana@example.org"], "明天上课")
        assert sent.body == "县委党校\n\nhttps://yz.example/courses/"
        message = Message.objects.of(ana).get()
        assert sent.extra_headers == {
            "Message-ID": f"<{message.uuid}@yz.example>",
            "Auto-Submitted": "auto-generated",
        }
        assert copies() == [("email", "sent", 1, "")]

    def test_what_was_sent_is_not_sent_again(self, ana: User, listener: Listener) -> None:
        tell(ana)

        counts = [deliver_due(at=NOON), deliver_due(at=NOON + timedelta(days=1))]

        assert (counts, len(listener.heard), copies()) == ([1, 0], 1, [("webhook", "sent", 1, "")])

    def test_trouble_is_tried_again_later_under_the_same_identifier(self, ana: User, listener: Listener) -> None:
        listener.statuses = [503, 204]
        tell(ana)

        deliver_due(at=NOON)
        assert copies() == [("webhook", "waiting", 1, "HTTP 503")]
        assert deliver_due(at=NOON + FIRST_PAUSE - timedelta(seconds=1)) == 0
        deliver_due(at=NOON + FIRST_PAUSE)

        assert copies() == [("webhook", "sent", 2, "")]
        first, second = (headers for headers, _body in listener.heard)
        assert first["webhook-id"] == second["webhook-id"]
        assert first["webhook-signature"] != second["webhook-signature"]

    def test_a_refusal_is_the_end(self, ana: User, listener: Listener) -> None:
        listener.statuses = [410]
        tell(ana)

        counts = [deliver_due(at=NOON), deliver_due(at=NOON + timedelta(days=1))]

        assert (counts, copies()) == ([1, 0], [("webhook", "failed", 1, "HTTP 410")])

    def test_pauses_double_until_it_is_given_up(self, ana: User, listener: Listener) -> None:
        listener.statuses = [500]
        tell(ana)

        tries = [NOON]
        while deliver_due(at=tries[-1]):
            tries.append(Delivery.objects.get().next_try_at)

        minutes = [(later - earlier).seconds // 60 for earlier, later in pairwise(tries)]
        assert minutes == [5 * 2**n for n in range(MOST_TRIES)]
        assert copies() == [("webhook", "failed", MOST_TRIES, "HTTP 500")]

    def test_one_that_fails_does_not_hold_up_the_next(self, ana: User, dan: User, listener: Listener) -> None:
        listener.statuses = [500, 204]
        send_messages([ana, dan], key="test", subject="明天上课", at=NOON)

        deliver_due(at=NOON)

        assert [state for _channel, state, _attempts, _error in copies()] == ["waiting", "sent"]

    def test_who_left_in_the_meantime_is_not_written_to(self, ana: User, listener: Listener) -> None:
        tell(ana)
        User.objects.filter(pk=ana.pk).update(is_active=False)

        deliver_due(at=NOON)

        assert (listener.heard, copies()) == ([], [("webhook", "failed", 1, "not reachable any more")])

    def test_the_timer_sends_more_than_one_portion(self, listener: Listener, clock: Clock, capsys: Any) -> None:
        send_messages(UserFactory.create_batch(45), key="all", subject="全", at=NOON)

        call_command("deliver_messages")

        assert (len(listener.heard), capsys.readouterr().out) == (45, "tried to deliver 45 messages\n")


@pytest.mark.parametrize(
    ("url", "secret", "found"),
    [
        ("", "", []),
        ("https://chat.example/hook", SECRET, []),
        ("http://127.0.0.1:9000/hook", SECRET, []),
        ("http://chat.example/hook", SECRET, ["members.E001"]),
        ("http://127.0.0.1.example/hook", SECRET, ["members.E001"]),
        ("https://chat.example/hook", "", ["members.E002"]),
    ],
)
def test_commands_do_not_start_with_a_webhook_that_is_open_or_unsigned(
    settings: Settings, url: str, secret: str, found: list[str]
) -> None:
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = url, secret

    assert [error.id for error in check_webhook(None)] == found
