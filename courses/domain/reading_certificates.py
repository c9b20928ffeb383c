"""Which certificates there are, for whom they are about, for the office, and for whoever holds one."""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db.models import QuerySet
from wagtail.log_actions import log

from courses.domain.certificate_papers import write_certificates, write_certificates_apart
from courses.models import Certificate, Course
from members.models import User

# Certificates in one file: some five seconds of work, and what a printer takes at once.
PART = 400


def whole() -> QuerySet[Certificate]:
    """With what a paper or a credential says, in one query."""
    return Certificate.objects.select_related("enrolment__person", "enrolment__course__division")


def certificates_of(person: User) -> QuerySet[Certificate]:
    return Certificate.objects.filter(enrolment__person=person).order_by("-issued_at", "serial")


def certificates_of_course(course: Course, *, person: User) -> QuerySet[Certificate]:
    """Those of people whom ``person`` looks after, township by township, in the order of staff numbers."""
    seen = course.enrolments.visible_to(person)
    found = whole().filter(enrolment__in=seen).select_related("enrolment__team", "revoked_by")
    return found.order_by("enrolment__division_code", "enrolment__person__code", "-issued_at")


def by_uuid(uuid: UUID) -> Certificate | None:
    return whole().filter(uuid=uuid).first()


def by_serial(serial: str) -> Certificate | None:
    return Certificate.objects.filter(serial=serial).first()


def _on_paper(course: Course, person: User) -> QuerySet[Certificate]:
    return certificates_of_course(course, person=person).filter(revoked_at=None)


def parts_of_papers(course: Course, *, person: User) -> range:
    """The numbers of the files that all valid certificates of a course are printed in."""
    return range(1, -(-_on_paper(course, person).count() // PART) + 1)


def take_papers(course: Course, *, part: int, ending: str = "pdf", by: User, at: datetime) -> bytes | None:
    """One of those files, and that it was taken: one PDF, or an archive ("zip") with a PDF each.

    None for a part that there is not.
    """
    start = (part - 1) * PART
    found = list(_on_paper(course, by)[start : start + PART]) if part > 0 else []
    if not found:
        return None
    target = BytesIO()
    _WRITERS[ending](target, found)
    data = {"part": part, "count": len(found), "format": ending}
    log(course, "courses.print_certificates", user=by, timestamp=at, data=data)
    return target.getvalue()


_WRITERS: dict[str, Callable[[BinaryIO, Iterable[Certificate]], object]] = {
    "pdf": write_certificates,
    "zip": write_certificates_apart,
}
