"""Loading what is known, and planning against it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.db.models.functions import Upper

from members.domain.roster.columns import Line
from members.domain.roster.known import KnownPerson, KnownPosting, KnownTeam, Present
from members.domain.roster.plan import RosterPlan
from members.domain.roster.planning import plan
from members.domain.roster.values import Entry, understand
from members.enums import Role
from members.models import Division, Posting, RoleAssignment, RosterImport, SendingUnit, Team, User


def plan_roster(roster: RosterImport) -> RosterPlan:
    """What carrying out ``roster`` now would add, change and end, and every row that stands in the way. Only reads."""
    entries = [understand(Line(row["place"], row["values"])) for row in roster.rows]
    present = present_for(entries, division=roster.division, effective_on=roster.effective_on)
    return plan(entries, present, effective_on=roster.effective_on, complete=roster.complete)


def present_for(entries: Iterable[Entry], *, division: Division, effective_on: date) -> Present:
    codes = {entry.code for entry in entries if entry.code}
    people = list(User.objects.annotate(key=Upper("code")).filter(key__in=codes))
    postings = _postings(Q(person__in=people))
    elsewhere = _belonging_elsewhere(people, postings, division.prefix, effective_on)
    by_person: dict[str, list[KnownPosting]] = defaultdict(list)
    for posting in postings:
        by_person[posting.person_code].append(posting)
    return Present(
        division_prefix=division.prefix,
        divisions=dict(Division.objects.within(division).valid(on=effective_on).values_list("code", "name")),
        teams=_teams(),
        units=set(SendingUnit.objects.values_list("name", flat=True)),
        people={
            person.key: KnownPerson(
                person.pk, person.code, person.name, person.phone or "", person.is_active, person.pk in elsewhere
            )
            for person in people
        },
        phone_owners=_phone_owners({entry.phone for entry in entries if entry.phone}),
        names_taken=_names_taken(codes),
        postings=by_person,
        serving=_postings(
            Q(team__division__code__startswith=division.prefix)
            & Q(starts_on__lt=effective_on)
            & (Q(ends_on=None) | Q(ends_on__gte=effective_on))
        ),
    )


def _teams() -> dict[str, KnownTeam]:
    teams = Team.objects.select_related("division", "sending_unit")
    return {team.code: KnownTeam(team.code, team.name, team.division.code, team.sending_unit.name) for team in teams}


def _postings(condition: Q) -> list[KnownPosting]:
    postings = Posting.objects.filter(condition).select_related("person", "team").order_by("person__code", "starts_on")
    return [
        KnownPosting(
            posting.pk,
            posting.person.code.upper(),
            posting.person.name,
            posting.team.code,
            posting.team.name,
            posting.role,
            posting.staff_category,
            posting.starts_on,
            posting.ends_on,
        )
        for posting in postings
    ]


def _belonging_elsewhere(people: Sequence[User], postings: list[KnownPosting], prefix: str, on: date) -> set[int]:
    """Whoever holds a role outside, serves outside, watches the administrators, or is above everybody."""
    outside = RoleAssignment.objects.filter(user__in=people).exclude(
        ~Q(role=Role.AUDITOR), division__code__startswith=prefix
    )
    serving_outside = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), pk__in=[posting.id for posting in postings]
    ).exclude(team__division__code__startswith=prefix)
    return {
        *outside.values_list("user_id", flat=True),
        *serving_outside.values_list("person_id", flat=True),
        *(person.pk for person in people if person.is_superuser),
    }


def _phone_owners(phones: set[str]) -> dict[str, str]:
    owners = User.objects.filter(phone__in=phones).values_list("phone", "code")
    return {phone: code.upper() for phone, code in owners if phone}


def _names_taken(codes: set[str]) -> set[str]:
    """Codes that somebody else already uses as a user name: sign-in could not tell the two apart."""
    others = User.objects.annotate(key=Upper("username"), own=Upper("code")).filter(key__in=codes)
    taken = {person.key for person in others if person.key != person.own}
    return taken | {person.phone for person in User.objects.filter(phone__in=codes) if person.phone}
