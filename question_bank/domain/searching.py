"""Finding questions by their words, Chinese ones too: through the search index, narrowed by anything else.

The index is that of ``cms.backends``; a text is put into the terms that ``Question.search_terms`` gave to it.
"""

from typing import Any

from django.db.models import QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.query import SearchQuery

from question_bank.models import Question

# More than there are. PostgreSQL works out a subquery with a limit by itself; one without it is sometimes asked again
# for each question of a list in its order, a hundred thousand times.
MOST_FOUND = 10_000_000


def found_questions(query: str | SearchQuery, among: QuerySet[Question]) -> QuerySet[Question]:
    """Those of ``among`` that hold every term of ``query``, in the order of ``among``.

    The index is asked in a subquery of its own, so ``among`` may be narrowed by what the index knows nothing of.
    """
    if isinstance(query, str) and not query.strip():
        return among
    results: Any = get_search_backend().search(query, Question.objects.all(), order_by_relevance=False)
    return among.filter(pk__in=results.get_queryset().order_by().values("pk")[:MOST_FOUND])
