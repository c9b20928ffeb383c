"""From a certificate to its signed credential (Open Badges 3.0, section 8.2 "JSON Web Token Proof Format")."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.domain.badges.documents import credential_document, key_address
from courses.domain.badges.keys import SigningKey, signing_key
from courses.domain.refusals import CertificateRefused
from courses.models import Certificate


def gives_credentials() -> bool:
    """Is a key set up here?"""
    return signing_key() is not None


def credential_of(certificate: Certificate) -> str:
    """The credential as a compact JWS: signed when it is first asked for, the same ever after.

    The signature takes a millisecond or two, too long for each of a course of thousands at once. Raises
    CertificateRefused (revoked, or no key is set up).
    """
    if certificate.revoked_at is not None:
        raise CertificateRefused(_("This certificate was revoked."))
    if certificate.credential:
        return certificate.credential
    key = signing_key()
    if key is None:
        raise CertificateRefused(_("Digital certificates have not been set up here."))
    token = signed(credential_document(certificate), key)
    # Of two who ask at once the first is kept.
    Certificate.objects.valid().filter(pk=certificate.pk, credential="").update(credential=token)
    certificate.refresh_from_db(fields=["credential"])
    return certificate.credential


def signed(document: dict[str, Any], key: SigningKey) -> str:
    """The document with the claims that repeat its parts (section 8.2.4.1), signed with RS256.

    The header has both ways to the public key (section 8.2.3): ``jwk`` verifies without a network, ``kid`` says whose
    it is.
    """
    # Loaded where something is signed, as in ``keys``.
    import jwt

    claims = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp()),
        "sub": document["credentialSubject"]["id"],
    }
    headers = {"kid": key_address(key.public), "jwk": key.public.jwk}
    return jwt.encode({**document, **claims}, key.private, algorithm="RS256", headers=headers)
