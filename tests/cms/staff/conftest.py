"""Trainers of 青石镇, of another township and of the county."""

import pytest

from members.enums import Role
from members.models import Division, User
from tests.support import cast


@pytest.fixture
def trainers(ben: User, township: Division, other_township: Division) -> dict[str, User]:
    own = cast.holder("own", Role.TRAINER, township)
    other = cast.holder("other", Role.TRAINER, other_township)
    return {"own": own, "other": other, "county": ben}
