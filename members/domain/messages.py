"""Messages: everybody finds theirs in the product, and copies go out by the channels that reach them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from common.channels import Channel, GiveUp, Letter, TryAgain, registered_channels
from members.models import Delivery, Message, User

MOST_TRIES = 8
# Doubled at every try: the eighth is some ten and a half hours after the first. It must outlast a portion of
# ``deliver_due``, because while somebody is at a copy its next try is what keeps the others away.
FIRST_PAUSE = timedelta(minutes=5)
PORTION = 20

_PORTION_OF_ROWS = 500
# As the columns are.
_LENGTHS = {"subject": 120, "text": 500, "error": 300}


def send_message(
    person: User, *, key: str, subject: str, text: str = "", link: str = "", at: datetime
) -> Message | None:
    """Tell one person; nothing where they were told under this ``key`` before."""
    return next(iter(send_messages([person], key=key, subject=subject, text=text, link=link, at=at)), None)


def send_messages(
    people: Iterable[User], *, key: str, subject: str, text: str = "", link: str = "", at: datetime
) -> list[Message]:
    """Tell all of them the same thing, each once: whoever has a message under ``key`` gets no second one.

    ``link`` is a path of this product. What is longer than the columns is cut with an ellipsis. The list in the product
    has it at once; other channels have it when ``deliver_due`` comes round. Gives the messages that are new.
    A few queries for hundreds of people: rows are read and written in portions. Where nobody is new nothing is written,
    so that a timer may ask every minute.
    """
    said = {"subject": _cut(" ".join(subject.split()), "subject"), "text": _cut(text, "text"), "link": link}
    rows = {
        f"{key}:{person.pk}": Message(person=person, key=f"{key}:{person.pk}", sent_at=at, **said) for person in people
    }
    told = {told for keys in _portions(list(rows)) for told in _keys_told(keys)}
    new = [row for row_key, row in rows.items() if row_key not in told]
    return _store(new, at=at) if new else []


def told_under(key: str) -> Exists:
    """Of rows that have a ``person``: was that person told under this key? So that only who was not is fetched."""
    own_key = Concat(Value(f"{key}:"), Cast(OuterRef("person_id"), CharField()))
    return Exists(Message.objects.filter(key=own_key))


def _keys_told(keys: list[str]) -> Iterable[str]:
    return Message.objects.filter(key__in=keys).order_by().values_list("key", flat=True)


@transaction.atomic
def _store(rows: list[Message], *, at: datetime) -> list[Message]:
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    new = _stored(rows)
    Delivery.objects.bulk_create(_copies(new, at=at))
    return new


def _portions(keys: list[Any]) -> Iterable[list[Any]]:
    """A database takes only so many values in one statement."""
    return (keys[start : start + _PORTION_OF_ROWS] for start in range(0, len(keys), _PORTION_OF_ROWS))


def _cut(text: str, column: str) -> str:
    most = _LENGTHS[column]
    return text if len(text) <= most else text[: most - 1] + "…"


def _stored(rows: list[Message]) -> list[Message]:
    """Those of ``rows`` that are in the database now: somebody else may have told the others in the same moment."""
    keys: dict[Any, int] = {}
    for uuids in _portions([row.uuid for row in rows]):
        keys |= dict(Message.objects.filter(uuid__in=uuids).order_by().values_list("uuid", "pk"))
    for row in rows:
        row.pk = keys.get(row.uuid)
    return [row for row in rows if row.pk]


def _copies(messages: list[Message], *, at: datetime) -> list[Delivery]:
    return [
        Delivery(message=message, channel=key, next_try_at=at)
        for key, channel in registered_channels().items()
        for message in messages
        if channel.reaches(message.person)
    ]


def mark_read(message: Message, *, at: datetime) -> None:
    Message.objects.unread().filter(pk=message.pk).update(read_at=at)


def mark_all_read(person: User, *, at: datetime) -> int:
    """Everything up to now: what arrived while the list was being read is marked unread still."""
    return Message.objects.of(person).unread().filter(sent_at__lte=at).update(read_at=at)


def unread_of(person: User) -> int:
    return Message.objects.of(person).unread().count()


def deliver_due(*, at: datetime, limit: int = PORTION) -> int:
    """Try the copies whose time has come, at most ``limit``; gives how many were tried.

    Several workers may do it at the same time: whoever moves a copy's next try on has it. A worker that dies over a
    copy has sent it or not, and it is tried again: the receiving side sees the same identifier. After ``MOST_TRIES``,
    or when the channel gives up, the copy has failed; the message in the product stays.
    """
    due = Delivery.objects.due(at=at).select_related("message__person")[:limit]
    return sum(_try(delivery, at=at) for delivery in due if _claim(delivery, at=at))


def _claim(delivery: Delivery, *, at: datetime) -> bool:
    """Is the copy ours? Of two who saw it waiting the second finds its next try elsewhere."""
    seen = Delivery.objects.due(at=at).filter(pk=delivery.pk, attempts=delivery.attempts)
    delivery.attempts += 1
    delivery.next_try_at = at + FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    return bool(seen.update(attempts=delivery.attempts, next_try_at=delivery.next_try_at))


def _try(delivery: Delivery, *, at: datetime) -> int:
    person = delivery.message.person
    try:
        channel = _channel_of(delivery, person)
        channel.send(_letter(delivery.message), person, at=at)
    except GiveUp as error:
        _settle(delivery, Delivery.State.FAILED, str(error))
    except TryAgain as error:
        is_last = delivery.attempts >= MOST_TRIES
        _settle(delivery, Delivery.State.FAILED if is_last else Delivery.State.WAITING, str(error))
    else:
        _settle(delivery, Delivery.State.SENT)
    return 1


def _channel_of(delivery: Delivery, person: User) -> Channel:
    """What could be reached when the message was written may be switched off, or gone, by now."""
    channel = registered_channels().get(delivery.channel)
    if channel is None or not channel.reaches(person):
        raise GiveUp("not reachable any more")
    return channel


def _settle(delivery: Delivery, state: Delivery.State, error: str = "") -> None:
    # Only while it is still ours: a worker that was held up for longer than the pause changes nothing.
    ours = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    ours.update(state=state, error=_cut(error, "error"))


def _letter(message: Message) -> Letter:
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    link = base + message.link if message.link else ""
    return Letter(message.uuid, message.subject, message.text, link, message.sent_at)


def messages_record(person: User) -> list[dict[str, Any]]:
    """For the download of one's own data."""
    messages = Message.objects.of(person).prefetch_related("deliveries").order_by("sent_at", "pk")
    return [
        {
            "subject": message.subject,
            "text": message.text,
            "sent_at": message.sent_at,
            "read_at": message.read_at,
            "copies": [
                {"channel": copy.channel, "state": copy.get_state_display()} for copy in message.deliveries.all()
            ],
        }
        for message in messages
    ]
