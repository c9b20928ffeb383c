"""Open Badges 3.0 (1EdTech, final release of 2024), rule by rule; the signature is checked without what signed it."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from courses.domain.badges.images import badge_image
from courses.domain.badges.keys import known_keys, signing_key
from courses.domain.badges.signing import credential_of, gives_credentials
from courses.domain.certificates import revoke_certificate
from courses.domain.refusals import CertificateRefused
from courses.models import Certificate
from members.models import Division, User
from tests.courses.making import LATER, a_certificate, certified_course

pytestmark = pytest.mark.django_db
BASE = "https://yingzhi.example.gov.cn"


@pytest.fixture(autouse=True)
def _public_address(settings: Any, tmp_path: Path) -> None:
    settings.WAGTAILADMIN_BASE_URL = BASE
    settings.BADGE_KEY_FILE = str(tmp_path / "keys" / "badge.pem")


@pytest.fixture
def certificate(county: Division, ana: User, ben: User) -> Certificate:
    return a_certificate(certified_course(county, ana), ana, by=ben)


def pem_of(key: rsa.RSAPrivateKey) -> str:
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*kinds).decode()


def public_pem_of(key: rsa.RSAPrivateKey) -> str:
    kinds = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(*kinds).decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of a compact JWS."""
    header, payload, _signature = token.split(".")
    return json.loads(decoded(header)), json.loads(decoded(payload))


def verify(token: str, jwk: dict[str, str]) -> None:
    """RFC 7515, section 5.2, with nothing but RSASSA-PKCS1-v1_5 and SHA-256. Raises InvalidSignature."""
    signed, _dot, signature = token.rpartition(".")
    number, exponent = (int.from_bytes(decoded(jwk[name]), "big") for name in ("n", "e"))
    key = rsa.RSAPublicNumbers(exponent, number).public_key()
    key.verify(decoded(signature), signed.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())


def test_the_jose_header_has_what_section_8_2_3_allows_and_nothing_private(certificate: Certificate) -> None:
    header, _payload = opened(credential_of(certificate))

    assert set(header) == {"alg", "typ", "kid", "jwk"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    assert set(header["jwk"]) == {"kty", "n", "e"}


def test_the_signature_is_verified_with_plain_rsa(certificate: Certificate) -> None:
    token = credential_of(certificate)
    header, _payload = opened(token)

    verify(token, header["jwk"])


def test_a_credential_that_somebody_changed_is_not_verified(certificate: Certificate) -> None:
    token = credential_of(certificate)
    header, payload = opened(token)
    payload["credentialSubject"]["achievement"]["name"] = "高级培训班"
    forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    head, _payload, signature = token.split(".")

    with pytest.raises(InvalidSignature):
        verify(f"{head}.{forged}.{signature}", header["jwk"])


def test_kid_is_an_address_under_which_the_key_is_found(certificate: Certificate, client: Client) -> None:
    token = credential_of(certificate)
    header, _payload = opened(token)

    found = client.get(urlsplit(header["kid"]).path).json()

    verify(token, found)
    assert found == {**header["jwk"], "alg": "RS256", "use": "sig", "kid": header["kid"]}
    assert client.get("/.well-known/jwks.json").json() == {"keys": [found]}


def test_the_claims_repeat_the_credential_as_section_8_2_6_1_verifies_them(certificate: Certificate) -> None:
    _header, payload = opened(credential_of(certificate))

    assert payload["iss"] == payload["issuer"]["id"]
    assert payload["jti"] == payload["id"]
    assert payload["sub"] == payload["credentialSubject"]["id"]
    assert datetime.fromtimestamp(payload["nbf"], UTC) == datetime.fromisoformat(payload["validFrom"]) == LATER
    # Section 8.2.4.1: exp is required where there is a validUntil, which certificates have not.
    assert not {"exp", "validUntil", "vc"} & set(payload)


def test_the_credential_has_what_appendix_b_requires(certificate: Certificate) -> None:
    _header, payload = opened(credential_of(certificate))
    subject = payload["credentialSubject"]
    achievement = subject["achievement"]

    # B.1.2 AchievementCredential
    assert payload["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert payload["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert payload["id"].startswith("urn:uuid:")
    assert payload["name"] == "应知应会培训班"
    assert payload["validFrom"].endswith("Z")
    # B.1.19 Profile
    assert payload["issuer"] == {
        "id": f"{BASE}/badges/issuers/530999000000/",
        "type": ["Profile"],
        "name": "岚溪县",
        "url": f"{BASE}/",
    }
    # B.1.3 AchievementSubject
    assert subject["type"] == ["AchievementSubject"]
    assert subject["id"].startswith("urn:uuid:")
    assert subject["licenseNumber"] == certificate.serial
    # B.1.1 Achievement
    course = certificate.enrolment.course
    assert achievement["id"] == f"{BASE}/badges/achievements/{course.uuid}/"
    assert (achievement["type"], achievement["achievementType"]) == (["Achievement"], "CertificateOfCompletion")
    assert (achievement["name"], achievement["criteria"]["narrative"]) == ("应知应会培训班", "参加全部场次。")
    assert achievement["description"]
    assert achievement["image"] == {"id": f"{BASE}/badges/image.svg", "type": "Image"}
    # B.4.1 CredentialSchema, B.4.2 CredentialStatus, B.1.9 Evidence
    assert payload["credentialSchema"][0]["type"] == "1EdTechJsonSchemaValidator2019"
    assert payload["credentialStatus"]["type"] == "1EdTechRevocationList"
    assert payload["evidence"] == [{"id": f"{BASE}/certificates/{certificate.uuid}/", "type": ["Evidence"]}]


def test_nothing_in_it_names_the_person(certificate: Certificate) -> None:
    _header, payload = opened(credential_of(certificate))

    words = json.dumps(payload, ensure_ascii=False)

    person = certificate.enrolment.person
    assert [said for said in (person.name, person.code, person.username, str(person.uuid)) if said in words] == []


def test_an_email_address_is_only_there_as_a_salted_hash(county: Division, ana: User, ben: User) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@example.gov.cn")
    certificate = a_certificate(certified_course(county, ana), ana, by=ben)

    _header, payload = opened(credential_of(Certificate.objects.get(pk=certificate.pk)))

    (identity,) = payload["credentialSubject"]["identifier"]
    known = hashlib.sha256(f"ana@example.gov.cn{identity['salt']}".encode()).hexdigest()
    assert {name: identity[name] for name in identity if name != "salt"} == {
        "type": "IdentityObject",
        "hashed": True,
        "identityType": "emailAddress",
        "identityHash": f"sha256${known}",
    }


def test_two_credentials_of_one_person_have_nothing_in_common(county: Division, ana: User, ben: User) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@example.gov.cn")
    ana.refresh_from_db()

    subjects = [
        opened(credential_of(a_certificate(certified_course(county, ana), ana, by=ben)))[1]["credentialSubject"]
        for _each in range(2)
    ]

    assert subjects[0]["id"] != subjects[1]["id"]
    assert subjects[0]["identifier"][0]["identityHash"] != subjects[1]["identifier"][0]["identityHash"]


def test_every_address_in_it_answers(certificate: Certificate, client: Client) -> None:
    _header, payload = opened(credential_of(certificate))
    achievement = payload["credentialSubject"]["achievement"]

    issuer = client.get(urlsplit(payload["issuer"]["id"]).path)
    course = client.get(urlsplit(achievement["id"]).path)
    picture = client.get(urlsplit(achievement["image"]["id"]).path)
    page = client.get(urlsplit(payload["evidence"][0]["id"]).path)

    assert {**payload["issuer"], "@context": payload["@context"][:2]} == issuer.json()
    assert {**achievement, "@context": payload["@context"][:2]} == course.json()
    assert picture["Content-Type"] == "image/svg+xml"
    assert page.status_code == 200


def test_the_revocation_list_names_what_was_revoked_and_nothing_else(
    certificate: Certificate, client: Client, ben: User
) -> None:
    _header, payload = opened(credential_of(certificate))
    address = payload["credentialStatus"]["id"]
    before = client.get(urlsplit(address).path).json()

    revoke_certificate(certificate, reason="误发", by=ben, at=LATER)

    after = client.get(urlsplit(address).path).json()
    whole = {"id": address, "issuer": payload["issuer"]["id"]}
    assert before == {**whole, "revokedCredentials": []}
    assert after == {**whole, "revokedCredentials": [{"id": payload["id"], "revoked": True}]}


def test_a_credential_stays_the_same_and_is_none_once_revoked(certificate: Certificate, ben: User) -> None:
    first = credential_of(certificate)

    assert credential_of(Certificate.objects.get(pk=certificate.pk)) == first
    revoke_certificate(certificate, reason="误发", by=ben, at=LATER)
    with pytest.raises(CertificateRefused):
        credential_of(certificate)


def test_a_badge_carries_its_credential_as_section_5_3_2_1_bakes_it(certificate: Certificate) -> None:
    token = credential_of(certificate)

    picture = ElementTree.fromstring(badge_image(token))

    first = picture[0]
    assert first.tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert first.get("verify") == token
    assert len(picture.findall(".//{https://purl.imsglobal.org/ob/v3p0}credential")) == 1


# -- keys ----------------------------------------------------------------------------------------


def test_without_a_key_no_credentials_are_given(certificate: Certificate, settings: Any) -> None:
    settings.BADGE_KEY_FILE = ""

    assert not gives_credentials()
    with pytest.raises(CertificateRefused):
        credential_of(certificate)


def test_a_key_that_is_made_is_kept_and_read_by_this_account_alone(settings: Any) -> None:
    made = signing_key()

    path = Path(settings.BADGE_KEY_FILE)
    assert made is not None
    assert made == signing_key()
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["badge.pem"]


def test_a_key_of_the_environment_comes_first_and_may_be_on_one_line(settings: Any) -> None:
    key = rsa.generate_private_key(65537, 2048)
    settings.BADGE_SIGNING_KEY = pem_of(key).replace("\n", "\\n")

    found = signing_key()

    assert found is not None
    assert found.private.private_numbers() == key.private_numbers()


def test_what_a_former_key_signed_is_still_verified(certificate: Certificate, settings: Any, client: Client) -> None:
    former = rsa.generate_private_key(65537, 2048)
    settings.BADGE_SIGNING_KEY = pem_of(former)
    token = credential_of(certificate)
    settings.BADGE_SIGNING_KEY = pem_of(rsa.generate_private_key(65537, 2048))

    settings.BADGE_FORMER_KEYS = public_pem_of(former)

    header, _payload = opened(token)
    verify(token, client.get(urlsplit(header["kid"]).path).json())
    assert len(known_keys()) == len(client.get("/.well-known/jwks.json").json()["keys"]) == 2


@pytest.mark.parametrize(
    "pem",
    ["no key", pem_of(rsa.generate_private_key(65537, 1024)), public_pem_of(rsa.generate_private_key(65537, 2048))],
)
def test_a_key_that_cannot_sign_stops_at_once(settings: Any, pem: str) -> None:
    settings.BADGE_SIGNING_KEY = pem

    with pytest.raises(ImproperlyConfigured):
        signing_key()


def test_offices_and_courses_without_certificates_have_no_address(
    client: Client, county: Division, other_township: Division
) -> None:
    course = certified_course(county)

    missing = [
        f"/badges/issuers/{other_township.code}/",
        f"/badges/issuers/{other_township.code}/revocations/",
        f"/badges/achievements/{course.uuid}/",
        "/badges/keys/unknown/",
    ]
    assert [client.get(path).status_code for path in missing] == [404] * 4
