from collections.abc import Iterator
from datetime import timedelta

import pytest

from cms.domain import next_steps as module
from cms.domain.next_steps import Step, next_steps, register
from members.models import User
from tests.conftest import NOON


def step(title: str, *, weight: int = 0, days: int | None = None) -> Step:
    due_at = None if days is None else NOON + timedelta(days=days)
    return Step(title=title, detail="", url="/", action="", headline="", weight=weight, due_at=due_at)


@pytest.fixture(autouse=True)
def nobody_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_providers", [])
    return


def test_the_heaviest_comes_first_and_among_equals_what_is_due_first() -> None:
    register(lambda person, *, at: [step("later", weight=5, days=2), step("light", days=0)])
    register(lambda person, *, at: [step("open end", weight=5), step("sooner", weight=5, days=1)])

    found = next_steps(User(), at=NOON)

    assert [step.title for step in found] == ["sooner", "later", "open end", "light"]


def test_a_provider_registered_twice_is_asked_once() -> None:
    def provider(person: User, *, at: object) -> list[Step]:
        return [step("once")]

    register(provider)
    register(provider)

    assert [step.title for step in next_steps(User(), at=NOON)] == ["once"]


def test_providers_hear_who_asks_and_when() -> None:
    heard = []
    register(lambda person, *, at: heard.append((person, at)) or [])
    person = User()

    next_steps(person, at=NOON)

    assert heard == [(person, NOON)]
