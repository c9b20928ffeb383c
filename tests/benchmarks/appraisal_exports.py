"""Figures of taking out a quarter: each file in a process of its own, with the most memory it held."""

import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import django

django.setup()

from members.models import Division, Posting, User
from performance.models import Computation, Indicator, Scorecard, ScoreLine
from tests.benchmarks.server import forget_peak, peak_mib
from tests.factories.scorecards import FROM_POINTS, GRADES, a_computation, a_quarter

Figure = tuple[str, float, str]

ON_PAPER = ("workbook", "sheets", "scorecards", "scorecards-zip", "bulletin")
IN_BULK = ("workbook", "csv", "csv-gb18030")
BATCH = 2_000
# Beyond it only what needs no more memory for more people is measured.
MOST_ON_PAPER = 2_000


def figures(*, by: User, year: int = 2026, number: int = 3) -> Iterator[Figure]:
    """Scorecards for everybody who serves, then the files of the county, or the tables of the city."""
    computation = compute_everybody(by=by, year=year, number=number)
    people = computation.people
    for kind in ON_PAPER if people <= MOST_ON_PAPER else IN_BULK:
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.appraisal_exports", str(computation.pk), str(by.pk), kind],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, base, memory, size = map(float, output.stdout.split())
        yield f"quarter of {people} as {kind}", seconds, "CPU s"
        yield f"quarter of {people} as {kind}, memory before", base, "MiB"
        yield f"quarter of {people} as {kind}, peak memory of the process", memory, "MiB"
        yield f"quarter of {people} as {kind}, size", size / 1024, "MiB"


def compute_everybody(*, by: User, year: int, number: int) -> Computation:
    """A scorecard for each posting, written in bulk: what a computing leaves behind."""
    county = Division.objects.filter(code__endswith="000000").order_by("code").first()
    assert county
    computation = a_computation(a_quarter(county, by=by, year=year, number=number), by=by, published=True)
    postings = Posting.objects.filter(ends_on=None).select_related("team__division").order_by("pk")
    indicators = list(Indicator.objects.filter(scheme=computation.scheme))
    chance, batch = Random(1), []
    for posting in postings.iterator(chunk_size=BATCH):
        batch.append(posting)
        if len(batch) == BATCH:
            _write(computation, batch, indicators, chance)
            batch = []
    _write(computation, batch, indicators, chance)
    Computation.objects.filter(pk=computation.pk).update(people=computation.scorecards.count())
    computation.refresh_from_db()
    return computation


def _write(computation: Computation, postings: list[Posting], indicators: list[Indicator], chance: Random) -> None:
    cards, lines = [], []
    for posting in postings:
        percents = [Decimal(chance.randint(4000, 10000)) / 100 for _indicator in indicators]
        points = [
            (percent / 100 * each.weight).quantize(Decimal("0.01"))
            for percent, each in zip(percents, indicators, strict=True)
        ]
        total = sum(points, Decimal(0))
        place = sum(total < limit for limit in FROM_POINTS) + 1
        labels = GRADES.get(posting.staff_category, next(iter(GRADES.values())))
        card = Scorecard(
            computation=computation,
            person_id=posting.person_id,
            team_id=posting.team_id,
            division_code=posting.team.division.code,
            role=posting.role,
            staff_category=posting.staff_category,
            days_served=92,
            total=total,
            grade=labels[place - 1],
            grade_place=place,
        )
        cards.append(card)
        lines.append((card, percents, points))
    Scorecard.objects.bulk_create(cards, batch_size=500)
    ScoreLine.objects.bulk_create(
        (
            ScoreLine(
                scorecard=card,
                indicator=indicator,
                weight=indicator.weight,
                percent=percents[place],
                points=points[place],
                explanation="按本季度记录计算。",
                evidence=[
                    {"label": "季度测试", "on": "2026-08-15", "value": "88", "of": "100", "ref": "exams:x", "note": ""}
                ],
                sort_order=place,
            )
            for card, percents, points in lines
            for place, indicator in enumerate(indicators)
        ),
        batch_size=500,
    )


def _export(computation_id: int, person_id: int, kind: str) -> None:
    """Run in a process of its own: print CPU seconds, MiB before, peak MiB and KiB."""
    from tempfile import TemporaryFile

    from common.clock import now
    from performance.domain.reporting.order import Order
    from performance.domain.reporting.writing import write
    from performance.enums import ReportKind

    computation = Computation.objects.select_related("quarter__division", "scheme").get(pk=computation_id)
    by = User.objects.get(pk=person_id)
    order = Order(computation=computation, division=computation.quarter.division, by=by, at=now(), reason="bench")
    forget_peak()
    base, before = peak_mib(), time.process_time()
    with TemporaryFile() as target:
        write(target, order, ReportKind(kind))
        size = target.seek(0, 2)
    print(time.process_time() - before, base, peak_mib(), size / 1024)


if __name__ == "__main__":
    _export(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
