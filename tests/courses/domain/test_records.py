"""What people read about their own training when they download what is held about them."""

from datetime import date, timedelta
from typing import Any

import pytest

from courses.domain.attending import mark
from courses.domain.badges.signing import credential_of
from courses.domain.certificates import revoke_certificate
from courses.enums import AbsenceReason, AttendanceState
from courses.models import Exemption, Leave
from members.domain.records import records_of
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.making import LATER, a_certificate, certified_course
from tests.factories.courses import MORNING, AttendanceFactory, SessionFactory

pytestmark = pytest.mark.django_db


def part(person: User, key: str) -> Any:
    return records_of(person)[key]["content"]


def test_courses_say_what_became_of_them(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)
    Exemption.objects.create(course=course, person=ana, reason="借调", asked_by=ben, asked_at=NOON)

    assert part(ana, "enrolments") == [
        {
            "course": "应知应会培训班",
            "kind": course.kind.title,
            "division": "岚溪县",
            "came_in": "按参训规则",
            "team": "柳湾村工作队",
            "joined_on": date(2026, 6, 1),
            "left_on": None,
            "reason": "",
            "remark": "",
            "completed_at": NOON,
            "outcome": "已结业",
            "exemptions": [{"reason": "借调", "state": "待第二人审批", "asked_at": NOON}],
        }
    ]


def test_attendance_says_how_it_was_known_and_what_was_corrected(county: Division, ana: User, ben: User) -> None:
    session = SessionFactory(course=certified_course(county, ana), topic="惠农政策")
    AttendanceFactory(session=session, person=ana)
    marked = {"state": AttendanceState.ABSENT, "reason": AbsenceReason.UNEXCUSED, "why": "代签"}
    mark(session, ana, by=ben, at=LATER, **marked)

    (row,) = part(ana, "attendance")

    assert (row["session"], row["began_at"], row["arrived_at"]) == ("惠农政策", MORNING, None)
    assert row["changes"] == [{"from": "实到", "to": "缺席", "reason": "无故缺席", "why": "代签", "changed_at": LATER}]


def test_leave_is_there_with_its_answer(county: Division, ana: User, ben: User) -> None:
    session = SessionFactory(course=certified_course(county, ana))
    Leave.objects.create(
        session=session, person=ana, reason=AbsenceReason.ILLNESS, text="住院", asked_by=ana, asked_at=NOON
    )

    (row,) = part(ana, "leaves")

    assert (row["what_for"], row["reason"], row["asked_at"]) == ("住院", "患病", NOON)


def test_certificates_are_there_with_what_was_signed_and_why_revoked(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)
    token = credential_of(certificate)
    revoke_certificate(certificate, reason="姓名有误", by=ben, at=LATER + timedelta(days=1))

    assert part(ana, "certificates") == [
        {
            "number": certificate.serial,
            "name": "安娜",
            "course": "应知应会培训班",
            "completed_on": NOON.date(),
            "issued_at": LATER,
            "digital_certificate": token,
            "revoked_at": LATER + timedelta(days=1),
            "revocation_reason": "姓名有误",
        }
    ]


def test_nothing_of_others_is_in_it(county: Division, ana: User, dan: User, ben: User) -> None:
    course = certified_course(county, ana)
    AttendanceFactory(session=SessionFactory(course=course), person=ana)
    a_certificate(course, ana, by=ben)

    assert [part(dan, key) for key in ("enrolments", "attendance", "leaves", "certificates")] == [[]] * 4
