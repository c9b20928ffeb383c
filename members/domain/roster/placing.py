"""In which team a row belongs, and which teams a file founds or changes. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from members.domain.roster.known import KnownTeam, Present
from members.domain.roster.plan import Change, PlannedPerson, PlannedTeam, RowRefused
from members.domain.roster.values import Entry
from members.models.division import LEVEL_ENDS, prefix_of

_COMMITTEE = re.compile(r"(?:村民委员会|村委会)$")
_TEAM_SUFFIX = "工作队"
_VILLAGE_DIGITS = LEVEL_ENDS[-1]


class Teams:
    """The teams of one file: known ones as they shall be, and new ones."""

    def __init__(self, present: Present) -> None:
        self.present = present
        self.wanted: dict[str, KnownTeam] = {}
        self.place_of_unit: dict[str, str] = {}
        self.by_village: dict[str, list[str]] = defaultdict(list)
        for team in present.teams.values():
            self.by_village[team.division_code].append(team.code)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for code, name in present.divisions.items():
            self.by_name[_plain(name)].append(code)

    def of(self, entry: Entry) -> KnownTeam:
        """The row's team, founded if need be; raises ``RowRefused``."""
        known = self._known_team(entry)
        team = known or self._new_team(entry)
        team = self._with_row(team, entry)
        if team.code not in self.by_village[team.division_code]:
            self.by_village[team.division_code].append(team.code)
        self.wanted[team.code] = team
        return team

    def planned(self, people: Iterable[PlannedPerson], *, effective_on: date) -> list[PlannedTeam]:
        """Teams to write for the rows that are good: new ones begin with their first posting."""
        first_day: dict[str, date] = {}
        for person in people:
            if person.posting:
                code = person.posting.team_code
                first_day[code] = min(person.posting.starts_on, first_day.get(code, person.posting.starts_on))
        planned = []
        for code, team in sorted(self.wanted.items()):
            old = self.present.teams.get(code)
            changes = _team_changes(old, team) if old else ()
            if (old is None and code in first_day) or changes:
                starts_on = first_day.get(code, effective_on)
                planned.append(
                    PlannedTeam(
                        code, team.name, team.division_code, team.sending_unit, starts_on, old is None, tuple(changes)
                    )
                )
        return planned

    # -- finding ----------------------------------------------------------------------------

    def _known_team(self, entry: Entry) -> KnownTeam | None:
        if entry.team_code:
            return self._by_code(entry)
        if entry.team_name and not (entry.division_code or entry.village):
            return self._by_name_alone(entry)
        village = self._village(entry)
        here = [self._team(code) for code in self.by_village[village]]
        named = [team for team in here if team.name == entry.team_name]
        if named or (len(here) == 1 and not entry.team_name):
            return (named or here)[0]
        if len(here) > 1:
            raise RowRefused("team_unclear", _("Several teams serve there; give the team number."))
        if here:
            # A second team in one village is rare; a name written differently is not.
            raise RowRefused(
                "team_unclear",
                _("The team there is called “%(name)s”. For another team give a team number.") % {"name": here[0].name},
            )
        return None

    def _by_code(self, entry: Entry) -> KnownTeam | None:
        team = self.wanted.get(entry.team_code) or self.present.teams.get(entry.team_code)
        if team is None:
            return None
        if not team.division_code.startswith(self.present.division_prefix):
            raise RowRefused("outside_division", _("This team lies outside the division of the roster."))
        if (entry.division_code or entry.village) and self._village(entry) != team.division_code:
            raise RowRefused(
                "team_elsewhere",
                _("The team with this number serves in another village: %(name)s.") % {"name": team.name},
            )
        return team

    def _by_name_alone(self, entry: Entry) -> KnownTeam:
        found = [
            team
            for team in {**self.present.teams, **self.wanted}.values()
            if team.name == entry.team_name and team.division_code.startswith(self.present.division_prefix)
        ]
        if len(found) != 1:
            raise RowRefused("team_unclear", _("The name of the team alone does not tell which one is meant."))
        return found[0]

    def _team(self, code: str) -> KnownTeam:
        return self.wanted.get(code) or self.present.teams[code]

    def _village(self, entry: Entry) -> str:
        """The code of the village that the row names by code or by township and name."""
        code = entry.division_code or self._village_by_name(entry)
        if not code.startswith(self.present.division_prefix):
            raise RowRefused("outside_division", _("This village lies outside the division of the roster."))
        if code not in self.present.divisions:
            raise RowRefused("unknown_division", _("There is no division %(code)s.") % {"code": code})
        if len(prefix_of(code)) != _VILLAGE_DIGITS:
            raise RowRefused("not_a_village", _("%(name)s is not a village.") % {"name": self.present.divisions[code]})
        return code

    def _village_by_name(self, entry: Entry) -> str:
        if not entry.village:
            raise RowRefused("missing_village", _("The village is missing."))
        found = [code for code in self.by_name[_plain(entry.village)] if len(prefix_of(code)) == _VILLAGE_DIGITS]
        if entry.township:
            found = [code for code in found if self._township_name(code) == _plain(entry.township)]
        if len(found) == 1:
            return found[0]
        if found:
            raise RowRefused("village_unclear", _("Several villages are called so; give the township or the code."))
        raise RowRefused(
            "unknown_division",
            _("There is no village %(name)s in this division.") % {"name": f"{entry.township}{entry.village}"},
        )

    def _township_name(self, code: str) -> str:
        return _plain(self.present.divisions.get(code[:9].ljust(_VILLAGE_DIGITS, "0"), ""))

    # -- founding and changing --------------------------------------------------------------

    def _new_team(self, entry: Entry) -> KnownTeam:
        village = self._village(entry)
        if not entry.sending_unit:
            raise RowRefused("missing_sending_unit", _("A new team needs its sending unit."))
        name = entry.team_name or f"{self.present.divisions[village]}{_TEAM_SUFFIX}"
        # A village's code is nobody else's, so it serves as number of its first team.
        code = entry.team_code or village
        if code in self.present.teams:
            raise RowRefused("team_elsewhere", _("The team number %(code)s is taken.") % {"code": code})
        return KnownTeam(code, name, village, entry.sending_unit)

    def _with_row(self, team: KnownTeam, entry: Entry) -> KnownTeam:
        """The team with the name and unit that this row gives it; rows of one team must not contradict each other."""
        if entry.sending_unit:
            first = self.place_of_unit.setdefault(team.code, entry.place)
            if first != entry.place and entry.sending_unit != team.sending_unit:
                raise RowRefused(
                    "unit_contradicts",
                    _("Row %(place)s names another sending unit for this team: %(unit)s.")
                    % {"place": first, "unit": team.sending_unit},
                )
        name = entry.team_name if entry.team_code and entry.team_name else team.name
        return replace(team, name=name, sending_unit=entry.sending_unit or team.sending_unit)


def _team_changes(old: KnownTeam, new: KnownTeam) -> list[Change]:
    pairs = {"name": (old.name, new.name), "sending_unit": (old.sending_unit, new.sending_unit)}
    return [Change(field, before, after) for field, (before, after) in pairs.items() if before != after]


def _plain(name: str) -> str:
    return _COMMITTEE.sub("村", "".join(name.split()))
