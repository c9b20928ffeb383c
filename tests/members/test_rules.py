"""Who may do what to whom."""

from datetime import date

import pytest

from common.clock import now
from members import rules
from members.domain.roles import revoke_role
from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role

TODAY = date(2026, 6, 15)


@pytest.fixture
def mayor(township: Division) -> User:
    """Administers 青石镇 only."""
    return give_role(UserFactory(username="mayor", code="LX8001"), Role.ADMINISTRATOR, township)


@pytest.mark.parametrize(
    ("role", "of_county", "of_township"),
    [
        (Role.MEMBER, True, True),
        (Role.TRAINER, True, True),
        (Role.INSPECTOR, True, True),
        (Role.ADMINISTRATOR, False, True),
        (Role.AUDITOR, False, False),
    ],
)
def test_county_administrator_grants_what_they_outrank(
    cleo: User, ana: User, county: Division, township: Division, role: Role, of_county: bool, of_township: bool
) -> None:
    assert rules.may_grant(cleo, role, county, person=ana) is of_county
    assert rules.may_grant(cleo, role, township, person=ana) is of_township


def test_township_administrator_grants_nothing_outside_or_equal(
    mayor: User, ana: User, county: Division, township: Division, other_township: Division
) -> None:
    assert rules.may_grant(mayor, Role.TRAINER, township, person=ana)
    assert not rules.may_grant(mayor, Role.TRAINER, county, person=ana)
    assert not rules.may_grant(mayor, Role.TRAINER, other_township, person=ana)
    assert not rules.may_grant(mayor, Role.ADMINISTRATOR, township, person=ana)


def test_nobody_grants_to_themselves_and_others_grant_nothing(
    cleo: User, ben: User, ana: User, county: Division
) -> None:
    assert not rules.may_grant(cleo, Role.TRAINER, county, person=cleo)
    assert not any(rules.may_grant(person, Role.MEMBER, county, person=ana) for person in (ben, ana))


def test_superuser_grants_everything(county: Division, ana: User) -> None:
    root = UserFactory(is_superuser=True)

    assert all(rules.may_grant(root, role, county, person=ana) for role in Role)


def test_who_reaches_further_is_not_managed(
    mayor: User, cleo: User, ana: User, dan: User, ben: User, county: Division, township: Division
) -> None:
    auditor = give_role(UserFactory(), Role.AUDITOR, township)
    root = give_role(UserFactory(is_superuser=True), Role.MEMBER, township)
    stranger = UserFactory()

    assert rules.may_manage(mayor, ana, on=TODAY)
    assert not any(rules.may_manage(mayor, person, on=TODAY) for person in (dan, cleo, ben, auditor, root, stranger))
    assert [rules.may_manage(cleo, person, on=TODAY) for person in (ana, dan, ben, mayor, auditor, root)] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]


def test_member_with_a_county_role_is_out_of_reach_of_the_township(mayor: User, ana: User, county: Division) -> None:
    give_role(ana, Role.TRAINER, county)

    assert not rules.may_manage(mayor, ana, on=TODAY)


def test_lists_show_what_lies_inside(
    mayor: User, cleo: User, ben: User, ana: User, dan: User, other_township: Division
) -> None:
    assert set(rules.people_visible_to(mayor, on=TODAY)) == {mayor, ana}
    assert set(rules.people_visible_to(cleo, on=TODAY)) == {mayor, cleo, ben, ana, dan}
    assert set(rules.people_visible_to(ben, on=TODAY)) == set()
    assert [team.name for team in rules.teams_visible_to(mayor)] == ["柳湾村工作队"]
    assert [posting.person for posting in rules.postings_visible_to(mayor)] == [ana]
    assert other_township not in rules.divisions_visible_to(mayor)


def test_who_is_office_staff_follows_the_roles(ana: User, county: Division) -> None:
    before = User.objects.get(pk=ana.pk).is_office_staff
    give_role(ana, Role.INSPECTOR, county)
    during = User.objects.get(pk=ana.pk).is_office_staff

    revoke_role(ana.role_assignments.get(role=Role.INSPECTOR), by=ana, at=now())

    assert (before, during, User.objects.get(pk=ana.pk).is_office_staff) == (False, True, False)
