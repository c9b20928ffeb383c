"""Writing a plan: in few statements, in the order that the constraints ask for."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from common.chinese import mask_phone
from members.domain.audit import Happening, log_many
from members.domain.roles import role_group
from members.domain.roster.plan import Change, PlannedPerson, RosterPlan
from members.enums import Role
from members.models import Division, Posting, RoleAssignment, RosterImport, SendingUnit, Team, User

_BATCH = 500


def write_plan(plan: RosterPlan, *, roster: RosterImport, by: User, at: datetime) -> list[User]:
    """Write everything the plan says, with audit rows; give the people who were added. Inside a transaction."""
    teams = _write_teams(plan)
    people = _write_people(plan, at=at)
    _write_postings(plan, people, teams)
    _write_roles(plan, people, roster=roster)
    log_many(_happenings(plan, people, teams), by=by, at=at)
    return [people[planned.code] for planned in plan.added]


def _write_teams(plan: RosterPlan) -> dict[str, Team]:
    """Every team that the plan speaks of, by number."""
    SendingUnit.objects.bulk_create([SendingUnit(name=name) for name in plan.new_units])
    units = {
        unit.name: unit for unit in SendingUnit.objects.filter(name__in={team.sending_unit for team in plan.teams})
    }
    places = {
        place.code: place for place in Division.objects.filter(code__in={team.division_code for team in plan.teams})
    }
    known = Team.objects.in_bulk([team.code for team in plan.teams if not team.is_new], field_name="code")
    for planned in plan.teams:
        if planned.is_new:
            known[planned.code] = Team(
                code=planned.code, division=places[planned.division_code], starts_on=planned.starts_on
            )
        known[planned.code].name = planned.name
        known[planned.code].sending_unit = units[planned.sending_unit]
        known[planned.code].save()
    codes = {person.posting.team_code for person in plan.people if person.posting} - known.keys()
    return known | Team.objects.select_related("division").in_bulk(list(codes), field_name="code")


def _write_people(plan: RosterPlan, *, at: datetime) -> dict[str, User]:
    """Everybody whose row adds or changes something, by staff number."""
    touched = plan.changed
    known = User.objects.select_for_update().in_bulk([person.code for person in touched], field_name="code")
    moving = [known[person.code] for person in touched if _changes(person, "phone")]
    # Numbers may change hands within one file, and each is unique at every moment.
    User.objects.filter(pk__in=[person.pk for person in moving]).update(phone=None)
    for planned in touched:
        known[planned.code].name = planned.name
        known[planned.code].phone = planned.phone or None
    User.objects.bulk_update(known.values(), ["name", "phone"], batch_size=_BATCH)
    User.objects.bulk_create([_new_person(planned, at=at) for planned in plan.added], batch_size=_BATCH)
    return known | User.objects.in_bulk([planned.code for planned in plan.added], field_name="code")


def _new_person(planned: PlannedPerson, *, at: datetime) -> User:
    return User(
        username=planned.code,
        code=planned.code,
        name=planned.name,
        phone=planned.phone or None,
        password=make_password(None),
        must_change_password=True,
        date_joined=at,
    )


def _write_postings(plan: RosterPlan, people: dict[str, User], teams: dict[str, Team]) -> None:
    # Ends come first: nobody has two open postings, not even for a moment.
    for end in [*plan.ended, *(person.ends for person in plan.people if person.ends)]:
        Posting.objects.filter(pk=end.posting_id).update(ends_on=end.ends_on)
    new = []
    for planned in plan.people:
        if posting := planned.posting:
            row = Posting(
                id=posting.id,
                person=people[planned.code],
                team=teams[posting.team_code],
                role=posting.role,
                staff_category=posting.staff_category,
                starts_on=posting.starts_on,
                ends_on=posting.ends_on,
            )
            if posting.id is None:
                new.append(row)
            else:
                row.save(force_update=True)
    Posting.objects.bulk_create(new, batch_size=_BATCH)


def _write_roles(plan: RosterPlan, people: dict[str, User], *, roster: RosterImport) -> None:
    """Who is posted anew is a member in that township; who moves is no longer one where they came from."""
    arriving = [person for person in plan.people if person.posting and person.posting.id is None]
    homes = _townships(arriving, roster=roster)
    group = role_group(Role.MEMBER)
    held = set(
        RoleAssignment.objects.filter(user__in=people.values(), role=Role.MEMBER).values_list("user_id", "division_id")
    )
    wanted = {(people[person.code].pk, homes[person.code].pk) for person in arriving}
    left = {
        (user, division)
        for user, division in held - wanted
        if user in {people[person.code].pk for person in arriving if person.ends}
    }
    for user, division in left:
        RoleAssignment.objects.filter(
            user=user, division=division, role=Role.MEMBER, division__code__startswith=roster.division.prefix
        ).delete()
    RoleAssignment.objects.bulk_create(
        [RoleAssignment(user_id=user, division_id=division, role=Role.MEMBER) for user, division in wanted - held],
        batch_size=_BATCH,
    )
    group.user_set.add(*(user for user, _division in wanted))


def _townships(arriving: Sequence[PlannedPerson], *, roster: RosterImport) -> dict[str, Division]:
    """The township of each new posting; the village itself where the township is not on record."""
    codes = {person.posting.team_code for person in arriving if person.posting}
    teams = Team.objects.select_related("division").in_bulk(list(codes), field_name="code")
    places = Division.objects.in_bulk(list({team.division.township_code for team in teams.values()}), field_name="code")
    homes = {}
    for person in arriving:
        if person.posting:
            village = teams[person.posting.team_code].division
            homes[person.code] = places.get(village.township_code, village)
    return homes


def _happenings(plan: RosterPlan, people: dict[str, User], teams: dict[str, Team]) -> Iterator[Happening]:
    for team in plan.teams:
        action = "members.add_team" if team.is_new else "members.change_team"
        yield Happening(teams[team.code], action, {"changes": _told(team.changes)})
    for person in [*plan.added, *plan.changed]:
        action = "members.add_person" if person.is_new else "members.change_person"
        yield Happening(people[person.code], action, {"changes": _told(person.changes)})
    ended = Posting.objects.select_related("person", "team").in_bulk([end.posting_id for end in plan.ended])
    for end in plan.ended:
        yield Happening(ended[end.posting_id].person, "members.end_posting", _end_told(end.team, end.ends_on))


def _told(changes: Sequence[Change]) -> dict[str, list[str]]:
    """Changes for the log: phone numbers masked, as in every list."""
    return {
        change.field: [mask_phone(text) if change.field == "phone" else text for text in (change.old, change.new)]
        for change in changes
    }


def _end_told(team: str, ends_on: date) -> dict[str, str]:
    return {"team": team, "ends_on": ends_on.isoformat()}


def _changes(person: PlannedPerson, field: str) -> bool:
    return any(change.field == field for change in person.changes)
