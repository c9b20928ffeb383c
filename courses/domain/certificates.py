"""Certificates: given to whoever completed a course, under a number of their own, and taken back with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.refusals import AlreadyRevoked, CertificateRefused
from courses.domain.serials import new_serials
from courses.enums import Outcome
from courses.models import Certificate, Course, Enrolment
from courses.models.enrolment import EnrolmentQuerySet
from courses.rules import may_manage_course
from members.domain.audit import Happening, log_many
from members.models import User

_BATCH = 500
LONGEST_REASON = 300


def without_certificate(course: Course) -> EnrolmentQuerySet:
    """Who completed the course and was never given a certificate.

    Whose certificate was revoked is not among them: a new one is given to them by hand, one at a time.
    """
    given = Certificate.objects.filter(enrolment=OuterRef("pk"))
    return _completed(course).filter(~Exists(given)).select_related("person", "team")


def _completed(course: Course) -> EnrolmentQuerySet:
    done = Enrolment.objects.filter(course=course, completed_at__isnull=False)
    return done.exclude(outcome__in=[Outcome.EXEMPT, Outcome.EXPLAINED])


@transaction.atomic
def issue_certificates(course: Course, *, by: User, at: datetime) -> int:
    """Give everybody who completed the course a certificate who has had none; says how many that were.

    Safe to repeat, at once too: the course's row is held. A course that gives none gives none to nobody. A handful of
    queries, however many people. Raises NotAllowed.
    """
    _refuse_others(course, by)
    if not course.gives_certificate:
        return 0
    _hold(course)
    return len(_issue(course, list(without_certificate(course)), by=by, at=at))


@transaction.atomic
def issue_certificate(enrolment: Enrolment, *, by: User, at: datetime) -> Certificate:
    """The valid certificate of this enrolment: the one there is, or a new one, also after one was revoked.

    Raises NotAllowed, CertificateRefused (not completed; a course without certificates).
    """
    course = enrolment.course
    _refuse_others(course, by)
    _hold(course)
    known = Certificate.objects.valid().filter(enrolment=enrolment).first()
    if known:
        return known
    if not course.gives_certificate:
        raise CertificateRefused(_("This course gives no certificates."))
    found = _completed(course).select_related("person").filter(pk=enrolment.pk).first()
    if found is None:
        raise CertificateRefused(_("They have not completed the course."))
    return _issue(course, [found], by=by, at=at)[0]


def _refuse_others(course: Course, by: User) -> None:
    if not may_manage_course(by, course):
        raise NotAllowed(_("The course belongs to another division."))


def _hold(course: Course) -> None:
    """Whoever issues at the same time waits here, and then sees what was issued meanwhile."""
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


def _issue(course: Course, enrolments: Sequence[Enrolment], *, by: User, at: datetime) -> list[Certificate]:
    serials = new_serials(course.division.code, timezone.localdate(at), count=len(enrolments), taken=_taken)
    certificates = [
        Certificate(
            serial=serial,
            enrolment=enrolment,
            person_name=enrolment.person.name,
            course_title=course.title,
            completed_on=timezone.localdate(enrolment.completed_at),
            issued_by=by,
            issued_at=at,
        )
        for serial, enrolment in zip(serials, enrolments, strict=True)
    ]
    Certificate.objects.bulk_create(certificates, batch_size=_BATCH)
    said = [
        Happening(each, "courses.issue_certificate", {"course": course.title, "person": each.enrolment.person_id})
        for each in certificates
    ]
    log_many(said, by=by, at=at)
    return certificates


def _taken(serials: Collection[str]) -> list[str]:
    asked, found = list(serials), []
    # SQLite takes a limited number of parameters in one statement.
    for start in range(0, len(asked), _BATCH):
        rows = Certificate.objects.filter(serial__in=asked[start : start + _BATCH])
        found += rows.values_list("serial", flat=True)
    return found


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, by: User, at: datetime) -> Certificate:
    """It is no longer valid, and whoever verifies it is told so, without the reason.

    Raises NotAllowed, ReasonMissing, AlreadyRevoked.
    """
    _refuse_others(certificate.enrolment.course, by)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing(_("Say why the certificate is revoked."))
    changed = (
        Certificate.objects.valid()
        .filter(pk=certificate.pk)
        .update(revoked_by=by, revoked_at=at, revocation_reason=reason)
    )
    if not changed:
        raise AlreadyRevoked(_("This certificate was revoked before."))
    certificate.refresh_from_db(fields=["revoked_by", "revoked_at", "revocation_reason"])
    log(certificate, "courses.revoke_certificate", user=by, timestamp=at, data={"reason": reason})
    return certificate
