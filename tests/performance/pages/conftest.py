"""A computed and published quarter with lines of every sort, and the people of the office around it."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.test import Client

from members.enums import Role
from members.models import Division, User
from performance.models import Quarter, Scorecard
from tests.conftest import Clock
from tests.factories.members import UserFactory, give_role
from tests.performance.pages.making import LATER, a_card, published
from tests.support import cast

As = Callable[[User], Client]


@pytest.fixture
def as_(clock: Clock) -> As:
    """A client in which somebody is signed in, on 8 July 2026."""
    clock.time = LATER

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
        return client

    return signed_in


@pytest.fixture
def eve(other_township: Division) -> User:
    """An administrator of 柳河镇 alone."""
    return give_role(UserFactory.create(username="eve", name="伊芙", code="LX9005"), Role.ADMINISTRATOR, other_township)


@pytest.fixture
def flo(county: Division) -> User:
    """A second administrator of the county."""
    return give_role(UserFactory.create(username="flo", name="芙罗", code="LX9006"), Role.ADMINISTRATOR, county)


@pytest.fixture
def iris(county: Division) -> User:
    """An inspector of the county: reads scores, changes nothing."""
    return give_role(UserFactory.create(username="iris", name="伊里", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture(scope="module")
def _quarter(standing: None) -> Quarter:
    everybody = cast.everybody()
    return published(everybody.county, by=everybody.cleo, people=[everybody.ana, everybody.dan])


@pytest.fixture
def quarter(_quarter: Quarter, db: None) -> Quarter:
    """The second quarter of 2026, published by Cleo for objection."""
    return deepcopy(_quarter)


@pytest.fixture
def card(quarter: Quarter, ana: User) -> Scorecard:
    return a_card(quarter, ana)
