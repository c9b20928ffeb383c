"""Certificates as PDF: read back with another library than the one that wrote them."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from courses.domain.certificate_papers import address, write_certificates
from courses.domain.certificates import issue_certificates, revoke_certificate
from courses.domain.reading_certificates import parts_of_papers, take_papers, whole
from courses.models import Certificate
from members.models import Division, User
from tests.courses.making import LATER, a_certificate, certified_course
from tests.factories.members import UserFactory

# What is printed is read back; both databases give out the certificates in test_certificates.py.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def written(*certificates: Certificate) -> bytes:
    target = BytesIO()
    assert write_certificates(target, certificates) == frozenset()
    return target.getvalue()


def words(paper: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)]


def test_a_certificate_says_who_what_and_when_on_one_page_across(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    paper = written(whole().get(pk=certificate.pk))

    (text,) = words(paper)
    for said in ("安娜同志", "“应知应会培训班”", "2026年6月15日", certificate.serial, "岚溪县（盖章）"):
        assert said in text.replace("\r\n", "")
    assert pypdfium2.PdfDocument(paper)[0].get_size() == pytest.approx((841.89, 595.28), abs=0.01)


def test_names_with_rare_characters_are_printed_whole(county: Division, ben: User) -> None:
    person = UserFactory(name="张𬭚𠅤")
    certificate = a_certificate(certified_course(county, person), person, by=ben)

    (text,) = words(written(certificate))

    assert "张𬭚𠅤同志" in text


def test_the_code_leads_to_the_page_that_verifies_it(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    assert address(certificate).endswith(f"/certificates/{certificate.uuid}/")
    assert address(certificate).encode() in written(certificate)


def test_everybody_holds_the_same_paper_whatever_language_they_read(county: Division, ana: User, ben: User) -> None:
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    with override("en"):
        in_english = written(certificate)

    assert in_english == written(certificate)


def test_a_title_of_the_greatest_length_stays_inside_the_frame(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)
    course.title = "防止返贫动态监测和帮扶政策集中轮训" * 7
    course.save()
    certificate = a_certificate(course, ana, by=ben)

    page = pypdfium2.PdfDocument(written(certificate))[0].get_textpage()

    boxes = [page.get_charbox(place) for place in range(page.count_chars())]
    shown = [box for box in boxes if box[2] > box[0]]
    assert min(box[0] for box in shown) > 60
    assert max(box[2] for box in shown) < 841 - 60
    assert page.search("特发此证").get_next()
    text_foot = min(box[1] for box in shown[:-1] if box[1] > 150)
    assert text_foot > 160


def test_the_office_takes_all_valid_ones_in_the_order_of_the_roster(
    county: Division, ana: User, dan: User, ben: User
) -> None:
    course = certified_course(county, dan, ana)
    left_out = UserFactory(name="已撤销")
    revoked = a_certificate(certified_course(county, left_out), left_out, by=ben)
    revoke_certificate(revoked, reason="误发", by=ben, at=LATER)
    issue_certificates(course, by=ben, at=LATER)

    papers = take_papers(course, part=1, by=ben, at=LATER + timedelta(days=1))

    assert papers is not None
    assert ["安娜同志" in words(papers)[0], "丹恩同志" in words(papers)[1]] == [True, True]
    assert list(parts_of_papers(course, person=ben)) == [1]
    noted = ModelLogEntry.objects.get(action="courses.print_certificates")
    assert (noted.user, noted.data) == (ben, {"part": 1, "count": 2, "format": "pdf"})


def test_there_is_no_part_beyond_the_last_and_none_of_nothing(county: Division, ana: User, ben: User) -> None:
    course = certified_course(county, ana)

    assert [take_papers(course, part=part, by=ben, at=LATER) for part in (0, 1, 2)] == [None] * 3
    assert list(parts_of_papers(course, person=ben)) == []
