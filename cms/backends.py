"""Wagtail's search in the database, asked in terms that find Chinese (``WAGTAILSEARCH_BACKENDS``).

Models give their terms to the index themselves (``SearchField("search_terms")``); here the question is put into the
same terms, so that the staff search finds what the members' search finds.
"""

from typing import Any

from modelsearch.backends import database
from modelsearch.query import Or, PlainText

from common.search_terms import query_terms


class _InTerms:
    """Part of a query compiler: a typed text is searched as it stands, or by its terms."""

    def __init__(self, queryset: Any, query: Any, **options: Any) -> None:
        if isinstance(query, str):
            query = PlainText(query, operator=options.pop("operator", None) or "and")
        super().__init__(queryset, in_terms(query), **options)  # type: ignore[call-arg]


def in_terms(query: Any) -> Any:
    """``query`` widened by the terms of its text; a query of another kind stays as it is."""
    if not isinstance(query, PlainText):
        return query
    terms = " ".join(query_terms(query.query_string))
    if not terms or terms == query.query_string:
        return query
    return Or([query, PlainText(terms, operator=query.operator, boost=query.boost)])


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail asks a module for
    """The backend of the database at hand, with our compilers."""
    backend = database.SearchBackend(params)
    backend.query_compiler_class = _widened(backend.query_compiler_class)
    backend.autocomplete_query_compiler_class = _widened(backend.autocomplete_query_compiler_class)
    return backend


def _widened(compiler: type[Any]) -> type[Any]:
    return type(compiler.__name__, (_InTerms, compiler), {})
