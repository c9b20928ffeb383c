"""Two things at once, each in a thread with its own connection, and a way to stop one at a chosen line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

PATIENCE_SECONDS = 10


class Turn:
    """One runner of a race: what it returned or raised."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.thread = Thread(target=self._run, args=(run,), daemon=True)

    def _run(self, run: Callable[[], Any]) -> None:
        try:
            self.result = run()
        except BaseException as error:
            self.error = error
        finally:
            connection.close()

    def start(self) -> "Turn":
        self.thread.start()
        return self

    def finish(self) -> "Turn":
        self.thread.join(PATIENCE_SECONDS)
        if self.thread.is_alive():
            raise AssertionError("a runner of the race did not come to an end")
        return self

    @property
    def is_waiting(self) -> bool:
        """Is it still held up after a moment in which it could have finished?"""
        self.thread.join(0.3)
        return self.thread.is_alive()


def at_once(*runs: Callable[[], Any]) -> list[Turn]:
    """Start all of them and wait for all."""
    turns = [Turn(run) for run in runs]
    for turn in turns:
        turn.start()
    return [turn.finish() for turn in turns]


class Pause:
    """Where a patched function stands still until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.resumed = Event(), Event()

    def wait_until_reached(self) -> None:
        if not self.reached.wait(PATIENCE_SECONDS):
            raise AssertionError("nobody came to the place where the race is held up")

    def go_on(self) -> None:
        self.resumed.set()


@contextmanager
def pausing(monkeypatch: pytest.MonkeyPatch, target: Any, name: str, *, after: bool = False) -> Iterator[Pause]:
    """The first caller of ``target.name`` stands still before it is called, or ``after``; the others pass."""
    pause, original = Pause(), getattr(target, name)

    def held(*args: Any, **kwargs: Any) -> Any:
        first = not pause.reached.is_set()
        result = original(*args, **kwargs) if after else None
        if first:
            pause.reached.set()
            if not pause.resumed.wait(PATIENCE_SECONDS):
                raise AssertionError("nobody let the race go on")
        return result if after else original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(target, name, held)
        try:
            yield pause
        finally:
            pause.go_on()
