"""The calendar for calendar programs: read back with a parser, and against the rules of RFC 5545."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from courses.domain.courses import cancel_course
from courses.domain.feeds import calendar_of, feed_of, person_with, renew_feed
from courses.domain.sessions import cancel_session, change_session, plan_session
from courses.models import Course, Session
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import MORNING, CourseFactory, EnrolmentFactory, LecturerFactory

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def course(county: Division, ana: User) -> Course:
    course = CourseFactory.create(division=county, title="新任驻村干部培训班", opened_at=NOON - WEEK)
    EnrolmentFactory.create(course=course, person=ana)
    return course


@pytest.fixture
def session(course: Course, cleo: User) -> Session:
    return plan_session(
        course,
        topic="防止返贫动态监测，如何入户、如何核实、如何留痕；一个都不能少",
        starts_at=MORNING + WEEK,
        ends_at=MORNING + WEEK + timedelta(hours=2),
        place="县委党校, 三楼; 报告厅",
        lecturers=[LecturerFactory.create(division=course.division, name="张老师")],
        by=cleo,
        at=NOON,
    )


def events(person: User) -> list[Calendar]:
    return list(Calendar.from_ical(calendar_of(person, at=NOON)).walk("VEVENT"))


def test_an_event_says_what_when_and_where(session: Session, ana: User) -> None:
    (event,) = events(ana)

    assert str(event["UID"]) == str(session.uuid)
    assert str(event["SUMMARY"]) == f"{session.topic}（新任驻村干部培训班）"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (session.starts_at, session.ends_at)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert (str(event["LOCATION"]), str(event["STATUS"])) == ("县委党校, 三楼; 报告厅", "CONFIRMED")
    assert str(event["DESCRIPTION"]) == "授课人：张老师"
    assert str(event["URL"]).endswith(f"/courses/sessions/{session.uuid}/")
    assert (event["SEQUENCE"], event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (0, NOON, NOON)


def test_a_change_counts_up_under_the_same_identifier(session: Session, ana: User, cleo: User) -> None:
    later = NOON + timedelta(hours=1)
    change_session(session, place="二楼", by=cleo, at=later)

    (event,) = events(ana)

    assert (str(event["UID"]), event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (str(session.uuid), 1, later)
    assert str(event["LOCATION"]) == "二楼"


def test_what_is_called_off_is_cancelled_and_says_why(session: Session, ana: User, cleo: User) -> None:
    cancel_session(session, reason="防汛", by=cleo, at=NOON)

    (event,) = events(ana)

    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]).startswith("已取消：")
    assert str(event["DESCRIPTION"]).splitlines()[0] == "原因：防汛"


def test_a_course_that_is_called_off_cancels_its_sessions(
    course: Course, session: Session, ana: User, cleo: User
) -> None:
    cancel_course(course, reason="机构改革", by=cleo, at=NOON)

    assert [str(event["STATUS"]) for event in events(ana)] == ["CANCELLED"]


def test_other_peoples_sessions_are_not_in_it(session: Session, ana: User, dan: User) -> None:
    assert (len(events(ana)), events(dan)) == (1, [])


def test_it_is_written_as_the_standard_wants(session: Session, ana: User) -> None:
    body = calendar_of(ana, at=NOON)

    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    # 3.1: no line of more than 75 octets; a folded line goes on after one blank, and no character is torn
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if line.startswith(b" ")] != []
    assert session.topic in body.decode().replace("\r\n ", "")
    assert r"县委党校\, 三楼\; 报告厅" in body.decode().replace("\r\n ", "")


def test_the_zone_of_its_times_is_explained_in_it(session: Session, ana: User) -> None:
    calendar = Calendar.from_ical(calendar_of(ana, at=NOON))

    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Shanghai"
    assert {str(part["TZOFFSETTO"].to_ical()) for part in zone.walk("STANDARD")} == {"+0800"}


def test_an_empty_calendar_is_one(ana: User) -> None:
    calendar = Calendar.from_ical(calendar_of(ana, at=NOON))

    assert (str(calendar["VERSION"]), str(calendar["METHOD"]), calendar.walk("VEVENT")) == ("2.0", "PUBLISH", [])


def test_it_is_the_same_until_something_changes(session: Session, ana: User, cleo: User) -> None:
    before = calendar_of(ana, at=NOON)

    assert calendar_of(ana, at=NOON + timedelta(minutes=5)) == before
    change_session(session, place="二楼", by=cleo, at=NOON)
    assert calendar_of(ana, at=NOON) != before


def test_a_new_address_makes_the_old_one_useless(ana: User) -> None:
    assert feed_of(ana) is None
    old = renew_feed(ana, at=NOON).token

    new = renew_feed(ana, at=NOON).token

    assert (person_with(old), person_with(new), len(new) >= 43) == (None, ana, True)


def test_whoever_cannot_sign_in_has_no_feed(ana: User) -> None:
    token = renew_feed(ana, at=NOON).token
    User.objects.filter(pk=ana.pk).update(is_active=False)

    assert person_with(token) is None
