"""A course of the county with two sessions behind it and one ahead; Ana came to one, Dan to none."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.test import Client

from courses.domain.attending import settle_overdue
from courses.models import Course, Session
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.factories.courses import AttendanceFactory, CourseFactory, EnrolmentFactory, SessionFactory


class Class(NamedTuple):
    """The course, and its sessions in order of time."""

    course: Course
    law: Session
    pen: Session
    field: Session


@pytest.fixture
def training(county: Division, ana: User, dan: User, cleo: User, clock: Clock) -> Class:
    """It is noon of 15 June: two sessions were yesterday and this morning, the third is next week."""
    course = CourseFactory.create(division=county, title="第一期集中培训班", created_by=cleo)
    law = SessionFactory.create(course=course, topic="政策法规", starts_at=NOON - timedelta(days=1))
    pen = SessionFactory.create(course=course, topic="公文写作", starts_at=NOON - timedelta(hours=3))
    field = SessionFactory.create(course=course, topic="现场观摩", starts_at=NOON + timedelta(days=7))
    for person in (ana, dan):
        EnrolmentFactory.create(course=course, person=person)
    AttendanceFactory.create(session=law, person=ana)
    settle_overdue(at=NOON)
    return Class(course, *(Session.objects.get(pk=each.pk) for each in (law, pen, field)))


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
