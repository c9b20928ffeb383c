"""How a session is going: who is there, and who of those expected is not, by township and team."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from courses.domain.attending import expected_at
from courses.enums import ATTENDED_STATES, AttendanceState, SessionState
from courses.models import Attendance, Leave, Session
from courses.models.enrolment import PostHeld
from members.enums import RequestState
from members.models import Division, User


class Seat(NamedTuple):
    """One person the session is for, or who came all the same, with what is known of them."""

    person: User
    post: PostHeld
    attendance: Attendance | None
    leave: Leave | None

    @property
    def team_name(self) -> str:
        return self.post.team.name if self.post.team else ""

    @property
    def division_code(self) -> str:
        return self.post.division_code

    @property
    def state(self) -> str:
        """Empty: nothing is known yet."""
        return self.attendance.state if self.attendance else ""

    @property
    def is_there(self) -> bool:
        return self.state in ATTENDED_STATES

    @property
    def is_guest(self) -> bool:
        return self.attendance is not None and self.attendance.is_guest

    @property
    def is_excused(self) -> bool:
        """Not missed: on leave, or excused when the session was settled."""
        on_leave = self.leave is not None and self.leave.state == RequestState.APPROVED
        return self.state == AttendanceState.EXCUSED or (not self.state and on_leave)


@dataclass(frozen=True, slots=True)
class TeamSeats:
    name: str
    seats: list[Seat]


@dataclass(frozen=True, slots=True)
class TownshipSeats:
    """People of one township: how many are expected and there, and who is still missing by team."""

    code: str
    name: str
    expected: int
    there: int
    excused: int
    missing: list[TeamSeats] = field(default_factory=list)

    @property
    def missing_count(self) -> int:
        return sum(len(team.seats) for team in self.missing)


@dataclass(frozen=True, slots=True)
class Board:
    """A session as its host watches it."""

    at: datetime
    townships: list[TownshipSeats]
    guests: list[Seat]
    late: int

    @property
    def expected(self) -> int:
        return sum(row.expected for row in self.townships)

    @property
    def there(self) -> int:
        return sum(row.there for row in self.townships)

    @property
    def excused(self) -> int:
        return sum(row.excused for row in self.townships)

    @property
    def missing(self) -> int:
        return sum(row.missing_count for row in self.townships)


def seats_of(session: Session) -> list[Seat]:
    """Everybody the session is for, then guests among them, by division, team and staff number.

    Three queries, however many people; of a session that was settled two: its rows are the roster of its day.
    """
    attendances = {row.person_id: row for row in session.attendances.select_related("person", "team")}
    leaves = {row.person_id: row for row in session.leaves.exclude(state=RequestState.DECLINED)}
    rows: dict[int, Any] = {}
    if session.state != SessionState.HELD:
        rows |= {row.person_id: row for row in expected_at(session).order_by()}
    rows |= attendances
    seats = [Seat(row.person, row, attendances.get(person), leaves.get(person)) for person, row in rows.items()]
    return sorted(seats, key=lambda seat: (seat.division_code, seat.team_name, seat.person.code))


def board_of(session: Session, *, at: datetime) -> Board:
    """Four queries, however many people."""
    seats = seats_of(session)
    names = dict(Division.objects.filter(code__in={_township(seat) for seat in seats}).values_list("code", "name"))
    expected = [seat for seat in seats if not seat.is_guest]
    townships = [_township_row(code, names.get(code, code), list(rows)) for code, rows in groupby(expected, _township)]
    guests = [seat for seat in seats if seat.is_guest]
    late = sum(seat.state == AttendanceState.LATE for seat in expected)
    return Board(at, townships, guests, late)


def _township(seat: Seat) -> str:
    return seat.division_code[:9].ljust(12, "0")


def _township_row(code: str, name: str, seats: list[Seat]) -> TownshipSeats:
    there, excused = sum(seat.is_there for seat in seats), sum(seat.is_excused for seat in seats)
    return TownshipSeats(code, name, len(seats), there, excused, _teams(seats))


def _teams(seats: Iterable[Seat]) -> list[TeamSeats]:
    missing = [seat for seat in seats if not seat.is_there and not seat.is_excused]
    return [TeamSeats(name, list(rows)) for name, rows in groupby(missing, lambda seat: seat.team_name)]


def counts_of(session: Session) -> tuple[int, int]:
    """How many are there of how many expected, for the screen. Two queries."""
    attendances = dict(session.attendances.filter(is_guest=False).values_list("person_id", "state"))
    there = sum(state in ATTENDED_STATES for state in attendances.values())
    if session.state == SessionState.HELD:
        return there, session.expected
    expected = set(expected_at(session).order_by().values_list("person_id", flat=True))
    return there, len(expected | attendances.keys())
