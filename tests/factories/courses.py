"""The smallest valid courses, sessions and enrolments; what has rules is made by the product's own verbs."""

import base64
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from courses.enums import ArrivalWay, AttendanceState, CourseState, SessionState
from courses.models import Attendance, Course, CourseKind, Enrolment, Lecturer, Session
from members.models import User
from tests.factories.members import DivisionFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The morning of the tests' clock, which stands at noon.
MORNING = datetime(2026, 6, 15, 9, 0, tzinfo=SHANGHAI)


class CourseKindFactory(DjangoModelFactory[CourseKind]):
    class Meta:
        model = CourseKind

    division = factory.SubFactory(DivisionFactory)
    code = factory.Sequence(lambda n: f"K{n:03d}")
    title = "集中培训班"


class LecturerFactory(DjangoModelFactory[Lecturer]):
    class Meta:
        model = Lecturer

    division = factory.SubFactory(DivisionFactory)
    name = factory.Sequence(lambda n: f"授课人{n}")


class CourseFactory(DjangoModelFactory[Course]):
    """Open, so that people can be enrolled; the kind is of the course's division."""

    class Meta:
        model = Course

    title = factory.Sequence(lambda n: f"培训班{n}")
    division = factory.SubFactory(DivisionFactory)
    kind = factory.SubFactory(CourseKindFactory, division=factory.SelfAttribute("..division"))
    state = CourseState.OPEN
    created_by = factory.SubFactory(UserFactory)
    created_at = MORNING - timedelta(days=7)


class SessionFactory(DjangoModelFactory[Session]):
    """From nine to eleven on the day of the tests' clock."""

    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    topic = factory.Sequence(lambda n: f"专题{n}")
    starts_at = MORNING
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=2))
    state = SessionState.PLANNED
    code_secret = factory.LazyFunction(lambda: base64.b32encode(secrets.token_bytes(20)).decode())


class EnrolmentFactory(DjangoModelFactory[Enrolment]):
    """Of ``person=``, with the post they hold on the day of the tests' clock, if any."""

    class Meta:
        model = Enrolment

    course = factory.SubFactory(CourseFactory)
    person = factory.SubFactory(UserFactory)
    joined_on = date(2026, 6, 1)

    @classmethod
    def _create(cls, model_class: type[Enrolment], *args: Any, **kwargs: Any) -> Enrolment:
        enrolment: Enrolment = super()._create(model_class, *args, **{**post_of(kwargs["person"]), **kwargs})
        return enrolment


class AttendanceFactory(DjangoModelFactory[Attendance]):
    """Of ``person=``, who signed in with the code on the screen when the session began."""

    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(UserFactory)
    state = AttendanceState.PRESENT

    @classmethod
    def _create(cls, model_class: type[Attendance], *args: Any, **kwargs: Any) -> Attendance:
        there = {}
        if kwargs["state"] in (AttendanceState.PRESENT, AttendanceState.LATE):
            there = {"way": ArrivalWay.SCREEN, "arrived_at": kwargs["session"].starts_at}
        attendance: Attendance = super()._create(model_class, *args, **{**post_of(kwargs["person"]), **there, **kwargs})
        return attendance


def post_of(person: User) -> dict[str, Any]:
    posting = person.posting(on=MORNING.date())
    if posting is None:
        return {"division_code": "530999101201"}
    return {
        "team": posting.team,
        "division_code": posting.team.division.code,
        "role": posting.role,
        "staff_category": posting.staff_category,
    }
