"""Ten people whose quarter was worked out by hand: every rule of a scheme occurs, every figure is held.

April to June 2026 has 91 days. A first secretary is appraised by exams (50), ledger (30), township (10) and villagers
(10); a team member by exams (50), ledger (30) and township (20).
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from exams.models import Candidate, Exam
from members.enums import PostingRole, StaffCategory
from members.models import Division, Posting, Team, User
from performance.domain.computing import compute_quarter
from performance.domain.quarters import ask_exemption, decide_exemption
from performance.enums import LedgerSign, LedgerState, LedgerTarget, Measure
from performance.models import Computation, LedgerEntry, LedgerKind, Quarter, RatingKind, Scorecard
from question_bank.enums import Kind
from tests.factories.exams import published_exam
from tests.factories.members import PostingFactory, TeamFactory, UserFactory
from tests.factories.performance import (
    COMPUTED_AT,
    OF_EXAMS,
    SHANGHAI,
    a_ledger_entry,
    a_ledger_kind,
    a_quarter,
    a_rating,
    a_rating_kind,
    a_scheme,
    administrator,
)
from tests.support import cast

pytestmark = pytest.mark.django_db

INDICATORS = (
    {"title": "应知应会测试", "source": "exams", "weight": 50, "settings": OF_EXAMS},
    {"title": "正负清单", "source": "ledger", "weight": 30, "settings": {"base": "80", "positive_cap": "15"}},
    {
        "title": "乡镇评价（队员）",
        "source": "ratings",
        "weight": 20,
        "role": PostingRole.MEMBER,
        "settings": {"kind": "township"},
    },
    {
        "title": "乡镇评价（第一书记）",
        "source": "ratings",
        "weight": 10,
        "role": PostingRole.FIRST_SECRETARY,
        "settings": {"kind": "township"},
    },
    {
        "title": "群众满意度",
        "source": "ratings",
        "weight": 10,
        "role": PostingRole.FIRST_SECRETARY,
        "settings": {"kind": "villagers"},
    },
)
GRADES = (("优秀", 90, 25), ("称职", 75, None), ("基本称职", 60, None), ("不称职", 0, None))
VETOES = (
    {"title": "两次测试不合格", "source": "exams", "counted": "failed", "at_least": 2, "best_grade": 3},
    {"title": "受到处分", "source": "ledger", "counted": "kind:N2", "at_least": 1, "best_grade": 9},
)
THRESHOLDS = ((Measure.REMIND, 75), (Measure.TALK, 65), (Measure.ADMONISH, 60), (Measure.RECALL, 50))
PLAN = ((Kind.SINGLE, 10, 10),)


@dataclass
class County:
    """The people by their number, and what is asked about them."""

    division: Division
    quarter: Quarter
    people: dict[int, User]
    first: Exam
    second: Exam

    def compute(self) -> Computation:
        return compute_quarter(self.quarter, by=administrator(self.division), at=COMPUTED_AT)

    def card(self, number: int) -> Scorecard:
        return self.quarter.computation.scorecards.get(person=self.people[number])

    def lines(self, number: int) -> dict[str, Decimal]:
        return dict(self.card(number).lines.values_list("indicator__title", "points"))


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=SHANGHAI)


@pytest.fixture
def county_of_ten(_county_of_ten: County, db: None) -> County:
    return deepcopy(_county_of_ten)


@pytest.fixture(scope="module", autouse=True)
def _county_of_ten(standing: None) -> County:
    county = cast.county()
    teams = [TeamFactory(division__code=f"53099910{n}201") for n in (1, 2)]
    people = {number: UserFactory(code=f"LX{number:04d}") for number in range(1, 11)}
    post_everybody(people, teams)
    quarter = a_quarter(county)
    make_scheme(quarter)
    first = sat(county, people, moment(4, 20), {1: 90, 2: 80, 3: 70, 5: 60, 6: 60, 7: 75, 8: 58, 9: 50, 10: 92})
    second = sat(county, people, moment(6, 20), {1: 100, 2: 90, 3: None, 4: 100, 5: 80, 6: 60, 7: 85, 8: 59, 9: 81})
    sat(county, {9: people[9]}, moment(6, 25), {9: 65}, retake_of=first)
    enter_ledger(county, people, teams[0])
    rate(quarter, people)
    exempt(quarter, people[6])
    return County(county, quarter, people, first, second)


def post_everybody(people: dict[int, User], teams: list[Team]) -> None:
    """P1 is first secretary; P4 comes on 16 May; P5 becomes first secretary elsewhere then; P10 leaves on 30 April."""
    for number, person in people.items():
        category = StaffCategory.INSTITUTION if number in (9, 10) else StaffCategory.CIVIL_SERVANT
        post = PostingFactory(
            person=person,
            team=teams[0] if number <= 2 else teams[1],
            role=PostingRole.FIRST_SECRETARY if number == 1 else PostingRole.MEMBER,
            staff_category=category,
            starts_on=date(2026, 5, 16) if number == 4 else date(2026, 1, 1),
            ends_on={5: date(2026, 5, 15), 10: date(2026, 4, 30)}.get(number),
        )
        if number == 5:
            Posting.objects.create(
                person=person, team=TeamFactory(division__code="530999103201"), starts_on=date(2026, 5, 16),
                role=PostingRole.FIRST_SECRETARY, staff_category=post.staff_category,
            )  # fmt: skip


def make_scheme(quarter: Quarter) -> None:
    a_rating_kind(quarter.division, "township")
    a_rating_kind(quarter.division, "villagers", title="群众满意度")
    for code, points, more in (
        ("Z1", 5, {"target": LedgerTarget.TEAM, "quarter_cap": Decimal(10)}),
        ("Z2", 8, {}),
        ("Z3", 20, {}),
        ("N1", 10, {"sign": LedgerSign.NEGATIVE}),
        ("N2", 10, {"sign": LedgerSign.NEGATIVE}),
    ):
        a_ledger_kind(quarter.division, code, points, **more)
    a_scheme(quarter, INDICATORS, grades=GRADES, vetoes=VETOES, thresholds=THRESHOLDS)


def sat(
    county: Division, people: dict[int, User], when: datetime, scores: dict[int, int | None], **fields: object
) -> Exam:
    """An exam of a hundred points; who has no score stayed away."""
    sitters = [people[number] for number in scores]
    exam = published_exam(
        *sitters, division=county, at=when, opens_at=when, closes_at=when.replace(hour=18), blueprint__plan=PLAN,
        fresh_days=0, **fields,
    )  # fmt: skip
    for number, score in scores.items():
        found = Candidate.objects.filter(exam=exam, person=people[number])
        assert found.update(score=score, attempts_used=0 if score is None else 1) == 1
    return exam


def enter_ledger(county: Division, people: dict[int, User], team: Team) -> None:
    kinds = {kind.code: kind for kind in LedgerKind.objects.filter(division=county)}
    a_ledger_entry(kinds["Z1"], team=team, on=date(2026, 5, 6))
    a_ledger_entry(kinds["N1"], person=people[3], on=date(2026, 6, 1))
    for day in (1, 2, 3):
        a_ledger_entry(kinds["Z1"], person=people[7], on=date(2026, 6, day))
    a_ledger_entry(kinds["Z2"], person=people[7], on=date(2026, 6, 4))
    a_ledger_entry(kinds["Z3"], person=people[8], on=date(2026, 6, 5))
    wrong = a_ledger_entry(kinds["N1"], person=people[9], on=date(2026, 6, 8))
    a_ledger_entry(kinds["N1"], person=people[9], on=date(2026, 6, 8), points=Decimal(10), reverses=wrong)
    a_ledger_entry(kinds["N2"], person=people[10], on=date(2026, 4, 9))
    # What was declined, and what happened before the quarter, counts nothing.
    a_ledger_entry(kinds["N1"], person=people[2], on=date(2026, 6, 9), state=LedgerState.DECLINED)
    a_ledger_entry(kinds["N1"], person=people[2], on=date(2026, 3, 31))


def rate(quarter: Quarter, people: dict[int, User]) -> None:
    """P7 has no score of the township."""
    township, villagers = RatingKind.objects.filter(division=quarter.division).order_by("code")
    scores = {1: "90", 2: "90", 3: "60", 4: "95", 5: "88", 8: "100", 9: "77.5", 10: "90"}
    for number, score in scores.items():
        a_rating(quarter, township, people[number], score)
    for number, score in {1: "96", 5: "70"}.items():
        a_rating(quarter, villagers, people[number], score)


def exempt(quarter: Quarter, person: User) -> None:
    asked = ask_exemption(quarter, person, reason="病假三个月", by=administrator(quarter.division), at=COMPUTED_AT)
    decide_exemption(asked, approve=True, by=administrator(quarter.division), at=COMPUTED_AT)


TOTALS = {
    1: "91.60",  # 47.50 + 25.50 + 9.00 + 9.60
    2: "86.00",  # 42.50 + 25.50 + 18.00
    3: "50.50",  # (70 + 0) / 2 = 35 %: 17.50; 80 - 10 = 70 %: 21.00; 12.00
    4: "93.00",  # one exam: 50.00; 24.00; 19.00
    5: "75.69",  # 35.00 + 24.00 + 8.70 + 4.45 + 3.54
    7: "85.63",  # 80 % of 62.5: 50.00; 80 + min(10 + 8, 15) = 95 % of 37.5: 35.625, rounded to 35.63
    8: "77.75",  # 58.5 %: 29.25; 80 + min(20, 15) = 95 %: 28.50; 20.00
    9: "76.00",  # (65 + 81) / 2 = 73 %: 36.50; 24.00; 15.50
    10: "85.00",  # 46.00 + 21.00 + 18.00
}
GRADED = {
    1: "称职",  # 25 % of seven civil servants is one, and P4 has more points
    2: "称职",
    3: "不称职",
    4: "优秀",
    5: "称职",
    7: "称职",
    8: "基本称职",  # two exams not passed
    9: "称职",
    10: "不称职",  # a disciplinary case
}


def test_every_total_is_what_was_worked_out_by_hand(county_of_ten: County) -> None:
    county_of_ten.compute()

    totals = {number: str(county_of_ten.card(number).total) for number in TOTALS}
    assert totals == TOTALS


def test_every_grade_is_what_was_worked_out_by_hand(county_of_ten: County) -> None:
    county_of_ten.compute()

    assert {number: county_of_ten.card(number).grade for number in GRADED} == GRADED
    assert {number: county_of_ten.card(number).measure for number in GRADED if county_of_ten.card(number).measure} == {
        3: Measure.ADMONISH
    }
    limits = {number: [each["text"] for each in county_of_ten.card(number).limits] for number in GRADED}
    assert {number: texts for number, texts in limits.items() if texts} == {
        1: ["达到此等次的人数超过比例上限。"],
        8: ["两次测试不合格"],
        10: ["受到处分"],
    }


def test_who_changed_posts_is_appraised_by_both_for_their_days(county_of_ten: County) -> None:
    county_of_ten.compute()

    card = county_of_ten.card(5)
    assert county_of_ten.lines(5) == {
        "应知应会测试": Decimal("35.00"),
        "正负清单": Decimal("24.00"),
        "乡镇评价（队员）": Decimal("8.70"),  # 20 × 45 / 91 × 88 %
        "乡镇评价（第一书记）": Decimal("4.45"),  # 10 × 46 / 91 × 88 %
        "群众满意度": Decimal("3.54"),  # 10 × 46 / 91 × 70 %
    }
    assert [(post["role"], post["from"], post["to"]) for post in card.posts] == [
        ("member", "2026-04-01", "2026-05-15"),
        ("first_secretary", "2026-05-16", "2026-06-30"),
    ]
    assert (card.role, card.days_served) == (PostingRole.FIRST_SECRETARY, 91)


def test_who_served_a_part_says_how_long(county_of_ten: County) -> None:
    county_of_ten.compute()

    assert [county_of_ten.card(number).days_served for number in (1, 4, 10)] == [91, 46, 30]


def test_the_exempt_have_no_total_and_say_why(county_of_ten: County) -> None:
    county_of_ten.compute()

    card = county_of_ten.card(6)
    assert (card.state, card.total, card.grade, card.remark, card.lines.count()) == (
        "exempt",
        None,
        "",
        "病假三个月",
        0,
    )


def test_the_sum_of_the_lines_is_the_total(county_of_ten: County) -> None:
    county_of_ten.compute()

    for number in TOTALS:
        assert sum(county_of_ten.lines(number).values()) == county_of_ten.card(number).total


def test_nothing_is_missing(county_of_ten: County) -> None:
    computation = county_of_ten.compute()

    assert (computation.missing, computation.people) == ([], 10)


def test_computing_again_changes_nothing(county_of_ten: County) -> None:
    first = county_of_ten.compute()
    cards = list(first.scorecards.values_list("person", "total", "grade", "limits"))

    second = county_of_ten.compute()

    assert second.digest == first.digest
    assert list(second.scorecards.values_list("person", "total", "grade", "limits")) == cards
    assert Computation.objects.count() == 1


def test_every_point_leads_to_its_evidence(county_of_ten: County) -> None:
    county_of_ten.compute()

    pieces = {
        line.indicator.title: [(piece["label"], piece["value"], piece["note"]) for piece in line.evidence]
        for line in county_of_ten.card(3).lines.select_related("indicator")
    }
    entry = LedgerEntry.objects.get(person=county_of_ten.people[3])
    assert pieces == {
        "应知应会测试": [
            (county_of_ten.first.title, "70.00", ""),
            (county_of_ten.second.title, None, "缺考"),
        ],
        "正负清单": [("事项N1", "-10.00", "入户核实")],
        "乡镇评价（队员）": [("乡镇评价", "60.00", "手工录入")],
    }
    ledger = county_of_ten.card(3).lines.get(indicator__title="正负清单")
    assert ledger.evidence[0]["ref"] == f"ledger:{entry.uuid}"
