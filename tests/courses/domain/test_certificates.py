"""Who is given a certificate, once, and how it is taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.certificates import issue_certificate, issue_certificates, revoke_certificate
from courses.domain.refusals import AlreadyRevoked, CertificateRefused
from courses.domain.serials import is_sound
from courses.enums import AbsenceReason, Outcome
from courses.models import Certificate
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.making import LATER, a_certificate, certified_course, completed
from tests.factories.courses import EnrolmentFactory
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


def actions(action: str) -> list[str]:
    return list(ModelLogEntry.objects.filter(action=action).values_list("label", flat=True))


def test_everybody_who_completed_gets_one_certificate(county: Division, ana: User, dan: User, ben: User) -> None:
    course = certified_course(county, ana, dan)
    EnrolmentFactory(course=course)

    first = issue_certificates(course, by=ben, at=LATER)
    second = issue_certificates(course, by=ben, at=LATER)

    given = {each.enrolment.person: each for each in Certificate.objects.all()}
    assert (first, second, set(given)) == (2, 0, {ana, dan})
    assert (given[ana].person_name, given[ana].course_title) == ("安娜", "应知应会培训班")
    assert (given[ana].completed_on, given[ana].issued_at, given[ana].issued_by) == (NOON.date(), LATER, ben)
    assert all(is_sound(each.serial) for each in given.values())
    assert sorted(actions("courses.issue_certificate")) == sorted(each.serial for each in given.values())


def test_issuing_asks_as_many_queries_for_thirty_as_for_three(county: Division, ben: User) -> None:
    asked = []
    for number in (3, 30):
        course = certified_course(county, *UserFactory.create_batch(number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            issue_certificates(course, by=ben, at=LATER)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_who_was_exempt_or_explained_gets_none(county: Division, ana: User, dan: User, ben: User) -> None:
    course = certified_course(county)
    EnrolmentFactory(course=course, person=ana, completed_at=NOON, outcome=Outcome.EXEMPT)
    reason = {"reason": AbsenceReason.ILLNESS, "explained_by": ben}
    EnrolmentFactory(course=course, person=dan, outcome=Outcome.EXPLAINED, **reason)

    assert issue_certificates(course, by=ben, at=LATER) == 0
    with pytest.raises(CertificateRefused):
        issue_certificate(course.enrolments.get(person=dan), by=ben, at=LATER)


def test_a_course_without_certificates_gives_none(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)
    course.gives_certificate = False
    course.save()

    assert issue_certificates(course, by=ben, at=LATER) == 0
    with pytest.raises(CertificateRefused):
        issue_certificate(course.enrolments.get(), by=ben, at=LATER)


def test_asking_again_gives_the_same_certificate(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)

    assert a_certificate(course, ana, by=ben) == a_certificate(course, ana, by=ben)


def test_another_office_issues_and_revokes_nothing(county: Division, ana: User, dan: User, ben: User) -> None:
    course = certified_course(county, ana)
    certificate = a_certificate(course, ana, by=ben)

    with pytest.raises(NotAllowed):
        issue_certificates(course, by=dan, at=LATER)
    with pytest.raises(NotAllowed):
        issue_certificate(certificate.enrolment, by=dan, at=LATER)
    with pytest.raises(NotAllowed):
        revoke_certificate(certificate, reason="误发", by=dan, at=LATER)


def test_a_revoked_certificate_says_when_by_whom_and_why(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    revoke_certificate(certificate, reason=" 姓名有误 ", by=ben, at=LATER)

    certificate.refresh_from_db()
    assert (certificate.revoked_by, certificate.revoked_at) == (ben, LATER)
    assert certificate.revocation_reason == "姓名有误"
    assert actions("courses.revoke_certificate") == [certificate.serial]


def test_nothing_is_revoked_without_a_reason_or_twice(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    with pytest.raises(ReasonMissing):
        revoke_certificate(certificate, reason=" ", by=ben, at=LATER)
    revoke_certificate(certificate, reason="误发", by=ben, at=LATER)
    with pytest.raises(AlreadyRevoked):
        revoke_certificate(certificate, reason="误发", by=ben, at=LATER)


def test_after_a_revocation_only_a_hand_gives_a_new_one(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)
    revoked = revoke_certificate(a_certificate(course, ana, by=ben), reason="姓名有误", by=ben, at=LATER)

    by_all = issue_certificates(course, by=ben, at=LATER)
    anew = issue_certificate(course.enrolments.get(), by=ben, at=LATER + timedelta(days=1))

    assert by_all == 0
    assert anew != revoked
    assert anew.serial != revoked.serial
    assert list(Certificate.objects.valid()) == [anew]


def test_a_name_that_changes_later_does_not_change_the_certificate(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county)
    certificate = issue_certificate(completed(course, ana), by=ben, at=LATER)

    User.objects.filter(pk=ana.pk).update(name="安琪")

    certificate.refresh_from_db()
    assert certificate.person_name == "安娜"
