"""Thousands of new rows at once, for what is brought in from a file.

``bulk_create`` makes an expression of every value, and on PostgreSQL a list of every column, of which psycopg escapes
each quotation mark by a call of its own: for a file of 10,000 questions that took longer than reading it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Field, Model


def store_rows(rows: Sequence[Model]) -> None:
    """``bulk_create`` for rows of one model without parents and defaults of the database; they get their keys."""
    if not rows:
        return
    table, key_field = rows[0]._meta.db_table, rows[0]._meta.pk
    others = [field for field in rows[0]._meta.concrete_fields if field is not key_field]
    with transaction.atomic():
        for row, key in zip(rows, _fresh_keys(table, len(rows)), strict=True):
            row.pk = key
        _write(
            table, ["id", *(str(field.column) for field in others)], ([row.pk, *_values(row, others)] for row in rows)
        )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def store_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of which only what they say is known: the columns ``names``, as a database takes them; nobody gets a key."""
    _write(model._meta.db_table, names, rows)


def _values(row: Model, fields: Iterable[Field[Any, Any]]) -> Iterator[Any]:
    # Not the ``connection`` of every thread, which looks up itself whenever a field asks it something.
    database = connections[DEFAULT_DB_ALIAS]
    for field in fields:
        value = field.pre_save(row, True)
        yield None if value is None else field.get_db_prep_save(value, database)


def _write(table: str, names: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    columns = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", list(rows))  # noqa: S608


def _fresh_keys(table: str, count: int) -> list[int]:
    """Keys that nobody else gets: the next of the sequence; on SQLite, where one alone writes, those after the last."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s::integer)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        [last] = cursor.fetchone() or [0]
        return list(range(last + 1, last + 1 + count))
