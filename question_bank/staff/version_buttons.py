"""Buttons that the storeys above put beside frozen versions, told by them: this app knows no exams."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from wagtail.admin.widgets.button import Button

from members.models import User
from question_bank.models import QuestionVersion


class ButtonProvider(Protocol):
    """What an upper app registers: a button by version, where it has one. It asks a constant number of queries."""

    def __call__(self, versions: Sequence[QuestionVersion], person: User) -> Mapping[int, Button]: ...


_providers: list[ButtonProvider] = []


def register(provider: ButtonProvider) -> None:
    """Ask ``provider`` too. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def buttons_for(versions: Sequence[QuestionVersion], person: User) -> dict[int, list[Button]]:
    offered = [provider(versions, person) for provider in _providers]
    return {version.pk: [found[version.pk] for found in offered if version.pk in found] for version in versions}
