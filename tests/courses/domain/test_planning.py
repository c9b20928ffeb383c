"""What stands against a session, and series of sessions."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.refusals import NotAllowed
from courses.domain.planning import conflicts_of
from courses.domain.refusals import SeriesRefused
from courses.domain.series import LAST, Rule, plan_series, preview_series
from courses.enums import SeriesRhythm, SessionState
from courses.models import Course, Session
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import (
    MORNING,
    SHANGHAI,
    CourseFactory,
    EnrolmentFactory,
    LecturerFactory,
    SessionFactory,
)
from tests.factories.members import DivisionFactory, TeamFactory

HOUR = timedelta(hours=1)
MONDAY = date(2026, 7, 6)


@pytest.fixture
def course(county: Division) -> Course:
    return CourseFactory.create(division=county)


def conflicts(course: Course, **facts: Any) -> list[str]:
    usual = {"starts_at": MORNING, "ends_at": MORNING + HOUR, "place": "", "host_team": None, "lecturers": ()}
    return conflicts_of(course, **usual | facts)


@pytest.mark.django_db
class TestConflicts:
    @pytest.fixture
    def other(self, county: Division) -> Session:
        """Another course's session from nine to eleven."""
        session = SessionFactory.create(
            course=CourseFactory.create(division=county), topic="周例会", place="县委党校 三楼", host_team=TeamFactory()
        )
        session.lecturers.add(LecturerFactory.create(division=county, name="张老师"))
        return session

    def test_each_thing_that_is_taken_is_named(self, course: Course, other: Session) -> None:
        taken = {
            "place": "县委党校三楼",
            "host_team": other.host_team,
            "lecturers": [*other.lecturers.all(), LecturerFactory.create(division=course.division)],
        }

        assert conflicts(course, **taken) == [
            "张老师 当时在“周例会”授课（06-15 09:00–11:00）。",
            "县委党校 三楼 当时已用于“周例会”（06-15 09:00–11:00）。",
            f"{other.host_team} 当时承办“周例会”（06-15 09:00–11:00）。",
        ]

    @pytest.mark.parametrize("hours", [-1, 2, 3])
    def test_before_and_after_it_nothing_is_taken(self, course: Course, other: Session, hours: int) -> None:
        begins = MORNING + hours * HOUR

        assert conflicts(course, starts_at=begins, ends_at=begins + HOUR, place=other.place) == []

    def test_what_is_called_off_or_changed_itself_is_not_in_the_way(self, course: Course, other: Session) -> None:
        assert conflicts(other.course, place=other.place, session=other) == []
        Session.objects.update(state=SessionState.CANCELLED, cancel_reason="防汛")
        assert conflicts(course, place=other.place) == []

    def test_another_county_is_not_in_the_way(self, other: Session) -> None:
        elsewhere = CourseFactory.create(division=DivisionFactory(code="530888000000", name="别县"))

        assert conflicts(elsewhere, place=other.place) == []

    def test_people_who_are_wanted_twice_are_counted(
        self, course: Course, other: Session, ana: User, dan: User, township: Division
    ) -> None:
        for person in (ana, dan):
            EnrolmentFactory.create(course=course, person=person)
            EnrolmentFactory.create(course=other.course, person=person)

        said = "有 {} 人当时还要参加“周例会”（06-15 09:00–11:00）。"
        assert conflicts(course) == [said.format(2)]
        assert conflicts(course, division=township) == [said.format(1)]


def rule(**facts: Any) -> Rule:
    usual: dict[str, Any] = {
        "rhythm": SeriesRhythm.WEEKLY, "first": MONDAY, "begins": time(9), "minutes": 90, "count": 3,
    }  # fmt: skip
    return Rule(**usual | facts)


def days(**facts: Any) -> list[str]:
    return [f"{day:%m-%d}" for day in rule(**facts).days()]


class TestRule:
    @pytest.mark.parametrize(
        ("facts", "found"),
        [
            ({}, ["07-06", "07-13", "07-20"]),
            ({"interval": 2}, ["07-06", "07-20", "08-03"]),
            ({"count": None, "until": date(2026, 7, 19)}, ["07-06", "07-13"]),
            ({"count": None, "until": date(2026, 7, 20)}, ["07-06", "07-13", "07-20"]),
            ({"skips": [date(2026, 7, 13)]}, ["07-06", "07-20", "07-27"]),
            ({"rhythm": SeriesRhythm.MONTHLY, "nth": 1}, ["07-06", "08-03", "09-07"]),
            ({"rhythm": SeriesRhythm.MONTHLY, "nth": 2}, ["07-13", "08-10", "09-14"]),
            ({"rhythm": SeriesRhythm.MONTHLY, "nth": LAST}, ["07-27", "08-31", "09-28"]),
            ({"rhythm": SeriesRhythm.MONTHLY, "interval": 3}, ["07-06", "10-05", "01-04"]),
        ],
    )
    def test_days(self, facts: dict[str, Any], found: list[str]) -> None:
        assert days(**facts) == found

    @pytest.mark.parametrize(
        "facts",
        [
            {"count": None},
            {"until": date(2026, 8, 1)},
            {"count": None, "until": date(2026, 7, 1)},
            {"count": None, "until": date(2028, 7, 1)},
            {"count": None, "until": MONDAY, "skips": [MONDAY]},
            {"count": 12, "interval": 12},
        ],
        ids=["no end", "two ends", "ends before it begins", "too many", "all left out", "too far"],
    )
    def test_what_names_no_days_is_refused(self, facts: dict[str, Any]) -> None:
        with pytest.raises(SeriesRefused):
            rule(**facts).days()

    @given(first=st.dates(date(2026, 1, 1), date(2030, 12, 31)), count=st.integers(1, 8), interval=st.integers(1, 12))
    def test_a_week_keeps_its_weekday_and_its_distance(self, first: date, count: int, interval: int) -> None:
        found = rule(first=first, count=count, interval=interval).days()

        steps = {(later - earlier).days for earlier, later in pairwise(found)}
        assert steps <= {7 * interval}
        assert found[0] == first

    @given(
        first=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
        count=st.integers(1, 12),
        nth=st.sampled_from([1, 2, 3, 4, LAST]),
    )
    def test_a_month_has_one_of_them_on_the_same_weekday(self, first: date, count: int, nth: int) -> None:
        found = rule(rhythm=SeriesRhythm.MONTHLY, first=first, count=count, nth=nth).days()

        assert {day.weekday() for day in found} == {first.weekday()}
        assert len({(day.year, day.month) for day in found}) == len(found) == count
        if nth == LAST:
            assert all((day + timedelta(days=7)).month != day.month for day in found)
        else:
            assert {(day.day - 1) // 7 + 1 for day in found} == {nth}


@pytest.mark.django_db
class TestSeries:
    def test_all_are_planned_at_the_time_of_the_wall(self, course: Course, cleo: User) -> None:
        lecturer = LecturerFactory.create(division=course.division)

        made = plan_series(course, rule(), topic="第{n}次例会", place="二楼", lecturers=[lecturer], by=cleo, at=NOON)

        assert [session.topic for session in made] == ["第1次例会", "第2次例会", "第3次例会"]
        assert [timezone.localtime(session.starts_at) for session in made] == [
            datetime(2026, 7, day, 9, 0, tzinfo=SHANGHAI) for day in (6, 13, 20)
        ]
        assert {session.ends_at - session.starts_at for session in made} == {timedelta(minutes=90)}
        assert [list(session.lecturers.all()) for session in made] == [[lecturer]] * 3

    def test_one_that_cannot_be_planned_takes_all_along(self, course: Course, cleo: User) -> None:
        with pytest.raises(ValidationError):
            plan_series(course, rule(), topic="长" * 119 + "{n}{n}", by=cleo, at=NOON)

        assert Session.objects.count() == 0

    def test_whose_course_it_is_not_plans_nothing(self, course: Course, dan: User) -> None:
        with pytest.raises(NotAllowed):
            plan_series(course, rule(), topic="例会", by=dan, at=NOON)

    def test_looking_first_shows_days_and_what_stands_against_them(self, course: Course) -> None:
        begins = datetime(2026, 7, 13, 9, 30, tzinfo=SHANGHAI)
        SessionFactory.create(
            course=CourseFactory.create(division=course.division), topic="别的", place="二楼", starts_at=begins
        )

        found = preview_series(course, rule(), topic="例会{n}", place="二楼")

        assert [(each.topic, each.conflicts) for each in found] == [
            ("例会1", []),
            ("例会2", ["二楼 当时已用于“别的”（07-13 09:30–11:30）。"]),
            ("例会3", []),
        ]
        assert course.sessions.count() == 0
