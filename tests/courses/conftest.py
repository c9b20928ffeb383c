"""A morning's session of the county: Ana and Dan are in the course, Ben's office holds it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from courses.domain.codes import code_of
from courses.domain.cohorts import follow_roster
from courses.models import Course, Session
from members.models import Division, User
from tests.conftest import Clock
from tests.factories.courses import MORNING, CourseFactory, SessionFactory


@pytest.fixture
def morning(clock: Clock) -> Clock:
    """The clock, five minutes after the session began; the minute is half over."""
    clock.time = MORNING + timedelta(minutes=5, seconds=30)
    return clock


@pytest.fixture
def session(county: Division, ana: User, dan: User, ben: User) -> Session:
    course: Course = CourseFactory(division=county, title="集中培训班", created_by=ben)
    follow_roster(course, at=MORNING - timedelta(days=1))
    made: Session = SessionFactory(course=course, topic="防返贫监测", place="县委党校二楼报告厅")
    return made


@pytest.fixture
def code(session: Session, morning: Clock) -> Callable[[], str]:
    """What the screen shows when it is asked."""
    return lambda: code_of(session, at=morning.time)


@pytest.fixture
def as_ana(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def as_ben(ben: User) -> Client:
    client = Client()
    client.force_login(ben)
    return client
