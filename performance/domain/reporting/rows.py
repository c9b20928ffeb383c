"""Scorecards as rows, streamed: tuples in chunks, so that 25,000 of them need no more memory than a hundred."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from members.models import Division
from performance.domain.reporting.words import Words, limits_in_words
from performance.models import Computation, Indicator, Scorecard, ScoreLine

CHUNK = 500
TOWNSHIP_DIGITS = 9

_OF_CARD = (
    *("pk", "uuid", "division_code", "role", "staff_category", "days_served", "state", "remark"),
    *("total", "grade", "limits", "measure", "rank", "person__name", "person__code"),
    *("team__name", "team__sending_unit__name", "team__division__name"),
)


class CardRow(NamedTuple):
    """One person in one computation. ``points`` by title of the indicator, without corrections; total None: exempt."""

    pk: int
    uuid: Any
    code: str
    name: str
    sending_unit: str
    township: str
    village: str
    team: str
    role: str
    category: str
    days: int
    points: Mapping[str, Decimal]
    corrections: Decimal | None
    total: Decimal | None
    grade: str
    limits: str
    measure: str
    rank: int | None
    remark: str

    def parts(self, titles: Iterable[str]) -> list[Decimal | None]:
        return [self.points.get(title) for title in titles]


Passed = Callable[[int], None]


def tell_nobody(count: int) -> None:
    pass


class Townships:
    """Names of townships by any code inside them."""

    def __init__(self) -> None:
        self._names = dict(Division.objects.townships().values_list("code", "name"))

    def name(self, code: str) -> str:
        township = code[:TOWNSHIP_DIGITS].ljust(12, "0")
        return self._names.get(township, township)


def ordered(cards: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """By place, team and number: an order that holds, whatever the database."""
    return cards.order_by("division_code", "team__code", "role", "person__code", "pk")


def card_rows(
    computation: Computation, cards: QuerySet[Scorecard], *, passed: Passed = tell_nobody, chunk_size: int = CHUNK
) -> Iterator[CardRow]:
    """``cards`` in a fixed order, two queries a chunk; ``passed`` is told of every chunk that has been handed on."""
    titles = indicator_titles(computation)
    words, townships = Words(), Townships()
    found = ordered(cards).values_list(*_OF_CARD).iterator(chunk_size=chunk_size)
    while chunk := list(islice(found, chunk_size)):
        points, corrections = _points((values[0] for values in chunk), titles)
        for values in chunk:
            yield _row(values, points[values[0]], corrections.get(values[0]), words, townships)
        passed(len(chunk))


def indicator_titles(computation: Computation) -> dict[int, str]:
    return dict(Indicator.objects.filter(scheme=computation.scheme_id).values_list("pk", "title"))


def _points(
    ids: Iterable[int], titles: Mapping[int, str]
) -> tuple[Mapping[int, dict[str, Decimal]], Mapping[int, Decimal]]:
    """Points by card and title, and the sum of corrections by card. Two indicators of one title are one column."""
    points: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    corrections: dict[int, Decimal] = {}
    lines = ScoreLine.objects.filter(scorecard__in=list(ids)).order_by("scorecard", "sort_order", "pk")
    for card, indicator, value, correction in lines.values_list(
        "scorecard_id", "indicator_id", "points", "correction_id"
    ):
        if correction is not None:
            corrections[card] = corrections.get(card, Decimal(0)) + value
        else:
            title = titles[indicator]
            points[card][title] = points[card].get(title, Decimal(0)) + value
    return points, corrections


def _row(
    values: Any, points: dict[str, Decimal], corrections: Decimal | None, words: Words, townships: Townships
) -> CardRow:
    card = dict(zip(_OF_CARD, values, strict=True))
    return CardRow(
        pk=card["pk"],
        uuid=card["uuid"],
        code=card["person__code"],
        name=card["person__name"],
        sending_unit=card["team__sending_unit__name"],
        township=townships.name(card["division_code"]),
        village=card["team__division__name"],
        team=card["team__name"],
        role=words.roles[card["role"]],
        category=words.categories[card["staff_category"]],
        days=card["days_served"],
        points=points,
        corrections=corrections,
        total=card["total"],
        grade=card["grade"],
        limits=limits_in_words(card["limits"]),
        measure=words.measures[card["measure"]],
        rank=card["rank"],
        remark=card["remark"],
    )


# -- which groups, which columns -------------------------------------------------------------------


class Group(NamedTuple):
    """A group that is appraised together: a posting role and a staff category that occur."""

    role: str
    category: str


def groups_of(cards: QuerySet[Scorecard]) -> list[Group]:
    """The groups that occur, first secretaries first, in the order in which the roles and categories are listed."""
    found = cards.order_by().values_list("role", "staff_category").distinct()
    roles, categories = list(Words().roles), list(Words().categories)
    return sorted((Group(*pair) for pair in found), key=lambda g: (roles.index(g.role), categories.index(g.category)))


def of_group(cards: QuerySet[Scorecard], group: Group) -> QuerySet[Scorecard]:
    return cards.filter(role=group.role, staff_category=group.category)


def titles_of(computation: Computation, cards: QuerySet[Scorecard]) -> list[str]:
    """Titles of the indicators that gave somebody here a line, in the order of the scheme."""
    lines = ScoreLine.objects.filter(scorecard__in=cards.order_by().values("pk"), correction=None)
    used = set(lines.order_by().values_list("indicator_id", flat=True).distinct())
    indicators = Indicator.objects.filter(scheme=computation.scheme_id).values_list("pk", "title")
    return list(dict.fromkeys(title for pk, title in indicators if pk in used))
