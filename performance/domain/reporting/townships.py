"""Townships: how many were appraised, what they reached, which grades."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.tables import Column, Formula, SheetSpec
from performance.domain.reporting.order import Order
from performance.domain.reporting.rows import TOWNSHIP_DIGITS
from performance.domain.reporting.tables import PLACES, cents
from performance.domain.reporting.words import basis, quarter_title, signatures
from performance.enums import CardState
from performance.models import Grade


@dataclass(frozen=True)
class Township:
    """``grades`` counts people by place of their grade, 1 the best; ``points`` is the sum of their totals.

    Figures are None where nobody was appraised.
    """

    code: str
    name: str
    people: int
    appraised: int
    points: Decimal = Decimal(0)
    highest: Decimal | None = None
    lowest: Decimal | None = None
    grades: dict[int, int] = field(default_factory=dict)

    @property
    def exempt(self) -> int:
        return self.people - self.appraised

    @property
    def mean(self) -> Decimal | None:
        return cents(self.points / self.appraised) if self.appraised else None


def township_figures(order: Order) -> list[Township]:
    """In the order of codes, never ranked. Two queries, however many people."""
    cards = order.cards.order_by().annotate(township=Substr("division_code", 1, TOWNSHIP_DIGITS))
    grades: defaultdict[str, dict[int, int]] = defaultdict(dict)
    placed = cards.filter(grade_place__isnull=False).values_list("township", "grade_place").annotate(n=Count("pk"))
    for township, place, count in placed.order_by("township", "grade_place"):
        grades[township][place] = count
    rows = cards.values("township").annotate(
        people=Count("pk"),
        appraised=Count("pk", filter=Q(state=CardState.COUNTED)),
        points=Sum("total"),
        highest=Max("total"),
        lowest=Min("total"),
    )
    return [_township(order, row, grades[row["township"]]) for row in rows.order_by("township")]


def _township(order: Order, row: Any, grades: dict[int, int]) -> Township:
    code = row.pop("township")
    points = cents(row.pop("points") or 0)
    return Township(code=code.ljust(12, "0"), name=order.townships.name(code), points=points, grades=grades, **row)


def grade_labels(order: Order) -> dict[int, str]:
    """The grades by place: ``{1: "优秀", 2: "称职/合格"}``; which label somebody gets follows their staff category."""
    by_category: defaultdict[str, list[str]] = defaultdict(list)
    grades = Grade.objects.filter(scheme=order.scheme).order_by("staff_category", "-from_points")
    for category, label in grades.values_list("staff_category", "label"):
        by_category[category].append(label)
    most = max(map(len, by_category.values()), default=0)
    return {place + 1: _at_place(by_category.values(), place) for place in range(most)}


def _at_place(labels: Iterable[Sequence[str]], place: int) -> str:
    return "/".join(dict.fromkeys(those[place] for those in labels if place < len(those)))


def township_sheet(order: Order) -> SheetSpec:
    figures, labels = township_figures(order), grade_labels(order)
    return SheetSpec(
        name=_("By township"),
        title=_("%(quarter)s: by township") % {"quarter": quarter_title(order.computation.quarter)},
        notes=basis(order.computation),
        columns=_columns(labels.values()),
        rows=[_values(row, labels) for row in figures],
        totals=_totals(figures, labels) if figures else None,
        signatures=signatures(),
        frozen_columns=1,
    )


def _columns(labels: Iterable[str]) -> list[Column]:
    return [
        Column(_("Township")),
        Column(pgettext("count", "People"), kind="integer"),
        Column(_("Appraised"), kind="integer"),
        Column(_("Exempt"), kind="integer"),
        *(Column(title, kind="decimal", places=PLACES) for title in (_("Mean"), _("Highest"), _("Lowest"))),
        *(Column(label, kind="integer") for label in labels),
    ]


def _values(row: Township, labels: dict[int, str]) -> list[object]:
    figures = (row.name, row.people, row.appraised, row.exempt, row.mean, row.highest, row.lowest)
    return [*figures, *(row.grades.get(place, 0) for place in labels)]


def _totals(rows: Sequence[Township], labels: dict[int, str]) -> list[object]:
    total = together(rows)
    figures: list[object] = [_("All together")]
    figures += [Formula("SUM", value) for value in (total.people, total.appraised, total.exempt)]
    # A mean of means would weigh a small township like a large one: it is given, not reckoned from the column.
    figures.append(total.mean)
    figures.append(None if total.highest is None else Formula("MAX", total.highest))
    figures.append(None if total.lowest is None else Formula("MIN", total.lowest))
    return [*figures, *(Formula("SUM", total.grades.get(place, 0)) for place in labels)]


def together(rows: Sequence[Township], name: str = "") -> Township:
    """Several townships as one."""
    grades: dict[int, int] = {}
    for row in rows:
        for place, count in row.grades.items():
            grades[place] = grades.get(place, 0) + count
    return Township(
        code="",
        name=name,
        people=sum(row.people for row in rows),
        appraised=sum(row.appraised for row in rows),
        points=sum((row.points for row in rows), Decimal(0)),
        highest=max((row.highest for row in rows if row.highest is not None), default=None),
        lowest=min((row.lowest for row in rows if row.lowest is not None), default=None),
        grades=grades,
    )
