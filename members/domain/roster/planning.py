"""From what a file says and what is known to a plan. Pure: nothing is read or written here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from members.domain.roster.known import KnownPerson, KnownPosting, KnownTeam, Present
from members.domain.roster.placing import Teams
from members.domain.roster.plan import (
    BadRow,
    Change,
    PlannedEnd,
    PlannedPerson,
    PlannedPosting,
    Reason,
    RosterPlan,
    RowRefused,
)
from members.domain.roster.values import Entry

DAY = timedelta(days=1)


def plan(entries: Sequence[Entry], present: Present, *, effective_on: date, complete: bool) -> RosterPlan:
    """Hold every row against what is known.

    Repeating a plan that was carried out gives an empty one. People named in a bad row are never
    counted as missing from a complete roster.
    """
    return _Planner(present, effective_on).plan(entries, complete=complete)


class _Planner:
    def __init__(self, present: Present, effective_on: date) -> None:
        self.present = present
        self.effective_on = effective_on
        self.teams = Teams(present)
        self.plan_so_far = RosterPlan()
        self.place_of_code: dict[str, str] = {}

    def plan(self, entries: Sequence[Entry], *, complete: bool) -> RosterPlan:
        for entry in entries:
            self._take(entry)
        self._refuse_shared_phones(entries)
        result = self.plan_so_far
        result.teams = self.teams.planned(result.people, effective_on=self.effective_on)
        result.new_units = sorted({team.sending_unit for team in result.teams} - self.present.units)
        if complete:
            result.ended = self._absent()
        return result

    # -- one row ----------------------------------------------------------------------------

    def _take(self, entry: Entry) -> None:
        if entry.reasons:
            self._refuse(entry, *entry.reasons)
        else:
            try:
                self.plan_so_far.people.append(self._planned(entry))
            except RowRefused as refusal:
                self._refuse(entry, refusal.reason)
        self.place_of_code.setdefault(entry.code, entry.place)

    def _refuse(self, entry: Entry, *reasons: Reason) -> None:
        self.plan_so_far.bad.append(BadRow(entry.place, entry.code, entry.name, reasons))

    def _planned(self, entry: Entry) -> PlannedPerson:
        if first := self.place_of_code.get(entry.code):
            raise RowRefused("duplicate_person", _("This person is already in row %(place)s.") % {"place": first})
        person = self.present.people.get(entry.code)
        if person is None and entry.code in self.present.names_taken:
            raise RowRefused("name_taken", _("Somebody else signs in with this number as user name."))
        team = self.teams.of(entry)
        planned = self._with_posting(self._particulars(entry, person, team), entry, team)
        if planned.changes and person:
            _refuse_untouchable(person)
        return planned

    def _particulars(self, entry: Entry, person: KnownPerson | None, team: KnownTeam) -> PlannedPerson:
        changes = []
        if person and entry.name != person.name:
            changes.append(Change("name", person.name, entry.name))
        if person and entry.phone and entry.phone != person.phone:
            changes.append(Change("phone", person.phone, entry.phone))
        phone = entry.phone or (person.phone if person else "")
        code = person.code if person else entry.code
        return PlannedPerson(entry.place, code, entry.name, phone, team.name, person is None, tuple(changes))

    # -- the posting ------------------------------------------------------------------------

    def _with_posting(self, planned: PlannedPerson, entry: Entry, team: KnownTeam) -> PlannedPerson:
        known = self.present.postings.get(entry.code, [])
        same = self._same_posting(known, entry, team)
        if same is None:
            return self._with_new_posting(planned, entry, team, known)
        wanted = PlannedPosting(
            same.id,
            team.code,
            entry.role or same.role,
            entry.staff_category or same.staff_category,
            entry.starts_on or same.starts_on,
            entry.ends_on if entry.tells_end else same.ends_on,
        )
        if wanted.ends_on and wanted.ends_on < wanted.starts_on:
            raise RowRefused("dates_reversed", _("The last day lies before the first."))
        changes = _posting_changes(same, wanted)
        if not changes:
            return planned
        _refuse_overlap(wanted, [posting for posting in known if posting.id != same.id])
        return replace(planned, changes=(*planned.changes, *changes), posting=wanted)

    def _same_posting(self, known: Sequence[KnownPosting], entry: Entry, team: KnownTeam) -> KnownPosting | None:
        """The posting that the row speaks of: by its first or last day, else the one in this team still in force."""
        here = [posting for posting in known if posting.team_code == team.code]
        exact = [posting for posting in here if posting.starts_on == entry.starts_on]
        if entry.starts_on is None and entry.ends_on:
            # Read again, such a row still means the posting that it ended.
            exact = [posting for posting in here if posting.ends_on == entry.ends_on]
        reaching = [posting for posting in here if posting.ends_on is None or posting.ends_on >= self.effective_on]
        if entry.ends_on and entry.starts_on:
            # A row about the past says nothing about a posting that began after it.
            reaching = [posting for posting in reaching if posting.starts_on <= entry.ends_on]
        return next(iter([*exact, *reaching]), None)

    def _with_new_posting(
        self, planned: PlannedPerson, entry: Entry, team: KnownTeam, known: Sequence[KnownPosting]
    ) -> PlannedPerson:
        if entry.role is None or entry.staff_category is None:
            raise RowRefused("posting_incomplete", _("A new posting needs the role and the staff category."))
        starts_on = entry.starts_on or self.effective_on
        wanted = PlannedPosting(None, team.code, entry.role, entry.staff_category, starts_on, entry.ends_on)
        if wanted.ends_on and wanted.ends_on < wanted.starts_on:
            raise RowRefused("dates_reversed", _("The last day lies before the first."))
        left = _posting_left(wanted, known)
        _refuse_overlap(wanted, [posting for posting in known if posting is not left])
        changes = (Change("team", left.team_name if left else "", planned.team),)
        ends = None
        if left:
            ends = PlannedEnd(left.id, planned.code, planned.name, left.team_name, starts_on - DAY, moves=True)
        return replace(planned, changes=(*planned.changes, *changes), posting=wanted, ends=ends)

    # -- the file as a whole ----------------------------------------------------------------

    def _refuse_shared_phones(self, entries: Sequence[Entry]) -> None:
        """Two people cannot be reached, or sign in, under one number. Numbers may change hands within a file."""
        entry_of = {entry.place: entry for entry in entries}
        holder = dict(self.present.phone_owners)
        for person in self.plan_so_far.people:
            for change in person.changes:
                if change.field == "phone":
                    holder.pop(change.old, None)
        for person in list(self.plan_so_far.people):
            other = holder.setdefault(person.phone, person.code.upper()) if person.phone else person.code.upper()
            if other != person.code.upper():
                self.plan_so_far.people.remove(person)
                text = _("This phone number belongs to %(code)s.") % {"code": other}
                self._refuse(entry_of[person.place], Reason("phone_taken", text))

    def _absent(self) -> list[PlannedEnd]:
        last_day = self.effective_on - DAY
        return [
            PlannedEnd(each.id, each.person_code, each.person_name, each.team_name, last_day, moves=False)
            for each in self.present.serving
            if each.person_code not in self.place_of_code
        ]


def _refuse_untouchable(person: KnownPerson) -> None:
    if not person.is_active:
        raise RowRefused("account_closed", _("This account is closed. Open it on the person's page first."))
    if person.belongs_elsewhere:
        raise RowRefused(
            "belongs_elsewhere",
            _("This person belongs to another division; only the office above both can change that."),
        )


def _posting_left(wanted: PlannedPosting, known: Sequence[KnownPosting]) -> KnownPosting | None:
    """The open posting in another team that a new one brings to its end."""
    return next(
        (
            posting
            for posting in known
            if posting.ends_on is None
            and posting.team_code != wanted.team_code
            and posting.starts_on < wanted.starts_on
        ),
        None,
    )


def _refuse_overlap(wanted: PlannedPosting, others: Sequence[KnownPosting]) -> None:
    for other in others:
        begins_before_end = wanted.ends_on is None or other.starts_on <= wanted.ends_on
        ends_after_begin = other.ends_on is None or other.ends_on >= wanted.starts_on
        if begins_before_end and ends_after_begin:
            raise RowRefused(
                "overlapping",
                _("Overlaps the posting in %(team)s from %(start)s.")
                % {"team": other.team_name, "start": other.starts_on.isoformat()},
            )


def _posting_changes(old: KnownPosting, new: PlannedPosting) -> list[Change]:
    pairs = {
        "role": (str(old.role), str(new.role)),
        "staff_category": (str(old.staff_category), str(new.staff_category)),
        "starts_on": (old.starts_on.isoformat(), new.starts_on.isoformat()),
        "ends_on": (_day(old.ends_on), _day(new.ends_on)),
    }
    return [Change(field, before, after) for field, (before, after) in pairs.items() if before != after]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
