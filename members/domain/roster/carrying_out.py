"""Carrying out a roster: all of it or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from members.domain.roster.plan import RosterPlan
from members.domain.roster.present import plan_roster
from members.domain.roster.refusals import (
    RosterAlreadyCarriedOut,
    RosterEmpty,
    RosterHasBadRows,
    RosterOutsideScope,
    RosterPlanOutdated,
)
from members.domain.roster.writing import write_plan
from members.models import RosterImport, User
from members.rules import may_administer


@dataclass(frozen=True)
class Outcome:
    """How many people were added, changed, left alone, how many postings ended, how many teams and units are new."""

    added: int
    changed: int
    ended: int
    unchanged: int
    new_teams: int
    new_units: int


def carry_out_roster(roster: RosterImport, *, shown: str, by: User, at: datetime) -> Outcome:
    """Do what the dry run showed; ``shown`` is the digest of the plan that the person agreed to.

    One transaction. Refuses with ``RosterOutsideScope``, ``RosterAlreadyCarriedOut``, ``RosterEmpty``,
    ``RosterHasBadRows``, and ``RosterPlanOutdated`` when by now it would do something else than was shown. A file
    that was carried out before, uploaded again, changes nothing. Added people cannot sign in until they are given
    initial passwords.
    """
    try:
        with transaction.atomic():
            locked = RosterImport.objects.select_for_update().select_related("division").get(pk=roster.pk)
            plan = _agreed_plan(locked, shown=shown, by=by)
            added = write_plan(plan, roster=locked, by=by, at=at)
            outcome = _outcome(plan)
            _close(locked, outcome, added, by=by, at=at)
    except IntegrityError as error:
        # Somebody else wrote between planning and writing; the database held its constraints.
        raise _outdated() from error
    roster.refresh_from_db()
    return outcome


def _agreed_plan(roster: RosterImport, *, shown: str, by: User) -> RosterPlan:
    if not may_administer(by, roster.division):
        raise RosterOutsideScope(_("You do not administer this division."))
    if roster.committed_at:
        raise RosterAlreadyCarriedOut(_("This roster has been carried out already."))
    if not roster.rows:
        raise RosterEmpty(_("This roster has no rows, or they were removed after the time they are kept."))
    plan = plan_roster(roster)
    if plan.bad:
        raise RosterHasBadRows(_("There are rows that must be mended first."), rows=len(plan.bad))
    if plan.digest() != shown:
        raise _outdated()
    return plan


def _outdated() -> RosterPlanOutdated:
    return RosterPlanOutdated(_("Something has changed since the dry run. Look at it again before you carry it out."))


def _outcome(plan: RosterPlan) -> Outcome:
    return Outcome(
        added=len(plan.added),
        changed=len(plan.changed),
        ended=len(plan.ended),
        unchanged=len(plan.unchanged),
        new_teams=sum(team.is_new for team in plan.teams),
        new_units=len(plan.new_units),
    )


def _close(roster: RosterImport, outcome: Outcome, added: list[User], *, by: User, at: datetime) -> None:
    roster.committed_by, roster.committed_at = by, at
    roster.outcome = {**asdict(outcome), "people": [str(person.uuid) for person in added]}
    roster.save(update_fields=["committed_by", "committed_at", "outcome"])
    log(roster, "members.carry_out_roster", user=by, timestamp=at, data=asdict(outcome))
