"""A county small enough to reckon by hand: two townships, seven people, four sessions in 2026.

青石镇: A1, A2, A3 the whole year, A4 since July. 柳河镇: B1, B2 the whole year, B3 until February.

=====================  ===================================================================================
12 January, meeting    A1 A2 A3 B1 there, B3 late, B2 absent
10 March, class        A1 B2 there, A2 late, A3 absent, B1 on leave
6 April, meeting       A1 B1 B2 there, A2 A3 absent
5 August, make-up      A3 A4 there, B1 absent; A1 came as a guest
=====================  ===================================================================================
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from courses.enums import AbsenceReason, AttendanceState, Rhythm, SessionState
from courses.models import Attendance, Course, CourseKind, Lecturer, Session
from members.models import Division, User
from tests.factories.courses import (
    SHANGHAI,
    AttendanceFactory,
    CourseFactory,
    CourseKindFactory,
    EnrolmentFactory,
    LecturerFactory,
    SessionFactory,
)
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory
from tests.support import cast

PRESENT, LATE, EXCUSED, ABSENT = AttendanceState
VILLAGES = {"A": "530999101201", "B": "530999102201"}


@dataclass
class SmallCounty:
    people: dict[str, User]
    training: CourseKind
    meeting: CourseKind
    lecture: CourseKind
    course: Course
    meetings: Course
    sessions: dict[str, Session]
    lecturer: Lecturer


def small_county(county: Division) -> SmallCounty:
    people = {name: _posted(name) for name in ("A1", "A2", "A3", "A4", "B1", "B2", "B3")}
    people["A4"].postings.update(starts_on=date(2026, 7, 1))
    people["B3"].postings.update(ends_on=date(2026, 2, 28))
    training = CourseKindFactory(division=county, code="P01", title="集中培训班", rhythm=Rhythm.YEARLY, times=3)
    meeting = CourseKindFactory(division=county, code="P02", title="周例会", rhythm=Rhythm.WEEKLY)
    lecture = CourseKindFactory(division=county, code="P06", title="健康讲座", rhythm=Rhythm.AS_NEEDED)
    course = CourseFactory(division=county, kind=training, title="第一期培训班")
    meetings = CourseFactory(division=county, kind=meeting, title="周例会")
    lecturer = LecturerFactory(division=county, name="周老师")
    sessions = _hold(course, meetings, lecturer)
    enrol(course, people, "A1 A2 A3 A4 B1 B2")
    enrol(meetings, people, "A1 A2 A3 B1 B2")
    for name, line in {
        "january": {"A1": PRESENT, "A2": PRESENT, "A3": PRESENT, "B1": PRESENT, "B2": ABSENT, "B3": LATE},
        "march": {"A1": PRESENT, "A2": LATE, "A3": ABSENT, "B1": EXCUSED, "B2": PRESENT},
        "april": {"A1": PRESENT, "A2": ABSENT, "A3": ABSENT, "B1": PRESENT, "B2": PRESENT},
        "august": {"A3": PRESENT, "A4": PRESENT, "B1": ABSENT},
    }.items():
        for person, state in line.items():
            there(sessions[name], person, people, state)
    there(sessions["august"], "A1", people, PRESENT, is_guest=True)
    return SmallCounty(people, training, meeting, lecture, course, meetings, sessions, lecturer)


def small_county_standing() -> SmallCounty:
    """With its townships, before the first test of a module that only reads it."""
    county = cast.county()
    cast.township()
    cast.other_township()
    return small_county(county)


def _posted(name: str) -> User:
    team = TeamFactory(division=DivisionFactory(code=VILLAGES[name[0]], name=f"{name[0]}村"), name=f"{name[0]}村工作队")
    return PostingFactory(person=UserFactory(name=name, code=f"LX-{name}"), team=team).person


def _hold(course: Course, meetings: Course, lecturer: Lecturer) -> dict[str, Session]:
    def held(of: Course, month: int, day: int, **facts: Any) -> Session:
        moment = datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI)
        return SessionFactory(course=of, starts_at=moment, **{"state": SessionState.HELD, **facts})

    sessions = {
        "january": held(meetings, 1, 12, topic="例会一"),
        "march": held(course, 3, 10, topic="政策解读"),
        "april": held(meetings, 4, 6, topic="例会二"),
        "off": held(meetings, 5, 4, topic="例会三", state=SessionState.CANCELLED, cancel_reason="防汛"),
    }
    sessions["august"] = held(course, 8, 5, topic="政策解读（补训）", repeat_of=sessions["march"])
    for name in ("march", "august"):
        sessions[name].lecturers.add(lecturer)
    return sessions


def enrol(course: Course, people: dict[str, User], names: str) -> None:
    for name in names.split():
        team = people[name].postings.get().team
        EnrolmentFactory(
            course=course,
            person=people[name],
            team=team,
            division_code=team.division.code,
            joined_on=date(2026, 1, 1),
        )


def there(session: Session, name: str, people: dict[str, User], state: AttendanceState, **facts: Any) -> Attendance:
    reason = AbsenceReason.LEAVE if state == EXCUSED else ""
    return AttendanceFactory(
        session=session, person=people[name], state=state, reason=reason, division_code=VILLAGES[name[0]], **facts
    )
