"""Counting what a page asks of the database."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(look: Callable[[], object]) -> int:
    """How many queries a page runs that was looked at before: content types and sites are remembered by then."""
    look()
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)
