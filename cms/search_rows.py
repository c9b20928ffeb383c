"""PostgreSQL's search index written as Wagtail writes it, for a sixth of the work.

Wagtail asks every field of an object five times, and makes of each text an expression of Django that is copied,
resolved and compiled: for a file of 10,000 questions that took longer than all their other rows together.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from modelsearch.backends.database.postgres.postgres import IndexEntry, ObjectIndexer, PostgresIndex
from modelsearch.utils import get_content_type_pk

_COLUMNS = "content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text"
_NEWER = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS.split(", ")[2:])
# SQL of a vector, and its parameters.
Vector = tuple[str, list[str]]
_NO_WORDS: Vector = ("''::tsvector", [])


class QuickIndex(PostgresIndex):  # type: ignore[misc]
    """The same entries as its parent's."""

    def add_items(self, model: type[Any], objs: Sequence[Any]) -> None:
        if not objs or not model.get_search_fields():
            return
        kind = get_content_type_pk(model)
        rows, values = [], []
        for words in (_Words(obj, self.backend) for obj in objs):
            vectors: list[Vector] = [words.title, words.autocomplete, words.body]
            rows.append(f"(%s, %s, {', '.join(sql for sql, _texts in vectors)}, 1.0, %s, %s)")
            values += [kind, words.id, *(text for _sql, texts in vectors for text in texts)]
            values += [words.title_text, words.body_text]
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {IndexEntry._meta.db_table} ({_COLUMNS}) VALUES {', '.join(rows)} "  # noqa: S608
                f"ON CONFLICT (content_type_id, object_id) DO UPDATE SET {_NEWER}",
                values,
            )
        self._refresh_title_norms()


class _Words(ObjectIndexer):  # type: ignore[misc]
    """What an object says: each field is asked once, and a vector is plain SQL."""

    def __init__(self, obj: Any, backend: Any) -> None:
        super().__init__(obj, backend)
        self._asked: dict[int, list[Any]] = {}

    def prepare_field(self, obj: Any, field: Any) -> Iterator[Any]:
        if obj is not self.obj:
            return super().prepare_field(obj, field)
        if id(field) not in self._asked:
            self._asked[id(field)] = list(super().prepare_field(obj, field))
        return iter(self._asked[id(field)])

    def as_vector(self, texts: Iterable[tuple[str, str]], for_autocomplete: bool = False) -> Vector:
        config = self.autocomplete_config if for_autocomplete else self.config
        vector = "to_tsvector(%s::regconfig, %s::text)" if config else "to_tsvector(%s::text)"
        said = [(text.strip(), weight) for text, weight in texts if text.strip()]
        if not said:
            return _NO_WORDS
        values = [value for text, _weight in said for value in ([config, text] if config else [text])]
        return " || ".join(f"setweight({vector}, '{weight}')" for _text, weight in said), values
