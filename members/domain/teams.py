"""Teams, sending units, and who serves where."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.refusals import Refusal
from members.domain.rows import alter, store
from members.enums import PostingRole, StaffCategory
from members.models import Division, Posting, SendingUnit, Team, User


class PostingOverlaps(Refusal):
    """One person serves in one team at a time."""

    code = "posting_overlaps"


def add_sending_unit(*, name: str, by: User, at: datetime) -> SendingUnit:
    return store(SendingUnit(name=name), action="members.add_sending_unit", by=by, at=at)


def rename_sending_unit(unit: SendingUnit, *, name: str, by: User, at: datetime) -> SendingUnit:
    return alter(unit, {"name": name}, action="members.change_sending_unit", by=by, at=at)


def add_team(
    *,
    code: str,
    name: str,
    division: Division,
    sending_unit: SendingUnit,
    starts_on: date,
    ends_on: date | None,
    by: User,
    at: datetime,
) -> Team:
    team = Team(
        code=code, name=name, division=division, sending_unit=sending_unit, starts_on=starts_on, ends_on=ends_on
    )
    return store(team, action="members.add_team", by=by, at=at)


def change_team(
    team: Team,
    *,
    code: str,
    name: str,
    division: Division,
    sending_unit: SendingUnit,
    starts_on: date,
    ends_on: date | None,
    by: User,
    at: datetime,
) -> Team:
    values = {
        "code": code,
        "name": name,
        "division": division,
        "sending_unit": sending_unit,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    return alter(team, values, action="members.change_team", by=by, at=at)


@transaction.atomic
def add_posting(
    *,
    person: User,
    team: Team,
    role: PostingRole,
    staff_category: StaffCategory,
    starts_on: date,
    ends_on: date | None,
    by: User,
    at: datetime,
) -> Posting:
    """Post ``person`` to ``team``. Refuses with ``PostingOverlaps``: end the other posting first."""
    posting = Posting(
        person=person, team=team, role=role, staff_category=staff_category, starts_on=starts_on, ends_on=ends_on
    )
    _refuse_overlap(posting)
    return store(posting, action="members.add_posting", by=by, at=at)


@transaction.atomic
def change_posting(
    posting: Posting,
    *,
    role: PostingRole,
    staff_category: StaffCategory,
    starts_on: date,
    ends_on: date | None,
    by: User,
    at: datetime,
) -> Posting:
    """Correct or end a posting; who moves to another team gets a new one. Refuses with ``PostingOverlaps``."""
    posting.starts_on, posting.ends_on = starts_on, ends_on
    _refuse_overlap(posting)
    values = {"role": role, "staff_category": staff_category, "starts_on": starts_on, "ends_on": ends_on}
    return alter(posting, values, action="members.change_posting", by=by, at=at)


def _refuse_overlap(posting: Posting) -> None:
    # The lock on the person makes two administrators wait for each other.
    User.objects.select_for_update().get(pk=posting.person_id)
    others = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=posting.starts_on), person=posting.person_id)
    if posting.ends_on:
        others = others.filter(starts_on__lte=posting.ends_on)
    other = others.exclude(pk=posting.pk).select_related("team").first()
    if other:
        raise PostingOverlaps(
            _("Overlaps the posting in %(team)s from %(start)s.")
            % {"team": other.team.name, "start": other.starts_on.isoformat()}
        )
