"""Scorecards as a computing leaves them, written directly: rows with the sums in order, of people in their teams."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

from members.enums import PostingRole, StaffCategory
from members.models import Division, Team, User
from performance.enums import CardState, QuarterState, SchemeState
from performance.models import Computation, Grade, Indicator, Quarter, Scheme, Scorecard, ScoreLine, Threshold, Veto
from performance.models.quarter import bounds

CUTOFF = datetime(2026, 10, 3, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAN = (("知识测试", "exams", "50"), ("正负清单", "ledger", "30"), ("乡镇评议", "ratings", "20"))
GRADES = {
    StaffCategory.CIVIL_SERVANT: ("优秀", "称职", "基本称职", "不称职"),
    StaffCategory.INSTITUTION: ("优秀", "合格", "基本合格", "不合格"),
}
FROM_POINTS = (Decimal(90), Decimal(75), Decimal(60), Decimal(0))


def a_quarter(division: Division, *, by: User, year: int = 2026, number: int = 3, **fields: object) -> Quarter:
    """Open, with an adopted scheme of three indicators, and not computed."""
    first, last = bounds(year, number)
    quarter = Quarter.objects.create(
        division=division,
        year=year,
        number=number,
        starts_on=first,
        ends_on=last,
        created_by=by,
        created_at=CUTOFF,
        **fields,
    )
    a_scheme(quarter, by=by)
    return quarter


def a_scheme(quarter: Quarter, *, by: User, shows_ranks: bool = False) -> Scheme:
    scheme = Scheme.objects.create(
        quarter=quarter,
        title="季度考核方案",
        note="权重为示例。",
        state=SchemeState.ADOPTED,
        shows_ranks=shows_ranks,
        created_by=by,
        created_at=CUTOFF,
        adopted_by=by,
        adopted_at=CUTOFF,
    )
    for place, (title, source, weight) in enumerate(PLAN):
        Indicator.objects.create(scheme=scheme, title=title, source=source, weight=Decimal(weight), sort_order=place)
    Veto.objects.create(scheme=scheme, title="无故缺席", source="ledger", counted="absences", at_least=3)
    Threshold.objects.create(scheme=scheme, measure="talk", below=Decimal(60))
    for category, labels in GRADES.items():
        for label, points in zip(labels, FROM_POINTS, strict=True):
            Grade.objects.create(
                scheme=scheme,
                staff_category=category,
                label=label,
                from_points=points,
                quota_percent=20 if label == "优秀" else None,
            )
    return scheme


def a_computation(quarter: Quarter, *, by: User, published: bool = False) -> Computation:
    """The one the quarter rests on from now on; ``published`` shows it to those concerned."""
    number = quarter.computations.count() + 1
    computation = Computation.objects.create(
        quarter=quarter,
        edition=quarter.edition,
        number=number,
        scheme=quarter.schemes.get(state=SchemeState.ADOPTED),
        cutoff=CUTOFF,
        people=0,
        digest=sha256(f"{quarter.pk}/{number}".encode()).hexdigest(),
        computed_by=by,
        computed_at=CUTOFF,
        published_by=by if published else None,
        published_at=CUTOFF if published else None,
    )
    quarter.computation = computation
    quarter.state = QuarterState.PUBLISHED if published else QuarterState.COMPUTED
    quarter.objections_until = CUTOFF + timedelta(days=5) if published else None
    quarter.save()
    return computation


def a_card(
    computation: Computation,
    person: User,
    *,
    team: Team | None = None,
    percents: Sequence[str] = ("92", "80", "75.5"),
    evidence: Iterable[Mapping[str, object]] = (),
    **fields: object,
) -> Scorecard:
    """Somebody's scorecard with a line for each indicator; ``percents`` empty: exempt. The total is their sum."""
    posting = person.postings.order_by("-starts_on").first()
    team = team or posting.team
    lines = list(_lines(computation, percents, evidence))
    total = sum((line.points for line in lines), Decimal(0)) if lines else None
    category = str(fields.pop("staff_category", posting.staff_category if posting else StaffCategory.CIVIL_SERVANT))
    place = None if total is None else sum(total < points for points in FROM_POINTS) + 1
    card = Scorecard.objects.create(
        **{
            "computation": computation,
            "person": person,
            "team": team,
            "division_code": team.division.code,
            "role": posting.role if posting else PostingRole.MEMBER,
            "staff_category": category,
            "days_served": 92,
            "state": CardState.COUNTED if lines else CardState.EXEMPT,
            "remark": "" if lines else "产假",
            "total": total,
            "grade": GRADES.get(StaffCategory(category), GRADES[StaffCategory.INSTITUTION])[place - 1] if place else "",
            "grade_place": place,
            "measure": "talk" if total is not None and total < 60 else "",
            **fields,
        }
    )
    for line in lines:
        line.scorecard = card
    ScoreLine.objects.bulk_create(lines)
    Computation.objects.filter(pk=computation.pk).update(people=computation.scorecards.count())
    return card


def _lines(
    computation: Computation, percents: Sequence[str], evidence: Iterable[Mapping[str, object]]
) -> Iterable[ScoreLine]:
    pieces = list(evidence)
    indicators = Indicator.objects.filter(scheme=computation.scheme)
    for place, (indicator, percent) in enumerate(zip(indicators, percents, strict=False)):
        yield ScoreLine(
            indicator=indicator,
            weight=indicator.weight,
            percent=Decimal(percent),
            points=(Decimal(percent) / 100 * indicator.weight).quantize(Decimal("0.01")),
            explanation=f"取得 {percent}%。",
            evidence=pieces,
            sort_order=place,
        )
