"""Two of the office close, compute, decide and reopen at the same moment."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.refusals import AlreadyDecided
from members.models import Division, User
from performance.domain.appeals import decide_appeal, file_appeal
from performance.domain.computing import compute_quarter
from performance.domain.quarters import ask_reopening, close_quarter, decide_reopening, publish_quarter
from performance.domain.refusals import QuarterBusy, QuarterNotOpen
from performance.enums import QuarterState
from performance.models import Appeal, Computation, Correction, Quarter, Scorecard, ScoreLine
from tests.factories.performance import COMPUTED_AT, a_quarter, a_scheme, administrator
from tests.performance.domain.test_quarters import LEDGER_ONLY
from tests.support.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = COMPUTED_AT + timedelta(days=7)


@pytest.fixture
def office(county: Division) -> list[User]:
    return [administrator(county) for _ in range(3)]


@pytest.fixture
def quarter(county: Division, ana: User, dan: User, office: list[User]) -> Quarter:
    quarter = a_quarter(county)
    a_scheme(quarter, LEDGER_ONLY)
    return quarter


def fresh(quarter: Quarter) -> Quarter:
    return Quarter.objects.select_related("division").get(pk=quarter.pk)


def test_of_two_who_close_one_does(quarter: Quarter, office: list[User]) -> None:
    compute_quarter(quarter, by=office[0], at=COMPUTED_AT)
    publish_quarter(quarter, by=office[0], at=COMPUTED_AT)

    turns = at_once(*[lambda by=by: close_quarter(fresh(quarter), by=by, at=LATER) for by in office])

    assert [type(turn.error) for turn in turns if turn.error] == [QuarterNotOpen] * 2
    assert fresh(quarter).state == QuarterState.CLOSED


def test_of_two_who_compute_each_finds_the_same_and_one_computing_stays(quarter: Quarter, office: list[User]) -> None:
    turns = at_once(*[lambda by=by: compute_quarter(fresh(quarter), by=by, at=COMPUTED_AT) for by in office])

    errors = [type(turn.error) for turn in turns if turn.error]
    assert set(errors) <= {QuarterBusy}
    assert Computation.objects.count() == 1
    assert list(Scorecard.objects.current().values_list("total", flat=True)) == [80, 80]
    assert fresh(quarter).computation == Computation.objects.get()


def test_of_two_who_accept_an_objection_one_corrects(quarter: Quarter, ana: User, office: list[User]) -> None:
    compute_quarter(quarter, by=office[0], at=COMPUTED_AT)
    publish_quarter(quarter, by=office[0], at=COMPUTED_AT)
    line = ScoreLine.objects.get(scorecard__person=ana)
    appeal = file_appeal(line, text="不对", by=ana, at=COMPUTED_AT)

    def decide(by: User) -> list[int]:
        one = Appeal.objects.get(pk=appeal.pk)
        return decide_appeal(one, accept=True, answer="同意", points=Decimal(3), by=by, at=COMPUTED_AT)

    turns = at_once(*[lambda by=by: decide(by) for by in office[1:]])

    assert [type(turn.error) for turn in turns if turn.error] == [AlreadyDecided]
    assert Correction.objects.count() == 1
    assert Scorecard.objects.get(person=ana).total == 83


def test_of_two_who_approve_reopening_one_does(quarter: Quarter, office: list[User]) -> None:
    compute_quarter(quarter, by=office[0], at=COMPUTED_AT)
    publish_quarter(quarter, by=office[0], at=COMPUTED_AT)
    close_quarter(quarter, by=office[0], at=LATER)
    asked = ask_reopening(quarter, reason="录错", by=office[0], at=LATER)

    turns = at_once(*[lambda by=by: decide_reopening(asked, approve=True, by=by, at=LATER) for by in office[1:]])

    assert [type(turn.error) for turn in turns if turn.error] == [AlreadyDecided]
    assert fresh(quarter).edition == 2
