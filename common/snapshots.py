"""A transaction in which everything is read as it was at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """An atomic block whose reads agree with each other, whoever writes meanwhile.

    SQLite's transactions are so by themselves. PostgreSQL is told, which it takes only at the beginning of a
    transaction: inside another one the block reads as that one does.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
