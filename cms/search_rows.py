"""PostgreSQL's search index written as Wagtail writes it, for a sixth of the work.

Wagtail asks every field of an object five times, and makes of each text an expression of Django that is copied,
resolved and compiled: for a file of 10,000 questions that took longer than all their other rows together.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from modelsearch.backends.database.postgres.postgres import IndexEntry, ObjectIndexer, PostgresIndex
from modelsearch.index import AutocompleteField
from modelsearch.utils import get_content_type_pk

_COLUMNS = "content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text"
_NEWER = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS.split(", ")[2:])


class _Text(NamedTuple):
    """What a field says, and the letter PostgreSQL knows its weight by."""

    text: str
    weight: str


class QuickIndex(PostgresIndex):  # type: ignore[misc]
    """The same entries as its parent's."""

    def add_items(self, model: type[Any], objs: Sequence[Any]) -> None:
        if not objs or not model.get_search_fields():
            return
        kind = get_content_type_pk(model)
        # By the SQL of their vectors, of which there are few: which fields say something at all.
        entries: dict[str, list[list[Any]]] = {}
        for obj in objs:
            title, autocomplete, body = _said(obj, self.backend)
            vectors = [
                _vector(title, self.backend.config),
                _vector(autocomplete, self.backend.autocomplete_config),
                _vector(body, self.backend.config),
            ]
            entry = [kind, str(obj.pk), *(text for _sql, texts in vectors for text in texts)]
            entry += [" ".join(said.text for said in title), " ".join(said.text for said in body)]
            entries.setdefault(", ".join(sql for sql, _texts in vectors), []).append(entry)
        with self.write_connection.cursor() as cursor:
            for sql, values in entries.items():
                cursor.executemany(
                    f"INSERT INTO {IndexEntry._meta.db_table} ({_COLUMNS}) "  # noqa: S608
                    f"VALUES (%s, %s, {sql}, 1.0, %s, %s) "
                    f"ON CONFLICT (content_type_id, object_id) DO UPDATE SET {_NEWER}",
                    values,
                )
        self._refresh_title_norms()


def _said(obj: Any, backend: Any) -> tuple[list[_Text], list[_Text], list[_Text]]:
    """The texts of title, completion and body; each field is asked once."""
    title: list[_Text] = []
    autocomplete: list[_Text] = []
    body: list[_Text] = []
    indexer = ObjectIndexer(obj, backend)
    for each in indexer.search_fields:
        for field, weight, value in indexer.prepare_field(obj, each):
            # Only the other fields are left: of those that filter nothing is told here.
            searched = title if field.field_name == "title" else body
            if text := value.strip():
                (autocomplete if isinstance(field, AutocompleteField) else searched).append(_Text(text, weight))
    return title, autocomplete, body


def _vector(texts: Sequence[_Text], config: str | None) -> tuple[str, list[str]]:
    """SQL of a vector, and its parameters."""
    if not texts:
        return "''::tsvector", []
    made = "to_tsvector(%s::regconfig, %s::text)" if config else "to_tsvector(%s::text)"
    values = [value for text, _weight in texts for value in ([config, text] if config else [text])]
    return " || ".join(f"setweight({made}, '{weight}')" for _text, weight in texts), values
