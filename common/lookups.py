"""Look-ups of single rows whose statement is put together once, for pages that everybody opens in the same minute.

To find one row of four joined tables takes Django some 1.7 CPU ms, of which the database needs 0.1: the rest is putting
the statement together and finding out how to read its sixty columns, the same each time. A ``Lookup`` does that once in
each thread. What it finds are whole models, as ``QuerySet.get`` would give them.
"""

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators


class Given(Expression):
    """Stands in the conditions of a ``Lookup`` for the value that ``get`` is given under this name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def adapted(self, given: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


M = TypeVar("M", bound=Model)


class Lookup(Generic[M]):
    """``make`` is called when the first row is looked up and says what is asked; its conditions name ``Given``."""

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make
        # What reads a column may hold on to the connection it was made for, and each thread has its own.
        self._of_thread = threading.local()

    def get(self, **given: Any) -> M | None:
        """The row, or None; it is one that a unique column names."""
        if not hasattr(self._of_thread, "statement"):
            self._of_thread.statement = _Statement(self._make())
        return cast("M | None", self._of_thread.statement.row(given))


class _Statement:
    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()

    @cached_property
    def columns(self) -> slice:
        """Those of the model itself, before the ones of its relations."""
        places = self.compiler.klass_info["select_fields"]
        return slice(places[0], places[-1] + 1)

    @cached_property
    def names(self) -> list[str]:
        return [column[0].target.attname for column in self.compiler.select[self.columns]]

    @cached_property
    def relations(self) -> list[Any]:
        return get_related_populators(  # type: ignore[call-arg]  # typed as in a later Django
            self.compiler.klass_info, self.compiler.select, DEFAULT_DB_ALIAS
        )

    @cached_property
    def converters(self) -> Any:
        return self.compiler.get_converters([column[0] for column in self.compiler.select])

    def row(self, given: dict[str, Any]) -> Any:
        values = [value.adapted(given) if isinstance(value, Given) else value for value in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            found = cursor.fetchone()
        if found is None:
            return None
        found = next(iter(self.compiler.apply_converters([found], self.converters)))
        row = self.compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, self.names, found[self.columns])
        for relation in self.relations:
            relation.populate(found, row)
        return row
