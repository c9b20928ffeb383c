"""The cast is put in place by rows; they are the rows that the product's own verbs leave."""

import pytest

from members.domain.roles import grant_role
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_the_cast_holds_roles_as_if_they_were_granted(role: Role, county: Division) -> None:
    granted, given = UserFactory.create(), UserFactory.create()

    grant_role(granted, role, county, by=None, at=NOON)
    give_role(given, role, county)

    assert held(given) == held(granted)
    assert held(User.objects.get(pk=given.pk)) == held(User.objects.get(pk=granted.pk))


def held(person: User) -> tuple[object, ...]:
    roles = [(each.role, each.division_id) for each in person.roles_held]
    return roles, list(person.groups.values_list("name", flat=True)), person.is_staff
