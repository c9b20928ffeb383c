"""What a roster would change: the shape that planning gives, pages show and carrying out follows."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder


@dataclass(frozen=True)
class Reason:
    """Why a row cannot be carried out: a stable code, and a text for the person who mends the file."""

    code: str
    text: str


class RowRefused(Exception):
    """Raised while one row is planned; it becomes a bad row and never leaves planning."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.reason = Reason(code, text)


@dataclass(frozen=True)
class BadRow:
    place: str
    code: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Change:
    """One particular, old and new; roles and categories by their stable values."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class PlannedTeam:
    """A team that is not there yet, or one whose name or sending unit changes."""

    code: str
    name: str
    division_code: str
    sending_unit: str
    starts_on: date
    is_new: bool
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class PlannedPosting:
    """A posting as it shall be; ``id`` is that of the one that becomes it, None for a new one."""

    id: int | None
    team_code: str
    role: str
    staff_category: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class PlannedEnd:
    """A posting that ends: because its person moves (``moves``) or is not in a complete roster."""

    posting_id: int
    code: str
    name: str
    team: str
    ends_on: date
    moves: bool


@dataclass(frozen=True)
class PlannedPerson:
    """One good row. ``changes`` is empty when nothing changes; ``posting`` and ``ends`` only what must be written."""

    place: str
    code: str
    name: str
    phone: str
    team: str
    is_new: bool
    changes: tuple[Change, ...] = ()
    posting: PlannedPosting | None = None
    ends: PlannedEnd | None = None


@dataclass
class RosterPlan:
    """Everything a roster would do. Nothing is written while there is a bad row."""

    people: list[PlannedPerson] = field(default_factory=list)
    teams: list[PlannedTeam] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)
    ended: list[PlannedEnd] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    @property
    def added(self) -> list[PlannedPerson]:
        return [person for person in self.people if person.is_new]

    @property
    def changed(self) -> list[PlannedPerson]:
        return [person for person in self.people if not person.is_new and person.changes]

    @property
    def unchanged(self) -> list[PlannedPerson]:
        return [person for person in self.people if not person.is_new and not person.changes]

    @property
    def is_empty(self) -> bool:
        """Whether carrying it out would write nothing."""
        return not (self.added or self.changed or self.ended or self.teams or self.new_units)

    def counts(self) -> dict[str, int]:
        names = ("added", "changed", "ended", "unchanged", "bad")
        return {name: len(getattr(self, name)) for name in names}

    def digest(self) -> str:
        """Equal exactly when the same would be written; independent of the reader's language."""
        content = asdict(self)
        content["bad"] = [[row.place, [reason.code for reason in row.reasons]] for row in self.bad]
        return sha256(json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
