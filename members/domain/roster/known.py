"""The roster as it stands, as far as one file is concerned: what planning holds the file against."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class KnownTeam:
    code: str
    name: str
    division_code: str
    sending_unit: str


@dataclass(frozen=True)
class KnownPerson:
    id: int
    code: str
    name: str
    phone: str
    is_active: bool = True
    # Holds a role or serves outside the division of the roster: this roster may not change them.
    belongs_elsewhere: bool = False


@dataclass(frozen=True)
class KnownPosting:
    id: int
    person_code: str
    person_name: str
    team_code: str
    team_name: str
    role: str
    staff_category: str
    starts_on: date
    ends_on: date | None


@dataclass
class Present:
    """The roster as it stands, as far as one file is concerned. People are keyed by staff number in capitals."""

    division_prefix: str
    divisions: dict[str, str] = field(default_factory=dict)  # code -> name, inside the division
    teams: dict[str, KnownTeam] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    phone_owners: dict[str, str] = field(default_factory=dict)  # phone -> staff number
    names_taken: set[str] = field(default_factory=set)  # user names of others that a new person would need
    postings: dict[str, list[KnownPosting]] = field(default_factory=dict)
    # Postings inside the division that began before the day of the roster and reach it.
    serving: list[KnownPosting] = field(default_factory=list)
