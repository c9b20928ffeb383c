"""The smallest valid people, places and teams."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from common.clock import now
from members.domain.roles import grant_role
from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, Posting, SendingUnit, Team, User

PASSWORD = "Yingzhi-2026"


class DivisionFactory(DjangoModelFactory[Division]):
    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"530999{101 + n // 900:03d}{n % 900 + 100:03d}")
    name = factory.Sequence(lambda n: f"村{n}")


class SendingUnitFactory(DjangoModelFactory[SendingUnit]):
    class Meta:
        model = SendingUnit
        django_get_or_create = ("name",)

    name = "县农业农村局"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"人{n}")
    code = factory.Sequence(lambda n: f"P{n:05d}")
    password = factory.django.Password(PASSWORD)


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    code = factory.Sequence(lambda n: f"T{n:04d}")
    name = factory.Sequence(lambda n: f"工作队{n}")
    division = factory.SubFactory(DivisionFactory)
    sending_unit = factory.SubFactory(SendingUnitFactory)
    starts_on = date(2026, 1, 1)


class PostingFactory(DjangoModelFactory[Posting]):
    class Meta:
        model = Posting

    person = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = PostingRole.MEMBER
    staff_category = StaffCategory.CIVIL_SERVANT
    starts_on = date(2026, 1, 1)


def give_role(person: User, role: Role, division: Division) -> User:
    """Grant a role through the product's own verb and return the person."""
    grant_role(person, role, division, by=person, at=now())
    return person
