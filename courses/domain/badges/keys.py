"""The key that signs credentials, and the public halves of those that once did.

``BADGE_SIGNING_KEY`` is an RSA key as PEM; without one ``BADGE_KEY_FILE`` names a file that is made at first use
(development), and without either no credentials are given. ``BADGE_FORMER_KEYS`` are public keys, so that what they
signed can be verified for good.
"""

import base64
import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# cryptography is loaded where a key is read or made: 9 MiB that most processes never ask for.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

# RFC 7518, section 3.3: a key of 2048 bits or larger.
_LEAST_BITS = 2048
_PUBLIC = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


@dataclass(frozen=True)
class PublicKey:
    """A key that credentials are verified with. ``jwk`` has what RFC 7517 wants of one, and nothing private."""

    jwk: dict[str, str]

    @property
    def thumbprint(self) -> str:
        """RFC 7638: a name that follows from the key itself."""
        canonical = json.dumps({name: self.jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
        return _base64url(hashlib.sha256(canonical.encode()).digest())


@dataclass(frozen=True)
class SigningKey:
    private: "rsa.RSAPrivateKey"
    public: PublicKey


def signing_key() -> SigningKey | None:
    """The key in force; none where none is set up. Raises ImproperlyConfigured for one that cannot sign."""
    if pem := _setting("BADGE_SIGNING_KEY"):
        return _read(pem)
    return _read(_kept(Path(settings.BADGE_KEY_FILE))) if settings.BADGE_KEY_FILE else None


def known_keys() -> list[PublicKey]:
    """The key in force first, then former ones."""
    current = signing_key()
    former = [
        _public(_load_public(pem)) for pem in _PUBLIC.findall(str(settings.BADGE_FORMER_KEYS).replace("\\n", "\n"))
    ]
    keys = [current.public, *former] if current else former
    return list({key.thumbprint: key for key in keys}.values())


def _setting(name: str) -> str:
    """PEM from the environment, where line feeds may be written as backslash and n."""
    return str(getattr(settings, name)).replace("\\n", "\n").strip()


@lru_cache(maxsize=4)
def _read(pem: str) -> SigningKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        private = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured("BADGE_SIGNING_KEY is no private key in PEM without a password.") from error
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < _LEAST_BITS:
        raise ImproperlyConfigured(f"BADGE_SIGNING_KEY must be an RSA key of {_LEAST_BITS} bits or more.")
    return SigningKey(private, _public(private.public_key()))


def _load_public(pem: str) -> "rsa.RSAPublicKey":
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        public = serialization.load_pem_public_key(pem.encode())
    except ValueError as error:
        raise ImproperlyConfigured("BADGE_FORMER_KEYS has something that is no public key in PEM.") from error
    if not isinstance(public, rsa.RSAPublicKey):
        raise ImproperlyConfigured("BADGE_FORMER_KEYS must be RSA keys.")
    return public


def _public(key: "rsa.RSAPublicKey") -> PublicKey:
    numbers = key.public_numbers()
    return PublicKey({"kty": "RSA", "n": _base64url(_octets(numbers.n)), "e": _base64url(_octets(numbers.e))})


def _octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _kept(path: Path) -> str:
    """The key in a file that only this account reads; made when it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
    return path.read_text()


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=_LEAST_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, half = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        # Of two processes that make one at once the first wins; both go on with the same key.
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        Path(half).unlink()


def as_json_web_key(key: PublicKey, address: str) -> dict[str, Any]:
    """As a member of a key set: what it is for, and under which address credentials name it."""
    return {**key.jwk, "alg": "RS256", "use": "sig", "kid": address}
