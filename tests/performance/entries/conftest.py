"""Two administrators of the county, one of each township, and a quarter that takes evidence."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from members.enums import Role
from members.models import Division, User
from performance.models import LedgerKind, Quarter, RatingKind
from tests.conftest import Clock
from tests.factories.ledger import a_kind, a_quarter, a_rating_kind, administrator
from tests.factories.members import UserFactory, give_role


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def flo(county: Division) -> User:
    """The county's second administrator: what Cleo enters she confirms."""
    return administrator(county)


@pytest.fixture
def tom(township: Division) -> User:
    """An administrator of 青石镇 alone: he enters, the county decides."""
    return administrator(township, "tom", "托马", "LX9007")


@pytest.fixture
def eve(other_township: Division) -> User:
    """An administrator of 柳河镇 alone."""
    return administrator(other_township, "eve", "伊芙", "LX9005")


@pytest.fixture
def iris(county: Division) -> User:
    """An inspector of the county: reads, changes nothing."""
    return give_role(UserFactory.create(username="iris", name="伊里", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture
def kind(county: Division) -> LedgerKind:
    return a_kind(county)


@pytest.fixture
def rating_kind(county: Division) -> RatingKind:
    return a_rating_kind(county)


@pytest.fixture
def quarter(county: Division, cleo: User) -> Quarter:
    return a_quarter(county, by=cleo)


@pytest.fixture
def office(client: Client, clock: Clock, cleo: User) -> Client:
    """Cleo, signed in at noon of 15 June 2026."""
    client.force_login(cleo)
    return client
