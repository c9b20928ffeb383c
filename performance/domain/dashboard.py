"""How a division's quarter stands: figures for the office, without names, added up by the database.

Every function asks a constant number of queries, however many people there are, and sees the people of the reader's
divisions alone. Questions are the exception: how they fared is told over all tests, and names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, FloatField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, Length, Substr
from django.utils.timezone import make_aware

from cms.models import ChapterPage
from exams.domain.watching import TOWNSHIP_DIGITS
from exams.enums import SETTLED_EXAM_STATES
from exams.models import Candidate, ItemStatistics
from members.enums import SCORE_ROLES, StaffCategory
from members.models import Division, Team, User
from members.models.division import inside
from performance.enums import CardState
from performance.models import Computation, Quarter, Scorecard, ScoreLine

# Topics and chapters of which fewer answers tell are left out; so many of the weakest are shown.
LEAST_ANSWERS = 20
WEAKEST = 8
QUARTERS = 8
# A page path of Wagtail grows by so many letters a level.
STEP_LETTERS = 4


class Participation(NamedTuple):
    """People of the quarter, and those expected in its exams and those who came."""

    people: int
    counted: int
    exempt: int
    expected: int
    came: int

    @property
    def share(self) -> float | None:
        return self.came / self.expected if self.expected else None


class GradeCount(NamedTuple):
    label: str
    people: int
    share: float


class CategoryGrades(NamedTuple):
    """The grades of one staff category, the best first."""

    category: str
    people: int
    grades: list[GradeCount]


class Known(NamedTuple):
    """Of how many people an indicator knew something, of those to whom it applied."""

    title: str
    people: int
    known: int
    mean: float | None


@dataclass
class PlaceRow:
    """A township or a team: how many were appraised, the mean total, and the mean per cent of each indicator."""

    name: str
    code: str
    people: int
    total: float | None
    percents: list[float | None] = field(default_factory=list)


class Weak(NamedTuple):
    """A topic or a chapter: the share of the points that answers earned, and how many answers tell it."""

    title: str
    answers: int
    facility: float


class QuarterMean(NamedTuple):
    quarter: Quarter
    people: int
    total: float


def cards_in(computation: Computation, *, by: User) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(computation=computation).visible_to(by)


def participation(computation: Computation, *, by: User) -> Participation:
    """Two queries."""
    cards = cards_in(computation, by=by).order_by()
    people = cards.aggregate(
        people=Count("pk"),
        counted=Count("pk", filter=Q(state=CardState.COUNTED)),
        exempt=Count("pk", filter=Q(state=CardState.EXEMPT)),
    )
    quarter = computation.quarter
    expected = Candidate.objects.filter(
        inside(by.scope(*SCORE_ROLES), field="division_code"),
        exam__state__in=SETTLED_EXAM_STATES,
        exam__closes_at__lte=computation.cutoff,
        exam__closes_at__gte=_midnight(quarter.starts_on),
        exam__closes_at__lt=_midnight(quarter.ends_on + timedelta(days=1)),
        division_code__startswith=quarter.division.prefix,
    ).aggregate(expected=Count("pk"), came=Count("pk", filter=Q(attempts_used__gt=0)))
    return Participation(**people, **expected)


def _midnight(day: date) -> datetime:
    """A moment to compare with. The day of each moment, asked for a row at a time, cost SQLite a second a city."""
    return make_aware(datetime.combine(day, time.min))


def grades_by_category(computation: Computation, *, by: User) -> list[CategoryGrades]:
    """One query."""
    cards = cards_in(computation, by=by).filter(state=CardState.COUNTED).order_by()
    rows = cards.values("staff_category", "grade").annotate(people=Count("pk"), place=Min("grade_place"))
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["staff_category"], []).append(row)
    return [_category(category, found[category]) for category in StaffCategory.values if category in found]


def _category(category: str, rows: Sequence[Any]) -> CategoryGrades:
    people = sum(_int(row["people"]) for row in rows)
    best_first = sorted(rows, key=lambda row: _int(row["place"]))
    grades = [GradeCount(str(row["grade"]), _int(row["people"]), _int(row["people"]) / people) for row in best_first]
    return CategoryGrades(str(StaffCategory(category).label), people, grades)


def _int(value: object) -> int:
    return int(str(value)) if value is not None else 0


def _lines(computation: Computation, *, by: User) -> QuerySet[ScoreLine]:
    """The lines of the indicators; what was corrected later is in the totals."""
    bound = inside(by.scope(*SCORE_ROLES), field="scorecard__division_code")
    return ScoreLine.objects.filter(bound, scorecard__computation=computation, correction=None).order_by()


def indicators(computation: Computation, *, by: User) -> list[Known]:
    """In the order of the scheme. One query."""
    rows = (
        _lines(computation, by=by)
        .values("indicator__title")
        .annotate(people=Count("pk"), known=Count("percent"), mean=_mean("percent"), order=Min("indicator__sort_order"))
        .order_by("order", "indicator__title")
    )
    return [Known(row["indicator__title"], row["people"], row["known"], row["mean"]) for row in rows]


def by_township(computation: Computation, titles: Sequence[str], *, by: User) -> list[PlaceRow]:
    """In the order of division codes, not ranked; ``titles`` are the indicators whose means are wanted. Three."""
    place = Substr("division_code", 1, TOWNSHIP_DIGITS)
    totals = cards_in(computation, by=by).filter(state=CardState.COUNTED).annotate(place=place)
    lines = _lines(computation, by=by).annotate(place=Substr("scorecard__division_code", 1, TOWNSHIP_DIGITS))
    rows = _places(totals, lines, titles)
    codes = [code.ljust(12, "0") for code in rows]
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    for prefix, row in rows.items():
        row.code = prefix.ljust(12, "0")
        row.name = names.get(row.code, row.code)
    return [rows[prefix] for prefix in sorted(rows)]


def by_team(computation: Computation, township: str, titles: Sequence[str], *, by: User) -> list[PlaceRow]:
    """Teams of one township (a division code), in the order of their codes. Three queries."""
    prefix = township[:TOWNSHIP_DIGITS]
    cards = cards_in(computation, by=by).filter(state=CardState.COUNTED, division_code__startswith=prefix)
    lines = _lines(computation, by=by).filter(scorecard__division_code__startswith=prefix)
    rows = _places(cards.annotate(place=F("team")), lines.annotate(place=F("scorecard__team")), titles)
    teams = Team.objects.in_bulk(list(rows))
    for pk, row in rows.items():
        row.code, row.name = teams[pk].code, teams[pk].name
    return sorted(rows.values(), key=lambda row: row.code)


def _places(cards: Any, lines: Any, titles: Sequence[str]) -> dict[Any, PlaceRow]:
    """Two queries: people and mean totals, mean per cents of the indicators. Both are marked with their ``place``."""
    totals = cards.order_by().values("place").annotate(people=Count("pk"), mean=_mean("total"))
    rows = {row["place"]: PlaceRow("", "", row["people"], row["mean"], [None] * len(titles)) for row in totals}
    order = {title: number for number, title in enumerate(titles)}
    for row in lines.values("place", "indicator__title").annotate(mean=_mean("percent")):
        if row["place"] in rows and row["indicator__title"] in order:
            rows[row["place"]].percents[order[row["indicator__title"]]] = row["mean"]
    return rows


def _mean(name: str) -> Avg:
    # Decimals are averaged alike by both databases as floats.
    return Avg(Cast(name, FloatField()))


# -- what is known least ----------------------------------------------------------------------------


def _figures(quarter: Quarter) -> Any:
    return ItemStatistics.objects.filter(quarter=quarter.name, facility__isnull=False).order_by()


def _weighted() -> dict[str, Sum]:
    return {"answers": Sum("n"), "earned": Sum(F("facility") * F("n"), output_field=FloatField())}


def weakest_topics(quarter: Quarter) -> list[Weak]:
    """Topics whose questions earned the smallest share of their points in tests of the quarter. One query."""
    rows = _figures(quarter).values("version__topic", "version__topic__title").annotate(**_weighted())
    rows = rows.filter(answers__gte=LEAST_ANSWERS).annotate(share=F("earned") / F("answers"))
    return [
        Weak(row["version__topic__title"], row["answers"], row["share"])
        for row in rows.order_by("share", "version__topic")[:WEAKEST]
    ]


def weakest_chapters(quarter: Quarter) -> list[Weak]:
    """Chapters of handbooks by the questions that test their entries. Two queries."""
    path = "version__question__entry__path"
    rows = (
        _figures(quarter)
        .filter(version__question__entry__isnull=False)
        .annotate(chapter=Substr(path, 1, Length(path) - STEP_LETTERS))
        .values("chapter")
        .annotate(**_weighted())
        .filter(answers__gte=LEAST_ANSWERS)
        .annotate(share=F("earned") / F("answers"))
        .order_by("share", "chapter")[:WEAKEST]
    )
    found = list(rows)
    titles = dict(ChapterPage.objects.filter(path__in=[row["chapter"] for row in found]).values_list("path", "title"))
    return [Weak(titles.get(row["chapter"], ""), row["answers"], row["share"]) for row in found]


# -- over time ----------------------------------------------------------------------------------------


def trend(quarter: Quarter, *, by: User) -> list[QuarterMean]:
    """Mean totals of this quarter and the division's earlier ones, the oldest first. Two queries."""
    until = Q(year__lt=quarter.year) | Q(year=quarter.year, number__lte=quarter.number)
    same = Quarter.objects.filter(until, division=quarter.division_id, computation__isnull=False)
    quarters = list(same.order_by("-year", "-number")[:QUARTERS])
    cards = Scorecard.objects.filter(computation__in=[each.computation_id for each in quarters]).visible_to(by)
    counted = cards.filter(state=CardState.COUNTED).order_by().values("computation")
    means = {row["computation"]: row for row in counted.annotate(people=Count("pk"), mean=_mean("total"))}
    return [
        QuarterMean(each, means[each.computation_id]["people"], means[each.computation_id]["mean"])
        for each in reversed(quarters)
        if each.computation_id in means
    ]


def newest_figures(quarter: Quarter) -> object:
    """When the figures of questions were computed last, or None. One query."""
    return ItemStatistics.objects.filter(quarter=quarter.name).aggregate(at=Max("computed_at"))["at"]
