"""Who the cast is, and where: found where they stand already, made otherwise."""

from typing import NamedTuple

from members.enums import PostingRole, Role
from members.models import Division, User
from tests.factories.members import PostingFactory, TeamFactory, UserFactory, give_role


class Cast(NamedTuple):
    county: Division
    township: Division
    ana: User
    ben: User
    cleo: User
    dan: User


def everybody() -> Cast:
    """For what stands for a module."""
    here, there, further = county(), township(), other_township()
    return Cast(here, there, ana(there), ben(here), cleo(here), dan(further))


def county() -> Division:
    return _place("530999000000", "岚溪县")


def township() -> Division:
    return _place("530999101000", "青石镇")


def other_township() -> Division:
    return _place("530999102000", "柳河镇")


def ana(township: Division) -> User:
    return _standing("ana") or _member("ana", "安娜", "LX0001", township, _place("530999101201", "柳湾村"))


def ben(county: Division) -> User:
    return _standing("ben") or give_role(UserFactory(username="ben", name="本恩", code="LX9001"), Role.TRAINER, county)


def cleo(county: Division) -> User:
    return _standing("cleo") or give_role(
        UserFactory(username="cleo", name="可丽", code="LX9002"), Role.ADMINISTRATOR, county
    )


def dan(other_township: Division) -> User:
    return _standing("dan") or _member("dan", "丹恩", "LX0002", other_township, _place("530999102201", "河口村"))


def holder(username: str, role: Role, division: Division) -> User:
    """Somebody beside the cast who has this role there."""
    return _standing(username) or give_role(UserFactory(username=username), role, division)


def _place(code: str, name: str) -> Division:
    return Division.objects.filter(code=code).first() or Division.objects.create(code=code, name=name)


def _standing(username: str) -> User | None:
    return User.objects.filter(username=username).first()


def _member(username: str, name: str, code: str, township: Division, village: Division) -> User:
    person = UserFactory(username=username, name=name, code=code)
    PostingFactory(
        person=person, team=TeamFactory(division=village, name=f"{village.name}工作队"), role=PostingRole.MEMBER
    )
    return give_role(person, Role.MEMBER, township)
