"""After a browser or a race the database is emptied, and filled with what follows every migrating: permissions, roles.

Asking every app for it takes half a second and hundreds of queries; what the first of a process wrote is written again.
"""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction

# SQLite's triggers keep the words to search for themselves.
BY_TRIGGERS = "_fts"
_written: dict[str, dict[str, list[tuple[Any, ...]]]] = {}


def remember_what_follows_migrating() -> None:
    flush.emit_post_migrate_signal = _fill


def _fill(verbosity: int, interactive: bool, db: str, **kwargs: Any) -> None:
    if db not in _written:
        emit_post_migrate_signal(verbosity, interactive, db, **kwargs)
        _written[db] = rows_by_table(db)
        return
    # One transaction: who refers to whom is checked at its end.
    with transaction.atomic(using=db), connections[db].cursor() as cursor:
        for table, rows in _written[db].items():
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {connections[db].ops.quote_name(table)} VALUES ({places})", rows)
    ContentType.objects.clear_cache()


def rows_by_table(db: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table that is not empty."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    found = {}
    with connections[db].cursor() as cursor:
        for table in sorted(name for name in tables if not name.endswith(BY_TRIGGERS)):
            cursor.execute(f"SELECT * FROM {connections[db].ops.quote_name(table)}")
            found[table] = cursor.fetchall()
    return {table: rows for table, rows in found.items() if rows}
