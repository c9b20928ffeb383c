"""Certificates on the pages: verified by whoever holds one, taken home by whom they are about."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from courses.domain.certificates import revoke_certificate
from courses.domain.serials import check_digits, new_serial, written
from courses.models import Certificate
from courses.web.certificates import WRONG_NUMBERS
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.courses.making import LATER, a_certificate, certified_course
from tests.support.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried(clock: Clock) -> None:
    clock.time = LATER
    cache.clear()


@pytest.fixture
def certificate(county: Division, ana: User, ben: User) -> Certificate:
    return a_certificate(certified_course(county, ana), ana, by=ben)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
    return client


def page(address: str, client: Client | None = None, **query: Any) -> tuple[int, str]:
    response = (client or Client()).get(address, query)
    return response.status_code, response.content.decode()


def leaders(text: str) -> dict[str, str]:
    """What stands beside what in the lists of a page."""
    shown = Page(text)
    names = [node.text.strip() for node in shown.nodes if node.tag == "dt"]
    return dict(zip(names, [node.text.strip() for node in shown.nodes if node.tag == "dd"], strict=True))


# -- whoever holds one ---------------------------------------------------------------------------


def test_everybody_reads_name_course_and_day_and_nothing_more(certificate: Certificate, ana: User) -> None:
    status, text = page(f"/certificates/{certificate.uuid}/")

    assert status == 200
    assert "该证书有效" in text
    assert leaders(text) == {"姓名": "安娜", "培训班": "应知应会培训班", "结业日期": "2026年6月15日"}
    for hidden in (certificate.serial, ana.code, "柳湾村", "青石镇", "本恩", "岚溪县"):
        assert hidden not in text


def test_a_revoked_one_says_when_and_not_why(certificate: Certificate, ben: User) -> None:
    revoke_certificate(certificate, reason="冒名顶替", by=ben, at=LATER)

    status, text = page(f"/certificates/{certificate.uuid}/")

    assert status == 200
    assert "该证书已于2026年6月15日撤销，不再有效。" in text
    assert "该证书有效" not in text
    assert "冒名顶替" not in text


def test_the_page_is_not_to_be_found_by_a_name(certificate: Certificate) -> None:
    response = Client().get(f"/certificates/{certificate.uuid}/")

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


def test_an_address_of_no_certificate_says_so(db: None) -> None:
    status, text = page(f"/certificates/{uuid4()}/")

    assert status == 404
    assert "查无此证" in text


@pytest.mark.parametrize("shape", ["{}", " {} ", "no dashes"])
def test_a_number_leads_to_its_page_however_it_is_typed(certificate: Certificate, shape: str) -> None:
    typed = certificate.serial.replace("-", "") if shape == "no dashes" else shape.format(certificate.serial)

    response = Client().get("/certificates/", {"number": typed})

    assert (response.status_code, response["Location"]) == (302, f"/certificates/{certificate.uuid}/")


def test_a_slip_of_the_pen_is_said_before_anything_is_looked_up(
    certificate: Certificate, django_assert_num_queries: Any
) -> None:
    wrong = certificate.serial[:-1] + str((int(certificate.serial[-1]) + 1) % 10)

    with django_assert_num_queries(0):
        status, text = page("/certificates/", number=wrong)

    assert status == 200
    assert "编号有误或缺位" in text


def test_a_number_that_was_never_given_is_said_to_be_none(db: None) -> None:
    _status, text = page("/certificates/", number=new_serial("530999000000", NOON.date()))

    assert "没有颁发过此编号的证书" in text


def test_who_tries_numbers_one_after_the_other_has_to_wait(certificate: Certificate) -> None:
    client = Client()
    statuses = []
    for number in range(WRONG_NUMBERS.most + 1):
        digits = f"5309992026{number:012d}"
        statuses.append(page("/certificates/", client, number=written(digits + check_digits(digits)))[0])

    right = client.get("/certificates/", {"number": certificate.serial})
    elsewhere = client.get("/certificates/", {"number": certificate.serial}, REMOTE_ADDR="10.9.9.9")

    assert statuses == [200] * WRONG_NUMBERS.most + [429]
    # Not even a right one tells them apart from the others.
    assert (right.status_code, elsewhere.status_code) == (429, 302)
    assert page(f"/certificates/{certificate.uuid}/", client)[0] == 200


def test_right_numbers_use_nothing_up(certificate: Certificate) -> None:
    client = Client()

    statuses = {
        client.get("/certificates/", {"number": certificate.serial}).status_code
        for _each in range(WRONG_NUMBERS.most + 5)
    }

    assert statuses == {302}


def test_the_two_pages_that_verify_know_each_other(db: None) -> None:
    _status, text = page("/certificates/")

    assert [node.attributes["href"] for node in Page(text).nodes if node.attributes.get("href") == "/verify/"]


def test_a_number_of_a_certificate_typed_among_papers_leads_to_it(certificate: Certificate) -> None:
    response = Client().get("/verify/", {"number": certificate.serial})

    assert (response.status_code, response["Location"]) == (302, f"/certificates/?number={certificate.serial}")


# -- whom it is about ----------------------------------------------------------------------------


def test_my_certificates_lead_to_paper_and_digital_form(certificate: Certificate, ana: User) -> None:
    status, text = page("/me/certificates/", as_(ana))

    links = {node.attributes.get("href", "") for node in Page(text).nodes if node.tag == "a"}
    place = f"/certificates/{certificate.uuid}"
    assert status == 200
    assert {f"{place}/", f"{place}/certificate.pdf", f"{place}/credential.jwt", f"{place}/badge.svg"} <= links
    assert certificate.serial in text


def test_my_page_leads_to_my_certificates(ana: User) -> None:
    _status, text = page("/me/", as_(ana))

    assert [node for node in Page(text).nodes if node.attributes.get("href") == "/me/certificates/"]


def test_without_certificates_it_says_what_to_expect(ana: User) -> None:
    _status, text = page("/me/certificates/", as_(ana))

    assert "暂无证书" in text


def test_a_revoked_one_shows_the_reason_to_its_person_and_nothing_to_take(
    certificate: Certificate, ana: User, ben: User
) -> None:
    revoke_certificate(certificate, reason="姓名有误", by=ben, at=LATER)

    _status, text = page("/me/certificates/", as_(ana))

    assert "姓名有误" in text
    assert "certificate.pdf" not in text
    place = f"/certificates/{certificate.uuid}"
    endings = ("certificate.pdf", "credential.jwt", "badge.svg")
    assert [page(f"{place}/{ending}", as_(ana))[0] for ending in endings] == [404] * 3


def test_the_files_are_what_they_say(certificate: Certificate, ana: User) -> None:
    client, place = as_(ana), f"/certificates/{certificate.uuid}"

    paper = client.get(f"{place}/certificate.pdf")
    token = client.get(f"{place}/credential.jwt")
    badge = client.get(f"{place}/badge.svg")

    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    # Open Badges 3.0, section 5.2
    assert token["Content-Type"] == "text/plain; charset=utf-8"
    assert token.content.count(b".") == 2
    assert token["Content-Disposition"] == f"attachment; filename*=UTF-8''{certificate.serial}.jwt"
    assert (badge["Content-Type"], badge["Content-Security-Policy"]) == (
        "image/svg+xml",
        "default-src 'none'; style-src 'none'; sandbox",
    )
    assert token.content in badge.content


def test_without_a_key_there_is_paper_and_no_digital_certificate(
    certificate: Certificate, ana: User, settings: Any
) -> None:
    settings.BADGE_KEY_FILE = ""

    _status, text = page("/me/certificates/", as_(ana))

    assert "certificate.pdf" in text
    assert "credential.jwt" not in text
    assert page(f"/certificates/{certificate.uuid}/credential.jwt", as_(ana))[0] == 404


def test_the_office_takes_the_paper_but_not_the_digital_certificate(certificate: Certificate, ben: User) -> None:
    client, place = as_(ben), f"/certificates/{certificate.uuid}"

    assert page(f"{place}/credential.jwt", client)[0] == 404
    assert client.get(f"{place}/certificate.pdf").status_code == 200


def test_somebody_else_takes_nothing(certificate: Certificate, ana: User, dan: User) -> None:
    place = f"/certificates/{certificate.uuid}"
    endings = ("certificate.pdf", "credential.jwt", "badge.svg")

    assert [as_(ana).get(f"{place}/{ending}").status_code for ending in endings] == [200] * 3
    assert [as_(dan).get(f"{place}/{ending}").status_code for ending in endings] == [404] * 3
    assert [Client().get(f"{place}/{ending}").status_code for ending in endings] == [302] * 3
