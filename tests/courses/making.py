"""Courses that people have completed, and what they were given for it."""

from datetime import date, datetime, timedelta
from typing import Any

from courses.domain.certificates import issue_certificate
from courses.enums import Outcome
from courses.models import Certificate, Course, CourseKind, Enrolment
from members.models import Division, User
from tests.conftest import NOON


def a_kind(division: Division, **fields: Any) -> CourseKind:
    code = str(CourseKind.objects.filter(division=division).count() + 1)
    return CourseKind.objects.create(**{"division": division, "code": code, "title": f"培训类型{code}", **fields})


def a_course(division: Division, *, by: User, **fields: Any) -> Course:
    """Open, and it gives certificates."""
    values = {
        "title": "驻村工作队员应知应会培训班",
        "kind": fields.pop("kind", None) or a_kind(division),
        "division": division,
        "gives_certificate": True,
        "state": "open",
        "created_by": by,
        "created_at": NOON,
        **fields,
    }
    return Course.objects.create(**values)


def an_enrolment(course: Course, person: User, *, completed_at: datetime | None = NOON, **fields: Any) -> Enrolment:
    posting = person.postings.select_related("team__division").first()
    post = {
        "team": posting.team if posting else None,
        "division_code": posting.team.division.code if posting else course.division.code,
        "role": posting.role if posting else "",
        "staff_category": posting.staff_category if posting else "",
    }
    outcome = Outcome.COMPLETED if completed_at else ""
    values = {"joined_on": date(2026, 6, 1), "completed_at": completed_at, "outcome": outcome, **post, **fields}
    return Enrolment.objects.create(course=course, person=person, **values)


def a_certificate(course: Course, person: User, *, by: User, at: datetime = NOON + timedelta(hours=1)) -> Certificate:
    return issue_certificate(an_enrolment(course, person), by=by, at=at)
