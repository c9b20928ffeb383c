"""The certificates of a course on the office's pages: list, issue, revoke, issue again, print."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from courses.domain.certificates import issue_certificates, revoke_certificate
from courses.models import Certificate, Course
from members.enums import Role
from members.models import Division, User
from tests.conftest import Clock
from tests.courses.making import LATER, a_certificate, certified_course
from tests.factories.members import UserFactory, give_role
from tests.support.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_after_noon(clock: Clock) -> None:
    clock.time = LATER


@pytest.fixture
def course(county: Division, ana: User, dan: User) -> Course:
    return certified_course(county, ana, dan)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
    return client


def index(course: Course) -> str:
    return f"/admin/courses/{course.uuid}/certificates/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_who_lacks_one_is_counted_and_gets_one(course: Course, ben: User) -> None:
    client = as_(ben)

    before = text_of(client.get(index(course)))
    asked = text_of(client.get(f"{index(course)}issue/"))
    answer = client.post(f"{index(course)}issue/")
    after = text_of(client.get(index(course)))

    assert "2 人已结业，尚未颁发证书。" in before
    assert "2 人已结业" in asked
    assert (answer.status_code, answer["Location"]) == (302, index(course))
    assert Certificate.objects.count() == 2
    assert "尚未颁发证书" not in after
    assert all(serial in after for serial in Certificate.objects.values_list("serial", flat=True))


def test_looking_gives_nobody_a_certificate(course: Course, ben: User) -> None:
    as_(ben).get(f"{index(course)}issue/")

    assert not Certificate.objects.exists()


def test_revoking_needs_a_reason_and_is_said(course: Course, ana: User, ben: User) -> None:
    certificate, client = a_certificate(course, ana, by=ben), as_(ben)
    address = f"{index(course)}{certificate.uuid}/revoke/"

    without = client.post(address, {"reason": " "})
    certificate.refresh_from_db()
    was_revoked = certificate.revoked_at
    client.post(address, {"reason": "姓名有误"})

    certificate.refresh_from_db()
    assert (without.status_code, was_revoked) == (200, None)
    assert (certificate.revoked_by, certificate.revocation_reason) == (ben, "姓名有误")
    listed = text_of(client.get(index(course)))
    assert "已于2026-06-15撤销" in listed
    assert f"{certificate.uuid}/again/" in listed


def test_a_new_one_is_given_after_a_revocation_and_offered_once(course: Course, ana: User, ben: User) -> None:
    client = as_(ben)
    revoked = revoke_certificate(a_certificate(course, ana, by=ben), reason="姓名有误", by=ben, at=LATER)

    client.post(f"{index(course)}{revoked.uuid}/again/")

    anew = Certificate.objects.valid().get(enrolment__person=ana)
    assert anew.serial != revoked.serial
    assert "/again/" not in text_of(client.get(index(course)))


def test_a_certificate_of_another_course_is_not_found_under_this_one(
    course: Course, county: Division, ana: User, ben: User
) -> None:
    other = a_certificate(certified_course(county, ana), ana, by=ben)

    answers = [as_(ben).get(f"{index(course)}{other.uuid}/{step}/").status_code for step in ("revoke", "again")]

    assert answers == [404, 404]
    assert as_(ben).get(f"{index(other.enrolment.course)}{other.uuid}/revoke/").status_code == 200


def test_all_certificates_come_in_one_file(course: Course, ben: User) -> None:
    issue_certificates(course, by=ben, at=LATER)

    response = as_(ben).get(f"{index(course)}papers-1.pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content[:5] == b"%PDF-"
    assert as_(ben).get(f"{index(course)}papers-2.pdf").status_code == 404


def test_all_certificates_come_as_a_file_each(course: Course, ana: User, dan: User, ben: User) -> None:
    issue_certificates(course, by=ben, at=LATER)
    numbers = dict(Certificate.objects.values_list("enrolment__person", "serial"))

    response = as_(ben).get(f"{index(course)}papers-1.zip")

    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    with ZipFile(BytesIO(response.content)) as archive:
        assert archive.namelist() == [f"{each.code}-{each.name}-{numbers[each.pk]}.pdf" for each in (ana, dan)]
        assert {archive.read(name)[:5] for name in archive.namelist()} == {b"%PDF-"}
    assert as_(ben).get(f"{index(course)}papers-2.zip").status_code == 404
    entry = ModelLogEntry.objects.get(action="courses.print_certificates")
    assert entry.data == {"part": 1, "count": 2, "format": "zip"}


def test_a_township_takes_files_of_its_own_people(course: Course, township: Division, ana: User, ben: User) -> None:
    issue_certificates(course, by=ben, at=LATER)
    tess = give_role(UserFactory(username="tess", code="LX9009"), Role.ADMINISTRATOR, township)

    response = as_(tess).get(f"{index(course)}papers-1.zip")

    with ZipFile(BytesIO(response.content)) as archive:
        assert [name.split("-")[0] for name in archive.namelist()] == [ana.code]


def test_a_township_sees_its_own_people_and_revokes_nobody(
    course: Course, township: Division, ana: User, dan: User, ben: User
) -> None:
    issue_certificates(course, by=ben, at=LATER)
    tess = give_role(UserFactory(username="tess", code="LX9009"), Role.ADMINISTRATOR, township)

    listed = text_of(as_(tess).get(index(course)))
    anas = Certificate.objects.get(enrolment__person=ana)

    assert ("安娜" in listed, "丹恩" in listed, "revoke" in listed) == (True, False, False)
    assert as_(tess).get(f"{index(course)}{anas.uuid}/revoke/").status_code == 404
    assert as_(tess).get(f"/certificates/{anas.uuid}/certificate.pdf").status_code == 200
    dans = Certificate.objects.get(enrolment__person=dan)
    assert as_(tess).get(f"/certificates/{dans.uuid}/certificate.pdf").status_code == 404


def test_the_list_asks_as_many_queries_for_thirty_as_for_three(
    county: Division, ben: User, django_assert_max_num_queries: Any
) -> None:
    asked = []
    for number in (3, 30):
        course = certified_course(county, *UserFactory.create_batch(number))
        issue_certificates(course, by=ben, at=LATER)
        client = as_(ben)
        client.get(index(course))
        with django_assert_max_num_queries(60) as queries:
            client.get(index(course))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_without_a_key_the_office_is_told(course: Course, ben: User, settings: Any) -> None:
    with_key = text_of(as_(ben).get(index(course)))
    settings.BADGE_KEY_FILE = ""

    without = text_of(as_(ben).get(index(course)))

    assert ("BADGE_SIGNING_KEY" in with_key, "BADGE_SIGNING_KEY" in without) == (False, True)


def test_a_course_that_gives_none_says_so(course: Course, ben: User) -> None:
    course.gives_certificate = False
    course.save()

    page = Page(text_of(as_(ben).get(index(course))))

    assert [node for node in page.nodes if "本培训班不颁发证书" in node.text]
    assert not [node for node in page.nodes if node.attributes.get("href", "").endswith("/issue/")]
