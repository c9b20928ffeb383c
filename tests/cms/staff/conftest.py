"""Trainers of 青石镇, of another township and of the county."""

import pytest

from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role


@pytest.fixture
def trainers(ben: User, township: Division, other_township: Division) -> dict[str, User]:
    own = give_role(UserFactory(username="own"), Role.TRAINER, township)
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)
    return {"own": own, "other": other, "county": ben}
