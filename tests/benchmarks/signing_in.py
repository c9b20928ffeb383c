"""Figures of a full hall: everybody opens the address behind the QR code and signs in within one minute."""

import time
from collections.abc import Iterator
from datetime import timedelta

from common.clock import now
from courses.domain.codes import changes_at, code_of
from courses.domain.cohorts import follow_roster
from courses.domain.courses import open_course
from courses.domain.kinds import set_up_kinds
from courses.domain.sessions import plan_session
from courses.enums import AttendanceState
from courses.models import Attendance, Course, CourseKind, Session
from members.models import Division, User
from tests.benchmarks.client import Browser, session_cookie
from tests.benchmarks.county import COUNTY
from tests.benchmarks.server import serving
from tests.benchmarks.sitting import Figure, at_once

WARM_UP = 6
# A code that is about to change would be another figure.
FEWEST_SECONDS = 40


def figures(people: list[User], *, by: User) -> Iterator[Figure]:
    """Page and form of every person, all at once, against one session; then one after another against a second."""
    course = _course(by=by)
    hall, warm = _session(course, "同时", by=by), _session(course, "逐个", by=by)
    with serving() as server:
        browsers = [Browser(server, session_cookie(person)) for person in people]
        for browser in browsers[:WARM_UP]:
            _sign_in(browser, warm, code_of(warm, at=now()))
        before = server.cpu_seconds()
        for browser in browsers[WARM_UP : 10 * WARM_UP]:
            _sign_in(browser, warm, code_of(warm, at=now()))
        alone = server.cpu_seconds() - before
        code = _fresh_code(hall)
        # The server has closed those that were quiet meanwhile.
        for browser in browsers:
            browser.link.close()
        before = server.cpu_seconds()
        seconds = at_once([lambda browser=browser: _sign_in(browser, hall, code) for browser in browsers])  # type: ignore[misc]
        together = server.cpu_seconds() - before
    yield "signing in to a session, page and form", 1000 * alone / (9 * WARM_UP), "CPU ms"
    yield f"{len(people)} sign-ins at once, each", 1000 * together / len(people), "CPU ms"
    yield f"{len(people)} sign-ins at once, the last is in after", seconds, "s"
    yield f"{len(people)} sign-ins at once, accepted", _accepted(hall, people), "people"


def _course(*, by: User) -> Course:
    county = Division.objects.get(code=COUNTY)
    set_up_kinds(county, by=by, at=now())
    kind = CourseKind.objects.filter(division=county).first()
    course = Course.objects.create(title="集中培训班", kind=kind, division=county, created_by=by, created_at=now())
    _session(course, "开班", by=by)
    course = open_course(course, by=by, at=now())
    follow_roster(course, at=now())
    return course


def _session(course: Course, topic: str, *, by: User) -> Session:
    start = now()
    session = plan_session(
        course, topic=topic, starts_at=start, ends_at=start + timedelta(hours=2), place="礼堂", by=by, at=start
    )
    return Session.objects.select_related("course__kind").get(pk=session.pk)


def _fresh_code(session: Session) -> str:
    """As soon as it has some time to live."""
    left = (changes_at(at=now()) - now()).total_seconds()
    if left < FEWEST_SECONDS:
        time.sleep(left + 1)
    return code_of(session, at=now())


def _sign_in(browser: Browser, session: Session, code: str) -> None:
    """The address behind the QR code, then the form; the receipt is one more page that is not counted."""
    path = f"/courses/sessions/{session.uuid}/sign-in/"
    page = browser.page(f"{path}?code={code}")
    status, _location = browser.form(path, page, code=code)
    if status != 302:
        raise RuntimeError(f"signing in answered {status}")


def _accepted(session: Session, people: list[User]) -> int:
    rows = Attendance.objects.filter(session=session, state=AttendanceState.PRESENT)
    found = set(rows.values_list("person_id", flat=True))
    if rows.count() != len(people) or found != {person.pk for person in people}:
        raise RuntimeError("not everybody was accepted once")
    return len(found)
