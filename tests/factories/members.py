"""The smallest valid people, places and teams."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from members.domain.roles import role_group
from members.enums import STAFF_ROLES, PostingRole, Role, StaffCategory
from members.models import Division, Posting, RoleAssignment, SendingUnit, Team, User

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
    """Leave the rows that granting leaves except the log's, and return the person; nearly every test has five of them.

    ``test_the_cast_holds_roles_as_if_they_were_granted`` holds it against the product's own verb.
    """
    RoleAssignment.objects.create(user=person, role=role, division=division)
    User.groups.through.objects.bulk_create(
        [User.groups.through(user=person, group=role_group(role))], ignore_conflicts=True
    )
    person.__dict__.pop("roles_held", None)
    if person.holds(*STAFF_ROLES) and not person.is_staff:
        person.is_staff = True
        User.objects.filter(pk=person.pk).update(is_staff=True)
    return person
