"""Wagtail's search in the database, asked in terms that find Chinese (``WAGTAILSEARCH_BACKENDS``).

Models give their terms to the index themselves (``SearchField("search_terms")``); here the question is put into the
same terms, so that the staff search finds what the members' search finds.
"""

from typing import Any

from django.db import connection
from modelsearch.backends import database
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText

from common.chinese import strip_controls
from common.search_terms import query_terms

# Every further word is a level that the question is deeper.
MOST_WORDS = 100
MOST_CHARACTERS = 2000
# A sign that is in no index, for what holds no word at all.
NOTHING = "-"


class _InTerms:
    """Part of a query compiler: a typed text is searched as it stands, or by its terms."""

    def __init__(self, queryset: Any, query: Any, **options: Any) -> None:
        if isinstance(query, str):
            query = PlainText(query, operator=options.pop("operator", None) or "and")
        super().__init__(queryset, in_terms(query), **options)  # type: ignore[call-arg]


class _IndexFirst:
    """Part of SQLite's query compiler: what matches is looked up once, and only then whose entries those are.

    Asked together, SQLite takes every entry of the model and asks the index about each of them: a second for 4,000.
    """

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
        from modelsearch.backends.database.sqlite.sqlite import IndexEntry, SQLiteFTSIndexEntry
        from modelsearch.utils import get_descendants_content_types_pks

        this: Any = self
        query = normalize(this.query)
        if this.order_by_relevance or score_field or isinstance(query, MatchAll | Not):
            return super().search(config, start, stop, score_field=score_field)  # type: ignore[misc]
        wanted = this.build_search_query(query, config=config)
        matching = SQLiteFTSIndexEntry.objects.filter(MatchExpression(this.fields or this.FTS_TABLE_FIELDS, wanted))
        kinds = get_descendants_content_types_pks(this.queryset.model)
        entries = IndexEntry.objects.filter(content_type__in=kinds, pk__in=matching.values("pk"))
        found = this.queryset.filter(pk__in=entries.values("object_id"))
        return (found if found.query.order_by else found.order_by("-pk"))[start:stop]


def in_terms(query: Any) -> Any:
    """``query`` widened by the terms of its text, of which anything may have been typed."""
    if isinstance(query, And):
        return And([in_terms(part) for part in query.subqueries])
    if not isinstance(query, PlainText | Phrase):
        return query
    typed = _searchable(query.query_string)
    terms = " ".join(query_terms(typed)[:MOST_WORDS])
    if isinstance(query, Phrase):
        # Pairs of neighbours stand in the index one after the other, as words do.
        return Or([Phrase(typed), Phrase(terms)]) if terms else Phrase(typed)
    query = PlainText(typed, operator=query.operator, boost=query.boost)
    if not terms or terms == typed:
        return query
    return Or([query, PlainText(terms, operator=query.operator, boost=query.boost)])


def _searchable(text: str) -> str:
    """Without what either database takes for its own language or cannot hold, and no longer than they can answer."""
    return " ".join(strip_controls(text).replace('"', " ").split()[:MOST_WORDS])[:MOST_CHARACTERS] or NOTHING


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail asks a module for
    """The backend of the database at hand, with our compilers, and on PostgreSQL our way of writing the index."""
    backend = database.SearchBackend(params)
    if connection.vendor == "postgresql":
        from cms.search_rows import QuickIndex

        backend.index_class = QuickIndex
    backend.query_compiler_class = _widened(backend.query_compiler_class)
    backend.autocomplete_query_compiler_class = _widened(backend.autocomplete_query_compiler_class)
    return backend


def _widened(compiler: type[Any]) -> type[Any]:
    parts = (_InTerms, _IndexFirst) if connection.vendor == "sqlite" else (_InTerms,)
    return type(compiler.__name__, (*parts, compiler), {})
