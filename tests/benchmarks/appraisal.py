"""Figures of computing a quarter: three exams, a ledger, a rating, for everybody in the benchmark's county."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import django

django.setup()

from django.db import connection

from common.clock import now
from exams.enums import ExamState
from exams.models import Blueprint, Candidate, Exam
from members.enums import StaffCategory
from members.models import Division, Posting, User
from performance.domain.computing import compute_quarter
from performance.domain.quarters import open_quarter
from performance.domain.schemes import adopt_scheme, draft_scheme
from performance.enums import LedgerSign, LedgerState
from performance.models import Grade, Indicator, LedgerEntry, LedgerKind, Quarter, Rating, RatingKind
from tests.benchmarks import glance
from tests.benchmarks.county import COUNTY
from tests.benchmarks.server import forget_peak, peak_mib, spent

Figure = tuple[str, float, str]

EXAMS = 3
BATCH = 2000
# Years apart from each other, so that one benchmark's evidence is not another's.
FIRST_YEAR = 2030


def figures(*, by: User) -> Iterator[Figure]:
    """The quarter of everybody posted now, computed twice: the second takes the place of the first."""
    quarter = prepare(by=by)
    people = Posting.objects.filter(team__division__code__startswith=quarter.division.prefix).count()
    forget_peak()
    before, began = peak_mib(), spent()
    computation = compute_quarter(quarter, by=by, at=now() + timedelta(days=365 * 40))
    yield f"computing a quarter of {people}", spent() - began, "CPU s"
    yield f"computing a quarter of {people}: memory taken", peak_mib() - before, "MiB"
    began, statements = spent(), _Count()
    with connection.execute_wrapper(statements):
        again = compute_quarter(quarter, by=by, at=now() + timedelta(days=365 * 40))
    yield f"computing it again for {people}", spent() - began, "CPU s"
    yield f"computing it again for {people}: statements", statements.number, "statements"
    assert again.digest == computation.digest, "the same evidence gave another result"
    assert again.missing == [], again.missing
    yield from glance.figures(quarter, by=by)


class _Count:
    """Of statements, none of them kept: the texts of a thousand would be the memory that is measured."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.number += 1
        return execute(*statement)


def prepare(*, by: User) -> Quarter:
    county = Division.objects.get(code=COUNTY)
    year = FIRST_YEAR + Quarter.objects.count()
    quarter = open_quarter(county, year, 2, by=by, at=now())
    people = list(Posting.objects.values_list("person_id", "team_id", "team__division__code").order_by("person_id"))
    opens = datetime.combine(quarter.starts_on, datetime.min.time(), now().tzinfo)
    for number in range(EXAMS):
        _hold(quarter, people, number, opens + timedelta(days=20 * (number + 1)), by=by)
    _enter(quarter, people, by=by)
    _rate(quarter, people, by=by)
    _adopt(quarter, by=by)
    return quarter


def _hold(quarter: Quarter, people: list, number: int, opens: datetime, *, by: User) -> None:
    """The rows that an exam of everybody leaves for the appraisal."""
    blueprint, _created = Blueprint.objects.get_or_create(title="考核测算", division=quarter.division)
    exam = Exam.objects.create(
        title=f"{quarter.name} 第{number + 1}次测试", division=quarter.division, blueprint=blueprint, opens_at=opens,
        closes_at=opens + timedelta(days=1), closed_at=opens + timedelta(days=1), state=ExamState.CLOSED,
        total_points=Decimal(100), created_by=by,
    )  # fmt: skip
    chance = Random(number)
    rows = (
        Candidate(
            exam=exam,
            person_id=person,
            team_id=team,
            division_code=code,
            score=Decimal(chance.randint(30, 100)),
            attempts_used=1,
        )
        for person, team, code in people
    )
    Candidate.objects.bulk_create(rows, batch_size=BATCH)


def _enter(quarter: Quarter, people: list, *, by: User) -> None:
    """An entry for every third person."""
    another, _created = User.objects.get_or_create(username="second", defaults={"name": "复核", "code": "BA0002"})
    kinds = [
        LedgerKind.objects.get_or_create(
            division=quarter.division, code=code, defaults={"title": code, "sign": sign, "points": Decimal(5)}
        )[0]
        for code, sign in (("Z1", LedgerSign.POSITIVE), ("N1", LedgerSign.NEGATIVE))
    ]
    rows = (
        LedgerEntry(
            kind=kinds[number % 2],
            person_id=person,
            division_code=code,
            occurred_on=quarter.starts_on,
            points=Decimal(5 if number % 2 == 0 else -5),
            description="测算",
            state=LedgerState.CONFIRMED,
            entered_by=by,
            entered_at=now(),
            decided_by=another,
            decided_at=now(),
        )
        for number, (person, _team, code) in enumerate(people)
        if number % 3 == 0
    )
    LedgerEntry.objects.bulk_create(rows, batch_size=BATCH)


def _rate(quarter: Quarter, people: list, *, by: User) -> None:
    kind, _created = RatingKind.objects.get_or_create(
        division=quarter.division, code="township", defaults={"title": "乡镇评价"}
    )
    rows = (
        Rating(
            quarter=quarter, kind=kind, person_id=person, score=Decimal(60 + n % 41), entered_by=by, entered_at=now()
        )
        for n, (person, _team, _code) in enumerate(people)
    )
    Rating.objects.bulk_create(rows, batch_size=BATCH)


def _adopt(quarter: Quarter, *, by: User) -> None:
    scheme = draft_scheme(quarter, title="测算方案", by=by, at=now())
    exams = {"exams": [], "several": "mean", "absence": "zero", "retakes": "better"}
    ledger = {"base": "80", "positive_cap": "15", "negative_cap": None, "kinds": []}
    scheme.indicators = [
        Indicator(title="测试", source="exams", weight=Decimal(50), settings=exams),
        Indicator(title="清单", source="ledger", weight=Decimal(30), settings=ledger),
        Indicator(title="评价", source="ratings", weight=Decimal(20), settings={"kind": "township"}),
    ]
    scheme.grades = [
        Grade(staff_category=category, label=label, from_points=Decimal(points), quota_percent=quota)
        for category in StaffCategory
        for label, points, quota in (("优秀", 85, 20), ("称职", 60, None), ("不称职", 0, None))
    ]
    scheme.save()
    adopt_scheme(scheme, by=by, at=now())
