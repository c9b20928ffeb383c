"""Python's search for circles of objects, put off while a long piece of work fills the memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """For work of bounded memory: looking again and again through the drafts of a file took a seventh of reading it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
