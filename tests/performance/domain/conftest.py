"""Who stands around a quarter of Ana's county."""

import pytest

from members.models import Division, User
from tests.factories.members import PostingFactory, UserFactory
from tests.factories.performance import administrator


@pytest.fixture
def boss(county: Division) -> User:
    return administrator(county)


@pytest.fixture
def second(county: Division) -> User:
    return administrator(county)


@pytest.fixture
def mate(ana: User) -> User:
    """Serves in Ana's team."""
    person = UserFactory(code="LX0009")
    PostingFactory(person=person, team=ana.postings.get().team)
    return person
