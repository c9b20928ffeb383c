"""Courses that people have completed, and what they were given for it."""

from datetime import timedelta
from typing import Any

from courses.domain.certificates import issue_certificate
from courses.enums import Outcome
from courses.models import Certificate, Course, Enrolment
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import CourseFactory, EnrolmentFactory

LATER = NOON + timedelta(hours=1)


def certified_course(division: Division, *people: User, **fields: Any) -> Course:
    """It gives certificates; these people completed it at noon and have none yet."""
    course: Course = CourseFactory(division=division, gives_certificate=True, title="应知应会培训班", **fields)
    for person in people:
        completed(course, person)
    return course


def completed(course: Course, person: User) -> Enrolment:
    enrolment: Enrolment = EnrolmentFactory(course=course, person=person, completed_at=NOON, outcome=Outcome.COMPLETED)
    return enrolment


def a_certificate(course: Course, person: User, *, by: User) -> Certificate:
    """Given an hour after noon; the person is enrolled already."""
    return issue_certificate(course.enrolments.get(person=person), by=by, at=LATER)
