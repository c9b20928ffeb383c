"""The attendance of a course as a page shows it: a sign and a word in every cell, never a colour alone."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import pgettext

from courses.domain.reporting.matrix import MatrixRow, enrolled, is_settled, matrix_rows, sessions_of
from courses.enums import AttendanceState
from courses.models import Attendance, Course, Session
from members.models import User

PEOPLE = 50
SESSIONS = 8
NOT_EXPECTED, NOT_YET = "none", "later"


class Sign(NamedTuple):
    """What stands in a cell: ``state`` for the style, ``sign`` to be seen, ``word`` to be read."""

    state: str
    sign: str
    word: str


class Day(NamedTuple):
    """The head of one session's column."""

    day: str
    topic: str
    is_repeat: bool


def signs() -> dict[str, Sign]:
    """Every sign by its state, in the order of the legend."""
    found = [
        (AttendanceState.PRESENT, "✓"),
        (AttendanceState.LATE, pgettext("sign of attendance", "L")),
        (AttendanceState.EXCUSED, pgettext("sign of attendance", "E")),
        (AttendanceState.ABSENT, pgettext("sign of attendance", "✗")),
    ]
    known = {state.value: Sign(state.value, sign, str(state.label)) for state, sign in found}
    return known | {
        NOT_EXPECTED: Sign(NOT_EXPECTED, "–", pgettext("attendance", "not expected")),
        NOT_YET: Sign(NOT_YET, "·", pgettext("attendance", "not held yet")),
    }


def matrix_page(course: Course, *, by: User, people: str | None, days: str | None) -> dict[str, Any]:
    """So many people and so many sessions of the matrix as fit on a page; ``people`` and ``days`` count the pages."""
    persons = Paginator(enrolled(course, by=by), PEOPLE).get_page(people)
    columns: Page[Session] = Paginator(sessions_of(course), SESSIONS).get_page(days)
    sessions = list(columns)
    known = signs()
    return {
        "people": persons,
        "days": columns,
        "heads": [_head(session) for session in sessions],
        "rows": [_shown(row, sessions, known) for row in matrix_rows(list(persons), sessions)],
        "legend": list(known.values()),
    }


def _head(session: Session) -> Day:
    return Day(f"{timezone.localdate(session.starts_at):%m-%d}", session.topic, session.is_repeat)


def _shown(row: MatrixRow, sessions: Sequence[Session], known: dict[str, Sign]) -> dict[str, Any]:
    cells = [
        (_sign(cell, session, known), f"{_head(session).day} {session.topic}")
        for cell, session in zip(row.cells, sessions, strict=True)
    ]
    return {"enrolment": row.enrolment, "cells": cells}


def _sign(cell: Attendance | None, session: Session, known: dict[str, Sign]) -> Sign:
    if cell is None:
        return known[NOT_EXPECTED if is_settled(session) else NOT_YET]
    sign = known[cell.state]
    return sign._replace(word=f"{sign.word}（{cell.get_reason_display()}）") if cell.reason else sign
