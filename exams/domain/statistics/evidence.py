"""Answers that tell nothing about their question: everybody was credited for it, or it was dropped from an exam.

Whatever decides such a thing registers a provider here, so that statistics need not know how it was decided.
"""

from collections.abc import Collection
from typing import Protocol


class Provider(Protocol):
    """Pairs of exam and version whose marks are no answer's merit, for those exams; one query."""

    def __call__(self, exams: Collection[int]) -> Collection[tuple[int, int]]: ...


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider`` too. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def without_evidence(exams: Collection[int]) -> frozenset[tuple[int, int]]:
    """Pairs of exam and version that are left out of every figure, of the question and of the papers."""
    return frozenset(pair for provider in _providers for pair in provider(exams))
