"""Wagtail's search in the database, asked in terms that find Chinese (``WAGTAILSEARCH_BACKENDS``).

Models give their terms to the index themselves (``SearchField("search_terms")``); here the question is put into the
same terms, so that the staff search finds what the members' search finds.
"""

from typing import Any

from django.db import connection
from modelsearch.backends import database
from modelsearch.query import MatchAll, Not, Or, PlainText

from common.search_terms import query_terms


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
    """``query`` widened by the terms of its text; a query of another kind stays as it is."""
    if not isinstance(query, PlainText):
        return query
    terms = " ".join(query_terms(query.query_string))
    if not terms or terms == query.query_string:
        return query
    return Or([query, PlainText(terms, operator=query.operator, boost=query.boost)])


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
