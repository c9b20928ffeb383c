"""Questions of the bank that say nearly what one question says.

A pass over the whole bank is too slow for a page: the search index names candidates, and only those are compared
letter by letter, as files of questions are (``question_bank.domain.duplicates``).
"""

from typing import NamedTuple

from modelsearch.query import Or, PlainText
from rapidfuzz import fuzz

from common.search_terms import query_terms
from question_bank.domain.duplicates import ALIKE_PERCENT, comparable
from question_bank.domain.searching import found_questions
from question_bank.models import Question

CANDIDATES = 60
# Each piece is looked for whole: of two stems that are so much alike, one of the pieces has come through unchanged.
PIECES = 6
SHORTEST_PIECE = 4


class Neighbour(NamedTuple):
    question: Question
    percent: int


def neighbours_of(question: Question) -> list[Neighbour]:
    """The most alike first. Two queries."""
    query = _any_piece_of(question.stem)
    if query is None:
        return []
    others = Question.objects.exclude(pk=question.pk).select_related("topic")
    candidates = found_questions(query, others).order_by("-pk").prefetch_related("options")[:CANDIDATES]
    own = _text(question)
    compared = ((row, fuzz.ratio(own, _text(row), score_cutoff=ALIKE_PERCENT)) for row in candidates)
    alike = [Neighbour(row, int(percent)) for row, percent in compared if percent]
    return sorted(alike, key=lambda neighbour: (-neighbour.percent, neighbour.question.pk))


def _text(question: Question) -> str:
    return comparable(question.stem, [option.text for option in question.options.all()])


def _any_piece_of(stem: str) -> Or | PlainText | None:
    """Pieces of the stem, each with all its terms."""
    size = max(SHORTEST_PIECE, -(-len(stem) // PIECES))
    pieces = [" ".join(query_terms(stem[start : start + size])) for start in range(0, len(stem), size)]
    queries = [PlainText(piece, operator="and") for piece in dict.fromkeys(pieces) if piece]
    if not queries:
        return None
    return queries[0] if len(queries) == 1 else Or(queries)
