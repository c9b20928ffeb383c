"""Circles of objects are looked for again afterwards."""

import gc

import pytest

from common.collecting import without_collecting


def test_collecting_is_off_inside_and_on_again_even_after_an_error() -> None:
    inside = []

    @without_collecting()
    def fail() -> None:
        inside.append(gc.isenabled())
        raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert (inside, gc.isenabled()) == ([False], True)


def test_whoever_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with without_collecting():
            pass
        left = gc.isenabled()
    finally:
        gc.enable()

    assert left is False
