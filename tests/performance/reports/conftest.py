"""A quarter of 岚溪县 that is published: Ana and a colleague in 青石镇, Dan in 柳河镇, somebody exempt."""

from collections.abc import Callable
from typing import Any

import pytest

from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, User
from performance.domain.reporting.order import Order
from performance.models import Computation, Quarter
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role
from tests.factories.scorecards import CUTOFF, a_card, a_computation, a_quarter

PIECE = {
    "label": "第三季度应知应会测试",
    "on": "2026-08-15",
    "value": "88.50",
    "of": "100",
    "ref": "exams:1",
    "note": "补考",
}


@pytest.fixture
def quarter(county: Division, cleo: User) -> Quarter:
    return a_quarter(county, by=cleo)


@pytest.fixture
def colleague(ana: User) -> User:
    """A first secretary of an institution, in Ana's team; the name would be a formula."""
    person = UserFactory.create(username="colleague", name="=HYPERLINK(1)", code="00123")
    team = ana.postings.get().team
    PostingFactory.create(
        person=person, team=team, role=PostingRole.FIRST_SECRETARY, staff_category=StaffCategory.INSTITUTION
    )
    return person


@pytest.fixture
def exempt(ana: User) -> User:
    person = UserFactory.create(username="exempt", name="免考人", code="LX0009")
    PostingFactory.create(person=person, team=ana.postings.get().team)
    return person


@pytest.fixture
def computation(quarter: Quarter, ana: User, dan: User, colleague: User, exempt: User, cleo: User) -> Computation:
    computation = a_computation(quarter, by=cleo, published=True)
    a_card(computation, ana, evidence=[PIECE])
    a_card(computation, dan, percents=("50", "40.5", "60"))
    a_card(computation, colleague, percents=("99", "95", "90"), limits=[{"kind": "quota", "text": "优秀名额已满"}])
    a_card(computation, exempt, percents=())
    return computation


@pytest.fixture
def inspector(township: Division) -> User:
    """Looks after 青石镇 alone."""
    return give_role(UserFactory.create(username="inspector", name="巡查员"), Role.INSPECTOR, township)


@pytest.fixture
def order(computation: Computation, county: Division, cleo: User) -> Callable[..., Order]:
    def order(**wishes: Any) -> Order:
        return Order(**{"computation": computation, "division": county, "by": cleo, "at": CUTOFF, **wishes})

    return order


@pytest.fixture
def another_county(db: None) -> Division:
    return DivisionFactory.create(code="530998000000", name="云岭县")


@pytest.fixture
def stranger(another_county: Division) -> User:
    """An administrator of another county."""
    return give_role(UserFactory.create(username="stranger"), Role.ADMINISTRATOR, another_county)


@pytest.fixture
def crowd(quarter: Quarter, township: Division, cleo: User) -> Callable[[int], Computation]:
    """A computation with so many more people, in one team."""

    def crowd(count: int) -> Computation:
        computation = quarter.computation or a_computation(quarter, by=cleo, published=True)
        village = DivisionFactory.create(code="530999101299", name="大村")
        team = TeamFactory.create(division=village)
        for person in UserFactory.create_batch(count):
            PostingFactory.create(person=person, team=team)
            a_card(computation, person, evidence=[PIECE])
        return computation

    return crowd
