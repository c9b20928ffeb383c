"""Quarters as the pages show them: computed, published, closed by the product's own verbs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from members.models import Division, User
from performance.domain.computing import compute_quarter
from performance.domain.quarters import close_quarter, publish_quarter
from performance.models import Appeal, Quarter, Scorecard, ScoreLine
from tests.factories.performance import (
    COMPUTED_AT,
    SHANGHAI,
    a_ledger_entry,
    a_ledger_kind,
    a_quarter,
    a_rating,
    a_rating_kind,
    a_scheme,
)

# Inside the term for objections, and behind it.
LATER = datetime(2026, 7, 4, 12, 0, tzinfo=SHANGHAI)
AFTERWARDS = datetime(2026, 7, 20, 12, 0, tzinfo=SHANGHAI)

INDICATORS = (
    {"title": "正负清单", "source": "ledger", "weight": 40, "settings": {"base": "80"}},
    {"title": "乡镇评价", "source": "ratings", "weight": 60, "settings": {"kind": "township"}},
)


def computed(
    division: Division, *, by: User, people: Iterable[User], number: int = 2, score: str = "90", **scheme: Any
) -> Quarter:
    """Everybody has a rating, and one entry of the positive list."""
    quarter = a_quarter(division, by=by, number=number)
    kind = _rating_kind(division)
    a_scheme(quarter, INDICATORS, by=by, **scheme)
    item = _ledger_kind(division)
    for person in people:
        a_rating(quarter, kind, person, score)
        a_ledger_entry(item, on=quarter.ends_on - timedelta(days=10), person=person)
    compute_quarter(quarter, by=by, at=COMPUTED_AT)
    quarter.refresh_from_db()
    return quarter


def published(division: Division, *, by: User, people: Iterable[User], **more: Any) -> Quarter:
    quarter = computed(division, by=by, people=people, **more)
    publish_quarter(quarter, by=by, at=COMPUTED_AT)
    quarter.refresh_from_db()
    return quarter


def closed(division: Division, *, by: User, people: Iterable[User], **more: Any) -> Quarter:
    quarter = published(division, by=by, people=people, **more)
    close_quarter(quarter, by=by, at=AFTERWARDS)
    quarter.refresh_from_db()
    return quarter


def _rating_kind(division: Division) -> Any:
    from performance.models import RatingKind

    return RatingKind.objects.filter(division=division, code="township").first() or a_rating_kind(division)


def _ledger_kind(division: Division) -> Any:
    from performance.models import LedgerKind

    return LedgerKind.objects.filter(division=division, code="Z1").first() or a_ledger_kind(division)


def a_card(quarter: Quarter, person: User) -> Scorecard:
    return Scorecard.objects.get(computation=quarter.computation, person=person)


def a_line(card: Scorecard, title: str = "乡镇评价") -> ScoreLine:
    return card.lines.get(indicator__title=title, correction=None)


def an_objection(card: Scorecard, title: str = "乡镇评价", text: str = "五月的评价算错了") -> Appeal:
    return Appeal.objects.create(line=a_line(card, title), text=text, filed_at=LATER)
