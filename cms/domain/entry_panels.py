"""What staff see under an entry, told by the storeys above.

This app knows no questions: whoever has something to say about an entry registers a provider when it is ready.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cms.models import EntryPage
from members.models import User


@dataclass(frozen=True)
class EntryPanel:
    """One section: its heading, and a template of the upper app with what it shows."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class Provider(Protocol):
    """What an upper app registers: the panel for this person, or None when the entry's panel is not for them.

    It asks the database a constant number of times, and not at all for whoever may not see it.
    """

    def __call__(self, entry: EntryPage, person: User) -> EntryPanel | None: ...


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider`` too. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def entry_panels(entry: EntryPage, person: User) -> list[EntryPanel]:
    """Every panel that ``person`` may see, in the order of registration."""
    panels = [provider(entry, person) for provider in _providers]
    return [panel for panel in panels if panel]
