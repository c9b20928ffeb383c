"""In which order a quarter's evidence comes in does not matter: every order gives the same figures, to the digest."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from members.models import Division, User
from performance.domain.computing import compute_quarter
from performance.domain.ledger import confirm_item, decline_item, enter_item, reverse_item
from performance.domain.ratings import rate
from performance.enums import LedgerSign, LedgerTarget
from performance.models import Quarter, RatingKind
from tests.factories.performance import (
    COMPUTED_AT,
    a_ledger_kind,
    a_quarter,
    a_rating_kind,
    a_scheme,
)

pytestmark = pytest.mark.django_db

INDICATORS = (
    {"title": "正负清单", "source": "ledger", "weight": 70, "settings": {"base": "80", "positive_cap": "8"}},
    {"title": "乡镇评价", "source": "ratings", "weight": 30, "settings": {"kind": "township"}},
)
GRADES = (("优秀", 80, 34), ("称职", 60, None), ("不称职", 0, None))
ORDERS = 8

# Events that follow each other; each goes on when it is asked for the next one.
Story = Callable[[], Iterator[object]]


@pytest.fixture
def quarter(county: Division, ana: User, mate: User, dan: User, boss: User) -> Quarter:
    a_rating_kind(county)
    quarter = a_quarter(county, by=boss)
    a_scheme(quarter, INDICATORS, by=boss, grades=GRADES)
    return quarter


@pytest.fixture
def stories(quarter: Quarter, county: Division, ana: User, dan: User, boss: User, second: User) -> list[Story]:
    """Items that count, one that is declined, one that is reversed, scores that are replaced."""
    good = a_ledger_kind(county, "Z1", 5, quarter_cap=Decimal(8))
    bad = a_ledger_kind(county, "N1", 7, sign=LedgerSign.NEGATIVE, target=LedgerTarget.TEAM)
    township = RatingKind.objects.get()
    team = ana.postings.get().team

    def praised(person: User, day: int) -> Story:
        def story() -> Iterator[object]:
            on = date(2026, 5, day)
            entry = enter_item(good, person=person, occurred_on=on, description="解难题", by=boss, at=COMPUTED_AT)
            yield entry
            yield confirm_item(entry, by=second, at=COMPUTED_AT)

        return story

    def blamed(day: int, *, stands: bool) -> Story:
        def story() -> Iterator[object]:
            on = date(2026, 5, day)
            entry = enter_item(bad, team=team, occurred_on=on, description="不及时", by=boss, at=COMPUTED_AT)
            yield entry
            yield confirm_item(entry, by=second, at=COMPUTED_AT)
            if not stands:
                reversal = reverse_item(entry, reason="记错", by=boss, at=COMPUTED_AT)
                yield reversal
                yield confirm_item(reversal, by=second, at=COMPUTED_AT)

        return story

    def declined() -> Iterator[object]:
        on = date(2026, 5, 9)
        entry = enter_item(good, person=dan, occurred_on=on, description="不属实", by=boss, at=COMPUTED_AT)
        yield entry
        yield decline_item(entry, reason="不属实", by=second, at=COMPUTED_AT)

    def rated(person: User, *scores: str) -> Story:
        def story() -> Iterator[object]:
            for score in scores:
                yield rate(quarter, township, person, score, reason="更正", by=boss, at=COMPUTED_AT)

        return story

    return [
        praised(ana, 4), praised(ana, 20), praised(dan, 6), blamed(7, stands=True), blamed(8, stands=False), declined,
        rated(ana, "70", "90.5"), rated(dan, "81"),
    ]  # fmt: skip


def told_in(stories: list[Story], chance: Random) -> None:
    """Each story in its own order, and all of them through each other as chance will."""
    running = [story() for story in stories]
    while running:
        one = chance.choice(running)
        if next(one, None) is None:
            running.remove(one)


def found_of(quarter: Quarter, stories: list[Story], seed: int, by: User) -> tuple[str, list[tuple[object, ...]]]:
    """What computing finds after the stories in that order; nothing of it stays."""
    with transaction.atomic():
        told_in(stories, Random(seed))
        computation = compute_quarter(quarter, by=by, at=COMPUTED_AT)
        cards = computation.scorecards.order_by("person__code")
        found = computation.digest, list(cards.values_list("person__code", "total", "grade"))
        transaction.set_rollback(True)
    return found


def test_the_order_of_events_changes_no_figure(quarter: Quarter, stories: list[Story], boss: User) -> None:
    orders = [found_of(quarter, stories, seed, boss) for seed in range(ORDERS)]

    # Ana: 80 + 8 (two items of 5, capped) - 7 = 81 % of 70, and 90.5 % of 30; a third of three may be the best grade.
    assert orders[0][1] == [
        ("LX0001", Decimal("83.85"), "优秀"),
        ("LX0002", Decimal("83.80"), "称职"),
        ("LX0009", Decimal("73.00"), "称职"),
    ]
    assert orders == [orders[0]] * ORDERS
