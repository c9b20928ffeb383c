"""What an Open Badge says (Open Badges 3.0, appendix B "Data Models"), part by part.

Nothing in it names the person: the subject is an opaque identifier of this one credential, so that two of them cannot
be laid side by side, and with it, for who has an e-mail address here, its salted hash (``IdentityObject``). Whoever is
shown a credential finds the name on the page that verifies the certificate, which is its ``evidence``.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from courses.domain.badges.keys import PublicKey, as_json_web_key, known_keys
from courses.domain.certificate_papers import address
from courses.models import Certificate, Course
from members.models import Division

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
# Defines the names of the revocation list and of the schema's validator.
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


def absolute(name: str, *args: object) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse(f'courses:{name}', args=args)}"


def key_address(key: PublicKey) -> str:
    """Where its JWK is found: the ``kid`` of what it signed."""
    return absolute("badge_key", key.thumbprint)


def key_set() -> dict[str, Any]:
    """RFC 7517, section 5."""
    return {"keys": [as_json_web_key(key, key_address(key)) for key in known_keys()]}


def issuer_profile(division: Division) -> dict[str, Any]:
    return {
        "id": absolute("badge_issuer", division.code),
        "type": ["Profile"],
        "name": division.name,
        "url": f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/",
    }


def achievement(course: Course, title: str = "") -> dict[str, Any]:
    """What was achieved; ``title`` as it was when it was achieved. In the county's language, whoever asks."""
    with override(settings.LANGUAGE_CODE):
        name = title or course.title
        return {
            "id": absolute("badge_achievement", course.uuid),
            "type": ["Achievement"],
            "achievementType": "CertificateOfCompletion",
            "creator": issuer_profile(course.division),
            "criteria": {"narrative": _criteria(course)},
            "description": _("Training course “%(course)s”, held by %(office)s.")
            % {"course": name, "office": course.division.name},
            "image": {"id": absolute("badge_image"), "type": "Image"},
            "name": name,
        }


def _criteria(course: Course) -> str:
    needed = course.sessions_needed
    said = [
        ngettext("Attended %(number)s session at least.", "Attended %(number)s sessions at least.", needed)
        % {"number": needed}
        if needed
        else _("Attended every session.")
    ]
    if course.needs_test:
        said.append(_("Passed the follow-up test."))
    return " ".join(said)


def credential_document(certificate: Certificate) -> dict[str, Any]:
    """The ``OpenBadgeCredential``; the enrolment's person and course with its division are looked at."""
    course = certificate.enrolment.course
    return {
        "@context": [*CONTEXTS, EXTENSIONS],
        "id": credential_id(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer_profile(course.division),
        "validFrom": _moment(certificate.issued_at),
        "name": certificate.course_title,
        "credentialSubject": {
            "id": uuid5(certificate.uuid, "recipient").urn,
            "type": ["AchievementSubject"],
            **_identifier(certificate),
            "licenseNumber": certificate.serial,
            "achievement": achievement(course, certificate.course_title),
        },
        "evidence": [{"id": address(certificate), "type": ["Evidence"]}],
        "credentialStatus": {
            "id": absolute("badge_revocations", course.division.code),
            "type": "1EdTechRevocationList",
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def credential_id(certificate: Certificate) -> str:
    """Not the address of the page, which shows a name: the revocation list is read by everybody."""
    return uuid5(certificate.uuid, "credential").urn


def _identifier(certificate: Certificate) -> dict[str, Any]:
    """A staff number is so short that its hash hides nothing, whatever salt is named beside it."""
    mail = certificate.enrolment.person.email.strip()
    if not mail:
        return {}
    salt = uuid5(certificate.uuid, "salt").hex
    digest = hashlib.sha256(f"{mail}{salt}".encode()).hexdigest()
    return {
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${digest}",
                "identityType": "emailAddress",
                "salt": salt,
            }
        ]
    }


def _moment(moment: datetime) -> str:
    """To the second, as the ``nbf`` of the token has it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def revocation_list(division: Division) -> dict[str, Any]:
    """1EdTech Revocation List Status Method 1.0: which credentials of this issuer no longer count. No reasons."""
    revoked = Certificate.objects.filter(enrolment__course__division=division, revoked_at__isnull=False).exclude(
        credential=""
    )
    return {
        "id": absolute("badge_revocations", division.code),
        "issuer": absolute("badge_issuer", division.code),
        "revokedCredentials": [
            {"id": credential_id(certificate), "revoked": True} for certificate in revoked.only("uuid").order_by("pk")
        ],
    }
