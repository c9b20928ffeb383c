"""Exams in the calendar of whoever sits them."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from courses.domain.exam_dates import exam_dates_of
from courses.domain.feeds import calendar_of
from exams.enums import ExamState
from exams.models import Candidate, Exam
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.exams import ExamFactory

pytestmark = pytest.mark.django_db

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def an_exam(
    division: Division, *people: User, state: str = ExamState.PUBLISHED, days: int = 3, **fields: object
) -> Exam:
    exam: Exam = ExamFactory(
        division=division, title="应知应会测试", opens_at=NOON + WEEK, closes_at=NOON + WEEK + days * DAY, minutes=45
    )
    exam.state, exam.published_at = state, NOON
    for name, value in fields.items():
        setattr(exam, name, value)
    exam.save()
    for person in people:
        Candidate.objects.create(exam=exam, person=person, division_code="530999101201")
    return exam


def event_of(person: User) -> Calendar:
    (event,) = Calendar.from_ical(calendar_of(person, at=NOON)).walk("VEVENT")
    return event


def test_an_exam_stands_in_the_feed_of_who_sits_it(county: Division, ana: User, dan: User) -> None:
    exam = an_exam(county, ana)

    event = event_of(ana)

    assert (str(event["UID"]), str(event["SUMMARY"])) == (str(exam.uuid), "考试：应知应会测试")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (exam.opens_at, exam.closes_at)
    assert (str(event["STATUS"]), str(event["TRANSP"]), event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 0)
    assert str(event["DESCRIPTION"]) == "时长 45 分钟，可在此时段内任选时间作答。"
    assert str(event["URL"]).endswith(f"/exams/{exam.uuid}/")
    assert Calendar.from_ical(calendar_of(dan, at=NOON)).walk("VEVENT") == []


def test_an_exam_at_a_fixed_hour_takes_up_its_time(county: Division, ana: User) -> None:
    exam = an_exam(county, ana)
    Exam.objects.filter(pk=exam.pk).update(closes_at=exam.opens_at + timedelta(minutes=45))

    event = event_of(ana)

    assert (str(event["TRANSP"]), "DESCRIPTION" in event) == ("OPAQUE", False)


@pytest.mark.parametrize("state", [ExamState.DRAFT, ExamState.PUBLISHING])
def test_an_exam_in_preparation_stands_in_nobodys_calendar(county: Division, ana: User, state: str) -> None:
    an_exam(county, ana, state=state)

    assert exam_dates_of(ana, first=NOON, last=NOON + 4 * WEEK) == []


def test_an_exam_that_is_closed_early_ends_then_under_a_new_edition(county: Division, ana: User) -> None:
    exam = an_exam(county, ana, state=ExamState.CLOSED, closed_at=NOON + WEEK + DAY)

    event = event_of(ana)

    assert (event["DTEND"].dt, event["DTSTAMP"].dt, event["SEQUENCE"]) == (exam.closed_at, exam.closed_at, 1)


def test_an_exam_that_is_closed_before_it_opens_is_called_off(county: Division, ana: User) -> None:
    exam = an_exam(county, ana, state=ExamState.CLOSED, closed_at=NOON + DAY)

    event = event_of(ana)

    assert (str(event["STATUS"]), str(event["SUMMARY"])) == ("CANCELLED", "已取消：考试：应知应会测试")
    assert event["DTEND"].dt == exam.closes_at


@pytest.mark.parametrize(("first", "last", "count"), [(-7, 7, 0), (-7, 8, 1), (8, 9, 1), (9, 20, 1), (10, 20, 0)])
def test_only_windows_that_touch_the_time_are_given(
    county: Division, ana: User, first: int, last: int, count: int
) -> None:
    an_exam(county, ana)

    assert len(exam_dates_of(ana, first=NOON + first * DAY, last=NOON + last * DAY)) == count
