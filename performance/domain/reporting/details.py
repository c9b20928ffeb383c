"""One person's scorecard with everything behind it, streamed like the rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from performance.domain.reporting.rows import CardRow, Passed, card_rows, tell_nobody
from performance.models import Computation, Scorecard, ScoreLine

CHUNK = 50

_OF_LINE = (
    *("indicator__title", "indicator__source", "weight", "percent", "points", "explanation", "evidence"),
    *("correction_id", "correction__reason"),
)


class Line(NamedTuple):
    """One line of a scorecard. ``evidence``: ``[{"label", "on", "value", "of", "ref", "note"}]``."""

    title: str
    source: str
    weight: Decimal
    percent: Decimal | None
    points: Decimal
    explanation: str
    evidence: Sequence[Mapping[str, Any]]
    correction: int | None
    reason: str | None

    @property
    def is_correction(self) -> bool:
        return self.correction is not None


class Detail(NamedTuple):
    """A scorecard row with its lines and every post of the quarter."""

    row: CardRow
    lines: Sequence[Line]
    posts: Sequence[Mapping[str, Any]]


def details(
    computation: Computation, cards: QuerySet[Scorecard], *, passed: Passed = tell_nobody
) -> Iterator[list[Detail]]:
    """Chunks of scorecards in the order of the rows."""
    rows = card_rows(computation, cards, chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        ids = [row.pk for row in chunk]
        lines = lines_of(ids)
        posts = dict(Scorecard.objects.filter(pk__in=ids).values_list("pk", "posts"))
        yield [Detail(row, lines[row.pk], posts[row.pk]) for row in chunk]
        passed(len(chunk))


def lines_of(ids: Iterable[int]) -> Mapping[int, list[Line]]:
    """The lines of those scorecards in their order: one query."""
    found: defaultdict[int, list[Line]] = defaultdict(list)
    lines = ScoreLine.objects.filter(scorecard__in=list(ids)).order_by("scorecard", "sort_order", "pk")
    for card, *values in lines.values_list("scorecard_id", *_OF_LINE):
        found[card].append(Line(*values))
    return found
