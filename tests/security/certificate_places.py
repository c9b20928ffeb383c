"""What the addresses of certificates stand for, all of it of 青石镇, and who gets where: see the table beside it."""

from typing import Any

from courses.domain.badges.keys import known_keys
from courses.domain.certificates import issue_certificate
from members.models import Division, User
from tests.courses.making import LATER, certified_course


def certificate_of(township: Division, *, ana: User, cleo: User) -> dict[str, Any]:
    """Ana's certificate of a course of the township; by the part of an address that they stand for."""
    course = certified_course(township, ana)
    certificate = issue_certificate(course.enrolments.get(), by=cleo, at=LATER)
    return {
        "admin/courses/<uuid:uuid>/certificates/": course.uuid,
        "<uuid:certificate>": certificate.uuid,
        "certificates/<uuid:uuid>": certificate.uuid,
        "achievements/<uuid:uuid>": course.uuid,
        "issuers/<slug:code>": township.code,
        "<str:thumbprint>": known_keys()[0].thumbprint,
        "papers-<int:part>": 1,
    }


# The signs are explained above the table of all addresses.
CERTIFICATE_TABLE = {
    # For machines, and for whoever holds a certificate.
    "/.well-known/jwks.json": "........",
    "/badges/achievements/<uuid:uuid>/": "........",
    "/badges/image.svg": "........",
    "/badges/issuers/<slug:code>/": "........",
    "/badges/issuers/<slug:code>/revocations/": "........",
    "/badges/keys/<str:thumbprint>/": "........",
    "/certificates/": "........",
    "/certificates/<uuid:uuid>/": "........",
    # For whom it is about, and on paper for the office.
    "/certificates/<uuid:uuid>/badge.svg": "s.------",
    "/certificates/<uuid:uuid>/certificate.pdf": "s.-..-..",
    "/certificates/<uuid:uuid>/credential.jwt": "s.------",
    "/me/certificates/": "s.......",
    # For the office alone.
    "/admin/courses/<uuid:uuid>/certificates/": "sss..-..",
    "/admin/courses/<uuid:uuid>/certificates/issue/": "sss..---",
    "/admin/courses/<uuid:uuid>/certificates/papers-<int:part>.pdf": "sss..-..",
    "/admin/courses/<uuid:uuid>/certificates/papers-<int:part>.zip": "sss..-..",
    "/admin/courses/<uuid:uuid>/certificates/<uuid:certificate>/again/": "sss..---",
    "/admin/courses/<uuid:uuid>/certificates/<uuid:certificate>/revoke/": "sss..---",
}
