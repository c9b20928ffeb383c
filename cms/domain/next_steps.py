"""What a person should do next, told by the storeys above.

This app knows no exams and no courses: each upper app registers a provider when it is ready.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from members.models import User

_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One thing to do or to look at, in the reader's language.

    ``headline`` says it as a sentence for the top of the page, ``title`` names the thing, ``detail`` says by when,
    ``action`` is the word on the button. The heavier ``weight`` comes first; among equals what is due first.
    ``facts`` are (name, value) pairs for the lead card.
    """

    title: str
    detail: str
    url: str
    action: str
    headline: str
    weight: int = 0
    due_at: datetime | None = None
    facts: tuple[tuple[str, str], ...] = ()


class Provider(Protocol):
    """What an upper app registers; it asks the database a constant number of times."""

    def __call__(self, person: User, *, at: datetime) -> Sequence[Step]: ...


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider`` too. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def next_steps(person: User, *, at: datetime) -> list[Step]:
    """Everything this person should do or see now, the most urgent first."""
    steps = [step for provider in _providers for step in provider(person, at=at)]
    return sorted(steps, key=lambda step: (-step.weight, step.due_at or _LATEST))
