"""The tables of a quarter: person by person in each group, by township, and how it is counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.tables import Column, Formula, LateRow, SheetSpec
from performance.domain.reporting.order import Order
from performance.domain.reporting.rows import CardRow, Group, card_rows, of_group, titles_of
from performance.domain.reporting.words import Words, basis, quarter_title, signatures

PLACES = 2
_CENT = Decimal("0.01")
# Staff number and name stay in sight.
_FROZEN = 2
_BEFORE_POINTS = 9


def _points(title: str) -> Column:
    return Column(title, kind="decimal", places=PLACES)


def person_columns(titles: Sequence[str], *, ranked: bool) -> list[Column]:
    """Who, where, as what; the indicators; what comes out."""
    return [
        Column(_("Staff number")),
        Column(pgettext("person", "Name")),
        Column(_("Sending unit")),
        Column(_("Township")),
        Column(_("Village")),
        Column(_("Team")),
        Column(_("Role in the team")),
        Column(_("Staff category")),
        Column(pgettext("report", "Days served"), kind="integer"),
        *map(_points, titles),
        _points(pgettext("points", "Corrections")),
        _points(pgettext("points", "Total")),
        Column(pgettext("appraisal", "Grade")),
        Column(_("What kept the grade from being better")),
        Column(pgettext("report", "Suggested measure")),
        *([Column(pgettext("appraisal", "Rank"), kind="integer")] if ranked else []),
        Column(_("Remark")),
    ]


def person_values(row: CardRow, titles: Sequence[str], *, ranked: bool, total: object) -> list[object]:
    return [
        *(row.code, row.name, row.sending_unit, row.township, row.village, row.team, row.role, row.category, row.days),
        *row.parts(titles),
        *(row.corrections, total, row.grade, row.limits, row.measure),
        *([row.rank] if ranked else []),
        row.remark,
    ]


# -- one group -------------------------------------------------------------------------------------


class _Means:
    """Sums of the columns of points as rows pass, for the row under them."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._sums: dict[int, Decimal] = {}
        self._counts: Counter[int] = Counter()
        self.people = 0

    def add(self, row: CardRow) -> None:
        self.people += 1
        for place, points in enumerate([*row.parts(self._titles), row.corrections, row.total]):
            if points is not None:
                self._sums[place] = self._sums.get(place, Decimal(0)) + points
                self._counts[place] += 1

    def row(self, *, ranked: bool) -> list[object]:
        means = [self._mean(place) for place in range(len(self._titles) + 2)]
        people = Formula("COUNTA", self.people) if self.people else 0
        before = [_("People and means"), people, *[None] * (_BEFORE_POINTS - 2)]
        return [*before, *means, *[None] * (5 if ranked else 4)]

    def _mean(self, place: int) -> Formula | None:
        count = self._counts[place]
        return Formula("AVERAGE", (self._sums[place] / count).quantize(Decimal("0.0001"))) if count else None


def group_sheet(order: Order, group: Group) -> SheetSpec:
    """Everybody of one group; the total is a formula over its parts, which whoever reads it can follow."""
    cards = of_group(order.cards, group)
    titles, ranked = titles_of(order.computation, cards), order.scheme.shows_ranks
    means = _Means(titles)
    name = Words().group(*group)
    columns = person_columns(titles, ranked=ranked)
    # Under the names stands how many there are; in a column of text a formula would become text when it is edited.
    columns[1] = Column(columns[1].title, kind="integer")
    quarter = quarter_title(order.computation.quarter)
    return SheetSpec(
        name=name,
        title=_("%(quarter)s: scores of %(group)s") % {"quarter": quarter, "group": name},
        notes=basis(order.computation),
        columns=columns,
        rows=_group_rows(order, group, titles, means),
        totals=LateRow(lambda: means.row(ranked=ranked)),
        signatures=signatures(),
        frozen_columns=_FROZEN,
    )


def _group_rows(order: Order, group: Group, titles: Sequence[str], means: _Means) -> Iterator[list[object]]:
    ranked, last = order.scheme.shows_ranks, _BEFORE_POINTS + len(titles)
    for row in card_rows(order.computation, of_group(order.cards, group), passed=order.passed):
        means.add(row)
        # Who is exempt has no total, and an empty cell is what says so.
        total = None if row.total is None else Formula("SUM", row.total, _BEFORE_POINTS, last)
        yield person_values(row, titles, ranked=ranked, total=total)


def plain_rows(order: Order, titles: Sequence[str]) -> Iterator[list[object]]:
    """Everybody of every group in one table, totals as numbers."""
    ranked = order.scheme.shows_ranks
    for row in card_rows(order.computation, order.cards, passed=order.passed):
        yield person_values(row, titles, ranked=ranked, total=row.total)


def cents(value: Decimal | float) -> Decimal:
    return Decimal(value).quantize(_CENT, ROUND_HALF_UP)
