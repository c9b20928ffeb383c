"""Objections: filed in the term, decided by somebody else, and what an accepted one changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from common.refusals import AlreadyAsked, AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from members.models import Division, User
from performance.domain.appeals import also_affected, decide_appeal, file_appeal
from performance.domain.computing import compute_quarter
from performance.domain.quarters import ask_reopening, close_quarter, decide_reopening, publish_quarter
from performance.domain.refusals import PointsMissing, PointsOutOfRange, QuarterIncomplete, TermOver
from performance.enums import AppealState, LedgerSign, LedgerTarget
from performance.models import Appeal, Quarter, Scorecard, ScoreLine
from tests.factories.performance import (
    COMPUTED_AT,
    a_ledger_entry,
    a_ledger_kind,
    a_quarter,
    a_scheme,
    administrator,
)
from tests.performance.domain.test_quarters import LEDGER_ONLY

pytestmark = pytest.mark.django_db

IN_TERM = COMPUTED_AT + timedelta(days=2)


@pytest.fixture
def quarter(county: Division, ana: User, mate: User, dan: User, boss: User) -> Quarter:
    """Published; ten points were taken off Ana's team. Dan reached the better grade, of which there is one in three."""
    quarter = a_quarter(county)
    a_scheme(quarter, LEDGER_ONLY, grades=(("优秀", 80, 34), ("称职", 0, None)))
    wrong = a_ledger_kind(county, "N1", 10, sign=LedgerSign.NEGATIVE, target=LedgerTarget.TEAM)
    a_ledger_entry(wrong, team=ana.postings.get().team, on=date(2026, 5, 4))
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    return publish_quarter(quarter, by=boss, at=COMPUTED_AT)


@pytest.fixture
def line(quarter: Quarter, ana: User) -> ScoreLine:
    return ScoreLine.objects.get(scorecard__person=ana)


@pytest.fixture
def appeal(line: ScoreLine, ana: User) -> Appeal:
    return file_appeal(line, text="当天我们在村里", by=ana, at=IN_TERM)


def totals(quarter: Quarter) -> dict[str, tuple[Decimal, str]]:
    cards = quarter.computation.scorecards.order_by("person__code")
    return {card.person.code: (card.total, card.grade) for card in cards.select_related("person")}


def test_an_objection_is_filed_against_ones_own_line(appeal: Appeal, ana: User) -> None:
    assert list(Appeal.objects.of(ana).open()) == [appeal]


@pytest.mark.parametrize("person", ["dan", "boss"])
def test_nobody_objects_for_somebody_else(line: ScoreLine, request: pytest.FixtureRequest, person: str) -> None:
    with pytest.raises(NotAllowed):
        file_appeal(line, text="不对", by=request.getfixturevalue(person), at=IN_TERM)


def test_an_objection_comes_within_the_term(line: ScoreLine, quarter: Quarter, ana: User) -> None:
    with pytest.raises(TermOver):
        file_appeal(line, text="不对", by=ana, at=quarter.objections_until)
    file_appeal(line, text="不对", by=ana, at=quarter.objections_until - timedelta(seconds=1))


@pytest.mark.parametrize(("text", "refusal"), [(" \n", ReasonMissing), ("不对\x00", ValidationError)])
def test_an_objection_says_what_is_wrong(line: ScoreLine, ana: User, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        file_appeal(line, text=text, by=ana, at=IN_TERM)
    assert not Appeal.objects.exists()


def test_one_objection_at_a_time_against_a_line(appeal: Appeal, ana: User) -> None:
    with pytest.raises(AlreadyAsked):
        file_appeal(appeal.line, text="再说一次", by=ana, at=IN_TERM)


def test_whoever_published_the_results_does_not_decide(appeal: Appeal, boss: User) -> None:
    with pytest.raises(SecondPersonNeeded):
        decide_appeal(appeal, accept=False, answer="属实", by=boss, at=IN_TERM)


def test_whoever_declined_an_objection_does_not_decide_the_next(
    appeal: Appeal, county: Division, ana: User, second: User
) -> None:
    decide_appeal(appeal, accept=False, answer="有记录", by=second, at=IN_TERM)
    again = file_appeal(appeal.line, text="记录写错了人", by=ana, at=IN_TERM)

    with pytest.raises(SecondPersonNeeded):
        decide_appeal(again, accept=False, answer="有记录", by=second, at=IN_TERM)
    decide_appeal(again, accept=False, answer="有记录", by=administrator(county), at=IN_TERM)


def test_an_administrator_of_elsewhere_decides_nothing(appeal: Appeal, township: Division) -> None:
    with pytest.raises(NotAllowed):
        decide_appeal(appeal, accept=False, answer="有记录", by=administrator(township), at=IN_TERM)


def test_a_declined_objection_changes_no_figure(appeal: Appeal, quarter: Quarter, second: User) -> None:
    before = totals(quarter)

    decide_appeal(appeal, accept=False, answer="有记录", by=second, at=IN_TERM)

    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer, totals(quarter)) == (AppealState.DECLINED, "有记录", before)


def test_others_whose_line_rests_on_the_same_evidence_are_found(appeal: Appeal, mate: User) -> None:
    assert [card.person for card in also_affected(appeal)] == [mate]


def test_an_accepted_objection_adds_a_line_and_grades_everybody_anew(
    appeal: Appeal, quarter: Quarter, ana: User, mate: User, dan: User, second: User
) -> None:
    assert totals(quarter) == {"LX0001": (70, "称职"), "LX0002": (80, "优秀"), "LX0009": (70, "称职")}

    changed = decide_appeal(
        appeal, accept=True, answer="记录有误", points=Decimal(15), also=[mate], by=second, at=IN_TERM
    )

    # Two with 85 share the one place there is for the better grade, so nobody has it; Dan is no longer the first.
    assert totals(quarter) == {"LX0001": (85, "称职"), "LX0002": (80, "称职"), "LX0009": (85, "称职")}
    assert changed == sorted([ana.pk, mate.pk, dan.pk])
    lines = Scorecard.objects.get(person=mate).lines.order_by("pk")
    assert [(row.points, row.correction is not None) for row in lines] == [(70, False), (15, True)]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"answer": " ", "points": Decimal(1)}, ReasonMissing),
        ({"answer": "同意", "points": None}, PointsMissing),
        ({"answer": "同意", "points": Decimal(0)}, PointsMissing),
    ],
)
def test_a_decision_is_whole_or_not_taken(
    appeal: Appeal, quarter: Quarter, second: User, fields: dict, refusal: type[Exception]
) -> None:
    before = totals(quarter)

    with pytest.raises(refusal):
        decide_appeal(appeal, accept=True, by=second, at=IN_TERM, **fields)

    appeal.refresh_from_db()
    assert (appeal.state, totals(quarter)) == (AppealState.OPEN, before)


@pytest.mark.parametrize("points", ["30.01", "-70.01"])
def test_no_correction_takes_a_line_below_nothing_or_above_its_weight(
    appeal: Appeal, quarter: Quarter, mate: User, second: User, points: str
) -> None:
    before = totals(quarter)

    with pytest.raises(PointsOutOfRange):
        decide_appeal(appeal, accept=True, answer="同意", points=Decimal(points), also=[mate], by=second, at=IN_TERM)

    appeal.refresh_from_db()
    assert (appeal.state, totals(quarter)) == (AppealState.OPEN, before)


def test_a_second_correction_of_a_line_finds_no_more_room_than_the_first_left(
    appeal: Appeal, county: Division, ana: User, second: User
) -> None:
    decide_appeal(appeal, accept=True, answer="同意", points=Decimal(30), by=second, at=IN_TERM)
    again = file_appeal(appeal.line, text="还差", by=ana, at=IN_TERM)

    with pytest.raises(PointsOutOfRange):
        decide_appeal(again, accept=True, answer="同意", points=Decimal("0.01"), by=administrator(county), at=IN_TERM)


def test_a_decision_is_taken_once(appeal: Appeal, county: Division, quarter: Quarter, second: User) -> None:
    decide_appeal(appeal, accept=True, answer="同意", points=Decimal(1), by=second, at=IN_TERM)

    with pytest.raises(AlreadyDecided):
        decide_appeal(appeal, accept=True, answer="同意", points=Decimal(1), by=administrator(county), at=IN_TERM)
    assert totals(quarter)["LX0001"][0] == 71


def test_a_quarter_with_an_undecided_objection_is_not_closed(appeal: Appeal, quarter: Quarter, boss: User) -> None:
    with pytest.raises(QuarterIncomplete):
        close_quarter(quarter, by=boss, at=quarter.objections_until)


def test_a_correction_holds_when_the_quarter_is_computed_again(
    appeal: Appeal, quarter: Quarter, county: Division, boss: User, second: User
) -> None:
    decide_appeal(appeal, accept=True, answer="同意", points=Decimal(6), by=second, at=IN_TERM)
    close_quarter(quarter, by=boss, at=quarter.objections_until)
    later = COMPUTED_AT + timedelta(days=30)
    decide_reopening(ask_reopening(quarter, reason="补录", by=boss, at=later), approve=True, by=second, at=later)

    quarter.refresh_from_db()
    compute_quarter(quarter, by=boss, at=later)

    assert totals(quarter)["LX0001"][0] == 76
