"""Thousands of new rows at once, for what is brought in from a file.

``bulk_create`` makes an expression of every value, and on PostgreSQL a list of every column, of which psycopg escapes
each quotation mark by a call of its own: for a file of 10,000 questions that took longer than reading it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import AutoField, Field, Model


def store_rows(rows: Sequence[Model]) -> None:
    """``bulk_create`` for rows of one model without parents and defaults of the database; they get their keys."""
    if not rows:
        return
    table, fields = rows[0]._meta.db_table, rows[0]._meta.concrete_fields
    names = [field.column for field in fields if field.column]
    with transaction.atomic():
        for row, key in zip(rows, _fresh_keys(table, len(rows)), strict=True):
            row.pk = key
        _write(table, names, (_values(row, fields) for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(row: Model, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    return [
        row.pk if isinstance(field, AutoField) else field.get_db_prep_save(field.pre_save(row, True), connection)
        for field in fields
    ]


def _write(table: str, names: Iterable[str], rows: Iterable[list[Any]]) -> None:
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
