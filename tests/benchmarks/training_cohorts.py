"""Figures of cohorts: who is named, following the roster, who is missing, and the year table of everybody."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.clock import now
from courses.domain.attending import settle_overdue
from courses.domain.cohorts import eligible, follow_all, follow_roster
from courses.domain.gap_list import figures_of
from courses.domain.progress import gaps
from courses.domain.reminding import remind_due, tell_placed
from courses.domain.reporting.year import year_table
from courses.enums import ArrivalWay, AttendanceState, CourseState, SessionState
from courses.models import Attendance, Course, CourseKind, Enrolment, Session
from members.models import Division, Message, Posting, User
from tests.benchmarks.county import COUNTY, make_people

Figure = tuple[str, float, str]

SESSIONS = 12
BATCH = 2000
SIZES = (312, 25_000)
# One in so many stays away, and one in so many has come and gone since.
AWAY, GONE = 10, 20


def figures(*, by: User) -> Iterator[Figure]:
    """A course of twelve sessions for everybody, for 312 people and for 25,000."""
    for size in SIZES:
        make_people(size)
        yield from _of_everybody(by=by)


def _of_everybody(*, by: User) -> Iterator[Figure]:
    county = Division.objects.get(code=COUNTY)
    course = _course(county, by=by)
    at = now()
    people = Posting.objects.within_any([county.prefix]).count()
    named: list[Any] = []
    yield from _measured(
        f"naming a cohort of {people}", lambda: named.extend(eligible(course, on=timezone.localdate(at)))
    )
    yield from _measured(f"enrolling a cohort of {people}", lambda: follow_roster(course, at=at))
    gone = _let_some_go(course)
    yield from _measured(
        f"following a roster of {people} that {gone} people left", lambda: follow_roster(course, at=at)
    )
    yield from _measured(f"following a roster of {people} that stayed", lambda: follow_roster(course, at=at))
    yield from _rounds(course, at=at)
    _attend(course)
    missing: list[Any] = []
    yield from _measured(f"gap list of {people}", lambda: missing.extend(gaps(course, at=at)))
    yield f"gap list of {people}: people on it", len(missing), "people"
    yield from _measured(f"figures of a course of {people}", lambda: figures_of(course, at=at))
    yield from _measured(f"year table of {people}", lambda: year_table(county, timezone.localdate(at).year, by=by))
    assert len(named) == people, "the rule did not name everybody"
    _clear(course)


def _rounds(course: Course, *, at: datetime) -> Iterator[Figure]:
    """What the timer does every minute: first there is a session of tomorrow to remind of, then nothing any more."""
    people = course.enrolments.filter(left_on=None).count()
    tomorrow = {"starts_at": at + timedelta(hours=20), "ends_at": at + timedelta(hours=22)}
    session = Session.objects.create(course=course, topic="明日一讲", code_secret="BENCH0", **tomorrow)
    yield from _measured(f"round of the timer that reminds {people}", lambda: _tend(at))
    assert Message.objects.filter(key__startswith=f"courses.reminder:{session.pk}:").count() == people
    yield from _measured(f"round of the timer that finds nothing to do for {people}", lambda: _tend(at))
    Message.objects.filter(key__startswith=f"courses.reminder:{session.pk}:").delete()
    session.delete()


def _tend(at: datetime) -> None:
    settle_overdue(at=at)
    follow_all(at=at)
    tell_placed(at=at)
    remind_due(at=at)


def _measured(name: str, do: Callable[[], object]) -> Iterator[Figure]:
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        do()
    yield name, time.process_time() - began, "CPU s"
    yield f"{name}: statements", len(queries), "statements"


def _course(county: Division, *, by: User) -> Course:
    kind, _created = CourseKind.objects.get_or_create(division=county, code="BM", defaults={"title": "测算"})
    course = Course.objects.create(
        title="测算", division=county, kind=kind, state=CourseState.OPEN, created_by=by, created_at=now()
    )
    year = timezone.localdate(now()).year
    for month in range(1, SESSIONS + 1):
        starts_at = datetime(year, month, 5, 9, tzinfo=timezone.get_current_timezone())
        Session.objects.create(
            course=course,
            topic=f"第{month}讲",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            state=SessionState.HELD,
            code_secret=f"BENCH{month}",
        )
    return course


def _attend(course: Course) -> None:
    """A row for everybody in every session."""
    enrolments = list(Enrolment.objects.filter(course=course, left_on=None).order_by("pk"))
    rows = (
        Attendance(
            session=session,
            person_id=row.person_id,
            team_id=row.team_id,
            division_code=row.division_code,
            role=row.role,
            **_came(session, (number + place) % AWAY != 0),
        )
        for place, session in enumerate(course.sessions.all())
        for number, row in enumerate(enrolments)
    )
    Attendance.objects.bulk_create(rows, batch_size=BATCH)


def _came(session: Session, did: bool) -> dict[str, Any]:
    if did:
        return {"state": AttendanceState.PRESENT, "way": ArrivalWay.SCREEN, "arrived_at": session.starts_at}
    return {"state": AttendanceState.ABSENT}


def _let_some_go(course: Course) -> int:
    """Every twentieth posting ends before today, for as long as this figure takes."""
    ends = [row.pk for number, row in enumerate(_postings(course)) if number % GONE == 0]
    return Posting.objects.filter(pk__in=ends).update(ends_on=timezone.localdate(now()) - timedelta(days=1))


def _postings(course: Course) -> list[Posting]:
    return list(Posting.objects.within_any([course.division.prefix]).order_by("pk"))


def _clear(course: Course) -> None:
    """Nothing of it is left to the figures that come after."""
    Posting.objects.within_any([course.division.prefix]).filter(ends_on__isnull=False).update(ends_on=None)
    Attendance.objects.filter(session__course=course).delete()
    Enrolment.objects.filter(course=course).delete()
    course.sessions.all().delete()
    course.delete()
