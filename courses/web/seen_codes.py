"""Codes that a browser has seen, kept in its session: whoever signs in to the product first loses no minute."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest

from courses.domain.signing_in import KEPT

_KEY = "codes_seen"


class SeenCode(NamedTuple):
    code: str
    at: datetime


def keep_code(request: HttpRequest, session: UUID, code: str, *, at: datetime) -> SeenCode:
    """The code with the moment it was first seen; a page that is opened again does not make it younger."""
    seen = seen_code(request, session, at=at)
    if seen and seen.code == code:
        return seen
    others = {key: row for key, row in _rows(request).items() if _moment(row) > at - KEPT}
    request.session[_KEY] = others | {str(session): [code, at.timestamp()]}
    return SeenCode(code, at)


def seen_code(request: HttpRequest, session: UUID, *, at: datetime) -> SeenCode | None:
    """What was seen of this session in the last minutes."""
    row = _rows(request).get(str(session))
    if row is None or _moment(row) < at - KEPT:
        return None
    return SeenCode(str(row[0]), _moment(row))


def _rows(request: HttpRequest) -> dict[str, list[str | float]]:
    rows: dict[str, list[str | float]] = request.session.get(_KEY, {})
    return rows


def _moment(row: list[str | float]) -> datetime:
    return datetime.fromtimestamp(float(row[1]), UTC)
