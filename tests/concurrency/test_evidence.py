"""Two of the office at one entry or one sheet of scores, and a quarter that is settled meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from common.refusals import AlreadyDecided
from members.models import Division, User
from performance.domain import ledger
from performance.domain.ledger import confirm_item, decline_item, enter_item, reverse_item
from performance.domain.ratings import commit_rating_sheet, rate
from performance.domain.refusals import EntryNotReversible, QuarterNotOpen, SameEntryTwice
from performance.enums import LedgerState, QuarterState
from performance.models import LedgerEntry, LedgerKind, Quarter, Rating, RatingKind
from tests.factories.ledger import (
    DAY,
    NOON,
    a_kind,
    a_quarter,
    a_rating_kind,
    a_sheet,
    administrator,
    agreed,
    confirmed,
    entered,
    in_state,
)
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def flo(county: Division) -> User:
    return administrator(county)


@pytest.fixture
def gus(county: Division) -> User:
    return administrator(county, "gus", "古斯", "LX9008")


@pytest.fixture
def kind(county: Division) -> LedgerKind:
    return a_kind(county)


@pytest.fixture
def quarter(county: Division, cleo: User) -> Quarter:
    return a_quarter(county, by=cleo)


@pytest.fixture
def rating_kind(county: Division) -> RatingKind:
    return a_rating_kind(county)


def errors(turns: list[Turn]) -> list[type]:
    return [type(turn.error) for turn in turns if turn.error]


def test_of_two_who_decide_at_once_one_decides(kind: LedgerKind, ana: User, cleo: User, flo: User, gus: User) -> None:
    entry = entered(kind, person=ana, by=cleo)

    turns = at_once(
        lambda: confirm_item(LedgerEntry.objects.get(pk=entry.pk), by=flo, at=NOON),
        lambda: decline_item(LedgerEntry.objects.get(pk=entry.pk), reason="不属实", by=gus, at=NOON),
    )

    entry.refresh_from_db()
    assert errors(turns) == [AlreadyDecided]
    assert (entry.state, entry.decided_by) in ((LedgerState.CONFIRMED, flo), (LedgerState.DECLINED, gus))


def test_of_two_who_reverse_at_once_one_reverses(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)

    turns = at_once(*[lambda: reverse_item(entry, reason="写错", by=flo, at=NOON)] * 2)

    assert errors(turns) == [EntryNotReversible]
    assert LedgerEntry.objects.filter(reverses=entry).count() == 1


def test_the_same_form_sent_twice_at_once_is_one_entry(kind: LedgerKind, ana: User, cleo: User) -> None:
    turns = at_once(*[lambda: entered(kind, person=ana, by=cleo)] * 2)

    assert errors(turns) == [SameEntryTwice]
    assert LedgerEntry.objects.count() == 1


def test_a_sheet_carried_out_twice_at_once_is_carried_out_once(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, ("LX0001", "安娜", "91"), by=cleo)
    shown = agreed(sheet)

    turns = at_once(*[lambda: commit_rating_sheet(sheet, shown=shown, by=cleo, at=NOON)] * 2)

    assert errors(turns) == []
    assert Rating.objects.count() == 1


def test_two_scores_by_hand_at_once_leave_one_in_force(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User, flo: User
) -> None:
    at_once(
        lambda: rate(quarter, rating_kind, ana, "80", reason="更正", by=cleo, at=NOON),
        lambda: rate(quarter, rating_kind, ana, "90", reason="更正", by=flo, at=NOON),
    )

    assert Rating.objects.in_force().count() == 1


@pytest.mark.postgres
def test_whoever_settles_the_quarter_waits_for_what_is_being_entered(
    quarter: Quarter, kind: LedgerKind, ana: User, cleo: User, flo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle() -> None:
        in_state(Quarter.objects.get(pk=quarter.pk), QuarterState.PUBLISHED, by=flo)

    with pausing(monkeypatch, ledger, "_require_new") as pause:
        entering = Turn(lambda: entered(kind, person=ana, by=cleo)).start()
        pause.wait_until_reached()
        settling = Turn(settle).start()
        assert settling.is_waiting
        pause.go_on()
        entering.finish()
        settling.finish()

    assert (entering.error, settling.error, LedgerEntry.objects.count()) == (None, None, 1)
    with pytest.raises(QuarterNotOpen):
        enter_item(kind, person=ana, occurred_on=DAY, description="太晚了", by=cleo, at=NOON)
