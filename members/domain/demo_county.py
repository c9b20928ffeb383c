"""The demonstration county 岚溪县: places, teams and people, all of them invented.

Everything follows from the lists beside this file and a fixed seed, so that every demonstration has the same people.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from random import Random
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from members.domain.demo_lists import GIVEN_NAMES, SURNAMES, TOWNSHIPS, UNITS
from members.domain.roles import grant_role, role_group
from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, Posting, RoleAssignment, SendingUnit, Team, User

COUNTY_CODE, COUNTY_NAME = "530999000000", "岚溪县"
# Shown on the start page of a demonstration and printed by the command: no secret, and never set outside of one.
DEMO_PASSWORD = "yingzhi-demo"  # noqa: S105
TEAMS_SINCE = date(2025, 5, 12)
FIRST_PHONE = 19_900_000_000
SEED = "岚溪县"

_STAFF = (
    ("trainer", "LX9001", "何文静", Role.TRAINER),
    ("admin", "LX9002", "段志远", Role.ADMINISTRATOR),
    # What one person asks another decides: a key repair, an exemption, a ledger entry.
    ("admin2", "LX9003", "罗佳宁", Role.ADMINISTRATOR),
)
# Place in the roster, from 0: the first two serve in 青石镇柳湾村, the third in 柳河镇.
_FIRST_OF_SECOND_TOWNSHIP = TOWNSHIPS[0][2]
_MEMBERS = {0: "member", 1: "member2", _FIRST_OF_SECOND_TOWNSHIP: "outsider"}
_NAMES = {0: "周明远"}


class Account(NamedTuple):
    """Somebody a visitor of the demonstration may sign in as."""

    username: str
    name: str
    place: str
    role: Role


class _Post(NamedTuple):
    """One of the people the county sends: who, where, as what."""

    code: str
    username: str
    name: str
    village_code: str
    role: PostingRole
    category: StaffCategory


@transaction.atomic
def load_demo_county(*, at: datetime) -> User:
    """Bring in what is missing of the county, and return its administrator. Safe to repeat; changes made since stay.

    The six accounts get the published password past the password rules, once: when they are first made.
    """
    _add_places()
    _add_teams()
    people = _add_people(at=at)
    _add_postings(people)
    _let_members_in(people, at=at)
    return _add_staff(at=at)


def demo_accounts() -> list[Account]:
    """The accounts a visitor may use, in the order in which one would try them."""
    members = [
        Account(person.username, person.name, posting.team.name, Role.MEMBER)
        for person in User.objects.filter(username__in=_MEMBERS.values()).order_by("code")
        for posting in person.postings.select_related("team")
    ]
    return members + [Account(username, name, COUNTY_NAME, role) for username, _code, name, role in _STAFF]


def _villages() -> Iterator[tuple[str, str, str]]:
    """Code, township and name of each village, by code."""
    for number, township, _people, names in TOWNSHIPS:
        for place, name in enumerate(names.split(), start=201):
            yield f"{COUNTY_CODE[:6]}{number}{place}", township, f"{name}村"


def _add_places() -> None:
    places = {COUNTY_CODE: COUNTY_NAME}
    places |= {f"{COUNTY_CODE[:6]}{number}000": name for number, name, _people, _villages in TOWNSHIPS}
    places |= {code: name for code, _township, name in _villages()}
    known = set(Division.objects.filter(code__startswith=COUNTY_CODE[:6]).values_list("code", flat=True))
    Division.objects.bulk_create(Division(code=code, name=name) for code, name in places.items() if code not in known)


def _unit_of(place: int) -> tuple[str, StaffCategory]:
    return UNITS[place % len(UNITS)]


def _team_code(village_code: str) -> str:
    return f"LX-{village_code[6:]}"


def _add_teams() -> None:
    SendingUnit.objects.bulk_create([SendingUnit(name=name) for name, _category in UNITS], ignore_conflicts=True)
    units = {unit.name: unit for unit in SendingUnit.objects.all()}
    places = {division.code: division for division in Division.objects.filter(code__startswith=COUNTY_CODE[:6])}
    teams = [
        Team(
            code=_team_code(code),
            name=f"{township}{name}工作队",
            division=places[code],
            sending_unit=units[_unit_of(place)[0]],
            starts_on=TEAMS_SINCE,
        )
        for place, (code, township, name) in enumerate(_villages())
    ]
    known = set(Team.objects.values_list("code", flat=True))
    Team.objects.bulk_create(team for team in teams if team.code not in known)


def _posts() -> Iterator[_Post]:
    """All people of the roster: each team has two or three, the first of them is the first secretary."""
    chance = Random(SEED)  # noqa: S311 - the same people every time, nothing secret
    names = _names(chance, count=sum(people for _number, _name, people, _villages in TOWNSHIPS))
    sizes = [size for _number, _name, people, villages in TOWNSHIPS for size in _sizes(people, len(villages.split()))]
    number = 0
    for place, ((village_code, _township, _name), size) in enumerate(zip(_villages(), sizes, strict=True)):
        for seat in range(size):
            code = f"LX{number + 1:04d}"
            yield _Post(
                code=code,
                username=_MEMBERS.get(number, code.lower()),
                name=names[number],
                village_code=village_code,
                role=PostingRole.MEMBER if seat else PostingRole.FIRST_SECRETARY,
                category=_category(chance, _unit_of(place)[1]),
            )
            number += 1


def _sizes(people: int, teams: int) -> list[int]:
    """Teams of three first, then teams of two."""
    threes = people - 2 * teams
    return [3] * threes + [2] * (teams - threes)


def _category(chance: Random, usual: StaffCategory) -> StaffCategory:
    return usual if chance.random() < 0.8 else chance.choice([StaffCategory.INSTITUTION, StaffCategory.OTHER])


def _names(chance: Random, count: int) -> list[str]:
    """Different names, every rare character among them."""
    taken = {*_NAMES.values(), *(name for _username, _code, name, _role in _STAFF)}
    drawn: list[str] = []
    given = [GIVEN_NAMES[place % len(GIVEN_NAMES)] for place in range(count * 2)]
    for name in given:
        full = chance.choice(SURNAMES) + name
        if full not in taken and len(drawn) < count:
            taken.add(full)
            drawn.append(full)
    chance.shuffle(drawn)
    for place, name in _NAMES.items():
        drawn[place] = name
    return drawn


def _add_people(*, at: datetime) -> dict[int, _Post]:
    """The posts of those who were not there before, by the id of the person."""
    known = set(User.objects.values_list("code", flat=True))
    missing = {post.code: post for post in _posts() if post.code not in known}
    people = User.objects.bulk_create(
        User(
            code=post.code,
            username=post.username,
            name=post.name,
            phone=str(FIRST_PHONE + int(post.code[2:])),
            password=make_password(DEMO_PASSWORD if post.username in _MEMBERS.values() else None),
            password_changed_at=at,
            date_joined=at,
        )
        for post in missing.values()
    )
    return {person.pk: missing[person.code] for person in people}


def _add_postings(people: Mapping[int, _Post]) -> None:
    teams = {team.code: team for team in Team.objects.all()}
    Posting.objects.bulk_create(
        Posting(
            person_id=person,
            team=teams[_team_code(post.village_code)],
            role=post.role,
            staff_category=post.category,
            starts_on=TEAMS_SINCE,
        )
        for person, post in people.items()
    )


def _let_members_in(people: Mapping[int, _Post], *, at: datetime) -> None:
    """The role of a member within the township: by the product's verb for the accounts, at once for the others."""
    townships = {division.code[:9]: division for division in Division.objects.townships()}
    home = {person: townships[post.village_code[:9]] for person, post in people.items()}
    for person in User.objects.filter(pk__in=people, username__in=_MEMBERS.values()):
        grant_role(person, Role.MEMBER, home[person.pk], by=None, at=at)
    RoleAssignment.objects.bulk_create(
        [RoleAssignment(user_id=person, role=Role.MEMBER, division=division) for person, division in home.items()],
        ignore_conflicts=True,
    )
    role_group(Role.MEMBER).user_set.add(*home)


def _add_staff(*, at: datetime) -> User:
    county = Division.objects.get(code=COUNTY_CODE)
    for username, code, name, role in _STAFF:
        person, created = User.objects.get_or_create(
            code=code, defaults={"username": username, "name": name, "password_changed_at": at, "date_joined": at}
        )
        if created:
            person.password = make_password(DEMO_PASSWORD)
            person.save(update_fields=["password"])
        grant_role(person, role, county, by=None, at=at)
    # A demonstration that was left alone for a quarter still opens with the published password.
    User.objects.filter(username__in=[username for username, *_rest in _STAFF]).update(password_changed_at=at)
    return User.objects.get(username="admin")
