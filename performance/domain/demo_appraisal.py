"""The demonstration's appraisal: last quarter published for objection, this one open. All of it is invented."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from courses.domain.demo_training import hold_demo_class
from exams.domain.demo_exam import COUNTY, hold_demo_test_for_everybody
from members.enums import StaffCategory
from members.models import Division, Posting, Team, User
from performance.domain.computing import compute_quarter
from performance.domain.ledger import confirm_item, enter_item
from performance.domain.quarters import open_quarter, publish_quarter
from performance.domain.schemes import adopt_scheme, copy_scheme, draft_scheme
from performance.enums import LedgerSign, LedgerTarget, Measure
from performance.models import (
    Grade,
    Indicator,
    LedgerKind,
    Quarter,
    Rating,
    RatingKind,
    Scheme,
    Threshold,
    Veto,
)
from performance.models.quarter import bounds

# Number, item, list, whom it concerns, points, at most a quarter; none needs a document in a demonstration.
_KINDS = (
    ("Z01", "帮扶做法被市级以上推广", LedgerSign.POSITIVE, LedgerTarget.TEAM, 6, 12),
    ("Z02", "为群众解决急难愁盼问题", LedgerSign.POSITIVE, LedgerTarget.PERSON, 3, 9),
    ("Z03", "引进帮扶资金或项目", LedgerSign.POSITIVE, LedgerTarget.TEAM, 5, 10),
    ("N01", "无故不在岗", LedgerSign.NEGATIVE, LedgerTarget.PERSON, 10, None),
    ("N02", "监测帮扶信息更新不及时", LedgerSign.NEGATIVE, LedgerTarget.TEAM, 4, None),
    ("N03", "受到纪律处分", LedgerSign.NEGATIVE, LedgerTarget.PERSON, 20, None),
)
_HAPPENED = {
    "Z01": "产业联农带农做法列入市级典型",
    "Z02": "协调修复入户道路，群众反映良好",
    "Z03": "争取后盾单位项目资金到村",
    "N01": "抽查时未在村，无请假记录",
    "N02": "两户监测对象信息逾期未更新",
}
_TIMES = {"Z01": 6, "Z02": 18, "Z03": 8, "N01": 4, "N02": 7}
_GRADES = {
    StaffCategory.CIVIL_SERVANT: ("优秀", "称职", "基本称职", "不称职"),
    StaffCategory.INSTITUTION: ("优秀", "合格", "基本合格", "不合格"),
    StaffCategory.ENTERPRISE: ("优秀", "合格", "基本合格", "不合格"),
    StaffCategory.OTHER: ("优秀", "合格", "基本合格", "不合格"),
}
_LIMITS = ((90, 20), (75, None), (60, None), (0, None))
_NOTE = "演示用方案：权重、分值和比例均为示例，不代表任何地方的规定。"


@transaction.atomic
def prepare_demo_appraisal(*, by: User, at: datetime) -> None:
    """Make both quarters unless they are there. Everything but the ratings goes the way an office would go."""
    county = Division.objects.get(code=COUNTY)
    today = timezone.localdate(at)
    last, this = _quarter_before(today), (today.year, (today.month + 2) // 3)
    if Quarter.objects.filter(division=county).exists():
        return
    second = User.objects.get(username="admin2")
    kinds = _add_kinds(county)
    quarter = open_quarter(county, *last, by=by, at=at)
    title = f"{quarter.year} 年第 {quarter.number} 季度应知应会测试（演示）"
    hold_demo_test_for_everybody(title, county, began=_test_day(quarter), by=by)
    hold_demo_class("第一期集中培训班（演示）", _test_day(quarter) - timedelta(days=28), by=by, at=at)
    scheme = _adopt(quarter, by=by, at=at)
    _fill_ledger(quarter, kinds, by=by, second=second, at=at)
    _rate(quarter, by=by, at=at)
    compute_quarter(quarter, by=by, at=at)
    publish_quarter(quarter, by=by, at=at)
    now_open = open_quarter(county, *this, by=by, at=at)
    adopt_scheme(copy_scheme(scheme, to=now_open, by=by, at=at), by=by, at=at)


def _quarter_before(today: date) -> tuple[int, int]:
    first, _last = bounds(today.year, (today.month + 2) // 3)
    before = first - timedelta(days=1)
    return before.year, (before.month + 2) // 3


def _test_day(quarter: Quarter) -> datetime:
    """Nine o'clock, twenty days before the end."""
    return datetime.combine(quarter.ends_on - timedelta(days=20), time(9), timezone.get_current_timezone())


def _add_kinds(county: Division) -> dict[str, LedgerKind]:
    RatingKind.objects.bulk_create(
        [
            RatingKind(division=county, code="township", title="乡镇党委评价"),
            RatingKind(division=county, code="villagers", title="群众满意度"),
        ]
    )
    return {
        code: LedgerKind.objects.create(
            division=county,
            code=code,
            title=title,
            sign=sign,
            target=target,
            points=Decimal(points),
            quarter_cap=None if cap is None else Decimal(cap),
            needs_evidence=False,
        )
        for code, title, sign, target, points, cap in _KINDS
    }


def _adopt(quarter: Quarter, *, by: User, at: datetime) -> Scheme:
    scheme = draft_scheme(quarter, title="驻村帮扶季度考核方案（示例）", by=by, at=at)
    scheme.note = _NOTE
    exams = {"exams": [], "several": "mean", "absence": "zero", "retakes": "better"}
    attendance = {
        "kinds": [],
        "excused": "left_out",
        "late": "half",
        "made_up": "once",
        "wants_reason": False,
    }
    ledger: dict[str, object] = {"base": "80", "positive_cap": "20", "negative_cap": None, "kinds": []}
    scheme.indicators = [
        Indicator(sort_order=place, title=title, source=source, weight=Decimal(weight), settings=settings)
        for place, (title, source, weight, settings) in enumerate(
            (
                ("应知应会测试", "exams", 35, exams),
                ("培训出勤", "attendance", 10, attendance),
                ("正负清单", "ledger", 25, ledger),
                ("乡镇党委评价", "ratings", 15, {"kind": "township"}),
                ("群众满意度", "ratings", 15, {"kind": "villagers"}),
            )
        )
    ]
    scheme.vetoes = [
        Veto(title="受到纪律处分", source="ledger", counted="kind:N03", at_least=1, best_grade=4),
        Veto(title="两次测试不合格", source="exams", counted="failed", at_least=2, best_grade=3),
        Veto(title="三次无故缺训", source="attendance", counted="unexcused", at_least=3, best_grade=3),
    ]
    scheme.thresholds = [
        Threshold(measure=measure, below=Decimal(below))
        for measure, below in ((Measure.REMIND, 70), (Measure.TALK, 65), (Measure.ADMONISH, 60), (Measure.RECALL, 50))
    ]
    scheme.grades = [
        Grade(staff_category=category, label=label, from_points=Decimal(points), quota_percent=quota)
        for category, labels in _GRADES.items()
        for label, (points, quota) in zip(labels, _LIMITS, strict=True)
    ]
    scheme.save()
    return adopt_scheme(scheme, by=by, at=at)


def _fill_ledger(quarter: Quarter, kinds: dict[str, LedgerKind], *, by: User, second: User, at: datetime) -> None:
    chance = Random(quarter.name)  # noqa: S311 - invented events, not a draw
    people = _serving(quarter)
    teams = list(Team.objects.within_any([quarter.division.prefix]).order_by("code"))
    for code, times in _TIMES.items():
        kind = kinds[code]
        about: Sequence[User | Team] = teams if kind.target == LedgerTarget.TEAM else people
        for one in chance.sample(about, times):
            target = {"team": one} if isinstance(one, Team) else {"person": one}
            day = quarter.starts_on + timedelta(days=chance.randint(0, quarter.days - 1))
            entry = enter_item(kind, occurred_on=day, description=_HAPPENED[code], by=by, at=at, **target)
            confirm_item(entry, by=second, at=at)


def _serving(quarter: Quarter) -> list[User]:
    postings = Posting.objects.serving(on=quarter.ends_on).within_any([quarter.division.prefix])
    return [posting.person for posting in postings.select_related("person").order_by("person__code")]


def _rate(quarter: Quarter, *, by: User, at: datetime) -> None:
    chance = Random(f"{quarter.name} ratings")  # noqa: S311 - invented scores, not a draw
    kinds = RatingKind.objects.filter(division=quarter.division).order_by("code")
    Rating.objects.bulk_create(
        Rating(
            quarter=quarter,
            kind=kind,
            person=person,
            score=Decimal(min(100, max(60, round(chance.gauss(88, 6))))),
            entered_by=by,
            entered_at=at,
        )
        for kind in kinds
        for person in _serving(quarter)
    )
