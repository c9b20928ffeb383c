"""The smallest valid quarters, schemes and ratings; what has rules is made by the product's own verbs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from members.enums import Role, StaffCategory
from members.models import Division, User
from performance.domain.quarters import open_quarter
from performance.domain.schemes import adopt_scheme, draft_scheme
from performance.enums import LedgerSign, LedgerState
from performance.models import (
    Grade,
    Indicator,
    LedgerEntry,
    LedgerKind,
    Quarter,
    Rating,
    RatingKind,
    Scheme,
    Threshold,
    Veto,
)
from tests.factories.members import UserFactory, give_role

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The second quarter of 2026 is over.
COMPUTED_AT = datetime(2026, 7, 2, 9, 0, tzinfo=SHANGHAI)
LAST_DAY = date(2026, 6, 30)

OF_EXAMS = {"exams": [], "several": "mean", "absence": "zero", "retakes": "better"}
EXAMS_ONLY = ({"title": "应知应会测试", "source": "exams", "weight": 100, "settings": OF_EXAMS},)
GRADES = (("优秀", 90, None), ("称职", 75, None), ("基本称职", 60, None), ("不称职", 0, None))


def administrator(division: Division) -> User:
    return give_role(UserFactory.create(), Role.ADMINISTRATOR, division)


def a_quarter(division: Division, *, number: int = 2, year: int = 2026, by: User | None = None) -> Quarter:
    """April to June 2026, unless told otherwise."""
    return open_quarter(division, year, number, by=by or administrator(division), at=COMPUTED_AT)


def a_scheme(
    quarter: Quarter,
    indicators: Iterable[Mapping[str, Any]] = EXAMS_ONLY,
    *,
    by: User | None = None,
    adopt: bool = True,
    grades: Iterable[tuple[str, int, int | None]] = GRADES,
    vetoes: Iterable[Mapping[str, Any]] = (),
    thresholds: Iterable[tuple[str, int]] = (),
    **fields: Any,
) -> Scheme:
    """A scheme with these rows, the same grades for every category; in force unless ``adopt`` is false."""
    by = by or administrator(quarter.division)
    scheme = draft_scheme(quarter, title="季度考核方案", by=by, at=COMPUTED_AT)
    for name, value in fields.items():
        setattr(scheme, name, value)
    scheme.indicators = [
        Indicator(sort_order=place, **{**row, "weight": Decimal(row["weight"])}) for place, row in enumerate(indicators)
    ]
    scheme.vetoes = [Veto(sort_order=place, **row) for place, row in enumerate(vetoes)]
    scheme.thresholds = [Threshold(measure=measure, below=Decimal(below)) for measure, below in thresholds]
    scheme.grades = [
        Grade(staff_category=category, label=label, from_points=Decimal(points), quota_percent=quota)
        for category in StaffCategory
        for label, points, quota in grades
    ]
    scheme.save()
    return adopt_scheme(scheme, by=by, at=COMPUTED_AT) if adopt else scheme


def a_ledger_kind(division: Division, code: str = "Z1", points: int = 5, **fields: Any) -> LedgerKind:
    values = {"title": f"事项{code}", "sign": LedgerSign.POSITIVE, "needs_evidence": False, **fields}
    return LedgerKind.objects.create(division=division, code=code, points=Decimal(points), **values)


def a_ledger_entry(kind: LedgerKind, *, on: date, state: str = LedgerState.CONFIRMED, **fields: Any) -> LedgerEntry:
    """An entry about ``person=`` or ``team=``, confirmed unless ``state`` says otherwise."""
    about = fields.get("team") or fields["person"].posting(on=on).team
    sign = 1 if kind.sign == LedgerSign.POSITIVE else -1
    decided = {"decided_by": UserFactory.create(), "decided_at": COMPUTED_AT} if state != LedgerState.WAITING else {}
    values = {"points": sign * kind.points, "description": "入户核实", "division_code": about.division.code, **fields}
    return LedgerEntry.objects.create(
        kind=kind,
        occurred_on=on,
        state=state,
        entered_by=UserFactory.create(),
        entered_at=COMPUTED_AT,
        **decided,
        **values,
    )


def a_rating_kind(division: Division, code: str = "township", **fields: Any) -> RatingKind:
    return RatingKind.objects.create(division=division, code=code, **{"title": "乡镇评价", **fields})


def a_rating(quarter: Quarter, kind: RatingKind, person: User, score: str) -> Rating:
    return Rating.objects.create(
        quarter=quarter,
        kind=kind,
        person=person,
        score=Decimal(score),
        entered_by=UserFactory.create(),
        entered_at=COMPUTED_AT,
    )
