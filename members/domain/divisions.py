"""Divisions: their names and how long they exist."""

from datetime import date, datetime

from members.domain.rows import alter, store
from members.models import Division, User


def add_division(
    *, code: str, name: str, valid_from: date | None, valid_to: date | None, by: User, at: datetime
) -> Division:
    division = Division(code=code, name=name, valid_from=valid_from, valid_to=valid_to)
    return store(division, action="members.add_division", by=by, at=at)


def change_division(
    division: Division, *, name: str, valid_from: date | None, valid_to: date | None, by: User, at: datetime
) -> Division:
    """The code never changes: a place with a new code is a new division, and the old one ends."""
    values = {"name": name, "valid_from": valid_from, "valid_to": valid_to}
    return alter(division, values, action="members.change_division", by=by, at=at)
