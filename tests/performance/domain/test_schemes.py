"""Schemes are declared rows that hold together; sources join without the computation knowing them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from common.evidence import Finding, Inquiry, Piece, Source, forget_source, register_source, sources
from common.refusals import NotAllowed
from members.models import Division, User
from performance.domain.comparing import compare
from performance.domain.computing import compute_quarter
from performance.domain.quarters import publish_quarter
from performance.domain.refusals import QuarterNotOpen, SchemeWrong
from performance.domain.schemes import adopt_scheme, copy_scheme, problems_of
from performance.enums import Measure, SchemeState
from performance.models import Quarter, Scheme
from tests.factories.performance import COMPUTED_AT, EXAMS_ONLY, GRADES, a_quarter, a_scheme, administrator
from tests.performance.domain.test_quarters import LEDGER_ONLY

pytestmark = pytest.mark.django_db

# What people do, not what they know: none of it may ever be appraised.
FORMALISM = ("reading", "sign_in", "login", "practice", "online", "minutes", "streak")


@pytest.fixture
def quarter(county: Division, ana: User, dan: User) -> Quarter:
    return a_quarter(county)


class SpotChecks(Source):
    """A third kind of evidence, as another app would bring it: everybody answered three of four questions."""

    key = "spot_checks"
    name = "抽查"

    def countable(self, division: str) -> Mapping[str, str]:
        return {"silent": "未应答"}

    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        piece = Piece(label="电话抽查", ref="spot_checks:7", value=Decimal(3), of=Decimal(4))
        return {person: Finding(Decimal(75), "答对 3 题", (piece,), {"silent": 1}) for person in inquiry.people}


@pytest.fixture
def spot_checks() -> Iterator[None]:
    register_source(SpotChecks())
    yield
    forget_source(SpotChecks.key)


def test_a_third_source_joins_without_touching_the_computation(
    quarter: Quarter, ana: User, boss: User, spot_checks: None
) -> None:
    half = [{**row, "weight": 50} for row in LEDGER_ONLY]
    a_scheme(
        quarter,
        [*half, {"title": "抽查", "source": "spot_checks", "weight": 50}],
        vetoes=[{"title": "未应答", "source": "spot_checks", "counted": "silent", "at_least": 1, "best_grade": 4}],
    )

    card = compute_quarter(quarter, by=boss, at=COMPUTED_AT).scorecards.get(person=ana)

    line = card.lines.get(indicator__source="spot_checks")
    assert (card.total, card.grade) == (Decimal("77.50"), "不称职")
    assert (line.points, line.explanation, line.evidence[0]["ref"]) == (Decimal("37.50"), "答对 3 题", "spot_checks:7")


def test_nothing_but_results_attendance_the_ledger_and_given_scores_can_be_chosen() -> None:
    assert set(sources()) == {"exams", "attendance", "ledger", "ratings"}


def test_no_source_is_about_reading_signing_in_or_practice() -> None:
    for key, source in sources().items():
        words = f"{key} {' '.join(source.settings_form.base_fields)} {type(source).__module__}"
        assert not [word for word in FORMALISM if word in words]


def test_what_members_read_and_practise_registers_no_source() -> None:
    homes = {type(source).__module__.partition(".")[0] for source in sources().values()}

    assert homes <= {"exams", "courses", "performance"}
    assert apps.is_installed("cms")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{**EXAMS_ONLY[0], "weight": 90}], "权重合计为 90.00，不等于 100"),
        ([{**EXAMS_ONLY[0], "role": "member"}], "“第一书记、公务员”的权重合计为 0"),
        ([{**EXAMS_ONLY[0], "source": "reading"}], "数据来源“reading”不存在"),
        ([{**EXAMS_ONLY[0], "weight": 50}, {**EXAMS_ONLY[0], "weight": 50}], "有两项指标同名"),
        ([{**EXAMS_ONLY[0], "settings": {"several": "worst"}}], "“应知应会测试”：多次考试"),
        ([{"title": "评价", "source": "ratings", "weight": 100, "settings": {"kind": "none"}}], "“评价”：评分项目"),
    ],
)
def test_a_scheme_that_does_not_hold_together_says_where(quarter: Quarter, rows: list, problem: str) -> None:
    scheme = a_scheme(quarter, rows, adopt=False)

    assert problem in "\n".join(problems_of(Scheme.objects.get(pk=scheme.pk)))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"grades": ()}, "“公务员”没有设置等次"),
        ({"grades": GRADES[:2]}, "最低等次应从 0 分起"),
        ({"thresholds": [(Measure.REMIND, 60), (Measure.TALK, 70)]}, "“约谈”的分数线应低于“提醒”"),
        (
            {"vetoes": [{"title": "否决", "source": "exams", "counted": "nothing", "at_least": 1, "best_grade": 2}]},
            "一票否决条件“否决”没有对应的计数",
        ),
    ],
)
def test_grades_thresholds_and_vetoes_are_checked_too(quarter: Quarter, fields: dict, problem: str) -> None:
    scheme = a_scheme(quarter, adopt=False, **fields)

    assert problem in "\n".join(problems_of(Scheme.objects.get(pk=scheme.pk)))


def test_a_wrong_scheme_is_not_adopted(quarter: Quarter, boss: User) -> None:
    scheme = a_scheme(quarter, [{**EXAMS_ONLY[0], "weight": 90}], adopt=False)

    with pytest.raises(SchemeWrong):
        adopt_scheme(scheme, by=boss, at=COMPUTED_AT)
    scheme.refresh_from_db()
    assert scheme.state == SchemeState.DRAFT


def test_the_next_version_takes_the_place_of_the_former(quarter: Quarter, boss: User) -> None:
    first = a_scheme(quarter)
    second = adopt_scheme(copy_scheme(first, to=quarter, by=boss, at=COMPUTED_AT), by=boss, at=COMPUTED_AT)

    first.refresh_from_db()
    assert [(row.version, row.state) for row in (first, second)] == [(1, "superseded"), (2, "adopted")]
    assert first.indicators.count() == second.indicators.count() == 1
    assert set(first.grades.values_list("label")) == set(second.grades.values_list("label"))


def test_a_scheme_stays_as_it_is_once_results_are_shown(quarter: Quarter, boss: User) -> None:
    scheme = a_scheme(quarter, LEDGER_ONLY)
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    publish_quarter(quarter, by=boss, at=COMPUTED_AT)

    with pytest.raises(QuarterNotOpen):
        copy_scheme(scheme, to=quarter, by=boss, at=COMPUTED_AT)


def test_the_scheme_of_a_county_is_not_changed_by_its_townships(quarter: Quarter, township: Division) -> None:
    scheme = a_scheme(quarter)

    with pytest.raises(NotAllowed):
        copy_scheme(scheme, to=quarter, by=administrator(township), at=COMPUTED_AT)


def test_what_if_names_who_would_move_and_by_how_much(quarter: Quarter, boss: User) -> None:
    scheme = a_scheme(quarter, LEDGER_ONLY)
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    draft = copy_scheme(scheme, to=quarter, by=boss, at=COMPUTED_AT)
    indicator = draft.indicators.get()
    indicator.settings = {**indicator.settings, "base": "95"}
    indicator.save()

    moves = compare(quarter, Scheme.objects.get(pk=draft.pk), by=boss, at=COMPUTED_AT + timedelta(hours=1))

    assert [(move.person.code, move.old_total, move.new_total, move.by) for move in moves] == [
        ("LX0001", 80, 95, 15),
        ("LX0002", 80, 95, 15),
    ]
    assert [(move.old_grade, move.new_grade) for move in moves] == [("称职", "优秀")] * 2
    assert set(quarter.computation.scorecards.values_list("total", flat=True)) == {80}


def test_what_if_nothing_changes_nobody_moves(quarter: Quarter, boss: User) -> None:
    scheme = a_scheme(quarter, LEDGER_ONLY)
    draft = copy_scheme(scheme, to=quarter, by=boss, at=COMPUTED_AT)

    assert compare(quarter, draft, by=boss, at=COMPUTED_AT) == []
