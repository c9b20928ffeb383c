"""Ways out of the house for a message: an app registers them, the list of messages asks them in turn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Recipient(Protocol):
    """Whom a message is for; a user is one."""

    uuid: UUID
    code: str
    email: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves: ``uuid`` is the same at every try, ``link`` is absolute or empty."""

    uuid: UUID
    subject: str
    text: str
    link: str
    sent_at: datetime


class TryAgain(Exception):
    """It did not arrive, and may later: nobody answered, or the other side has trouble of its own."""


class GiveUp(Exception):
    """It will not arrive however often it is tried: the other side understood and said no."""


class Channel(Protocol):
    """One way out. ``key`` is stable: copies that wait are stored under it."""

    key: str

    def reaches(self, recipient: Recipient) -> bool:
        """Is the channel set up, and can this person be reached by it? Asks no database and no network."""
        ...

    def send(self, letter: Letter, recipient: Recipient, *, at: datetime) -> None:
        """Send one message within a few seconds, or raise ``TryAgain`` or ``GiveUp`` with a word why."""
        ...


_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """Send by ``channel`` too; a second one with the same key replaces the first. Called from ``AppConfig.ready``."""
    _channels[channel.key] = channel


def registered_channels() -> dict[str, Channel]:
    return dict(_channels)
