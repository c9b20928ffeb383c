"""Messages to another program of the office, such as its chat: one signed POST each.

After Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md), so that
the receiving side can verify with any of its libraries. What leaves: who (uuid and staff number), subject, text, link.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.channels import GiveUp, Letter, Recipient, TryAgain

# To connect, and for the answer to begin.
TIMEOUT_SECONDS = (5, 5)
# Answers of 400 and above that mean "later": request timeout, too early, too many.
_LATER = frozenset({408, 425, 429})
_SECRET_PREFIX = "whsec_"  # noqa: S105 - how a secret begins, not one
_LEAST_SECRET_BYTES = 24


class WebhookChannel:
    key = "webhook"

    def reaches(self, recipient: Recipient) -> bool:
        return bool(settings.WEBHOOK_URL) and recipient.is_active

    def send(self, letter: Letter, recipient: Recipient, *, at: datetime) -> None:
        body = payload(letter, recipient)
        headers = {"Content-Type": "application/json", "User-Agent": "Yingzhi"} | signature_headers(
            f"msg_{letter.uuid}", body, secret=settings.WEBHOOK_SECRET, at=at
        )
        try:
            # A redirect would carry what is said to a place nobody has set; the body of the answer is never read.
            with requests.post(
                settings.WEBHOOK_URL,
                data=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                _judge(answer.status_code)
        except (requests.ConnectionError, requests.Timeout) as error:
            raise TryAgain(type(error).__name__) from error
        except requests.RequestException as error:
            raise GiveUp(type(error).__name__) from error


def payload(letter: Letter, recipient: Recipient) -> bytes:
    said = {
        "type": "message.sent",
        "timestamp": letter.sent_at.isoformat(),
        "data": {
            "person": str(recipient.uuid),
            "staff_number": recipient.code,
            "subject": letter.subject,
            "text": letter.text,
            "link": letter.link,
        },
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature_headers(identifier: str, body: bytes, *, secret: str, at: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks: the signature is over identifier, second of this try, and body."""
    second = str(int(at.timestamp()))
    signed = b".".join((identifier.encode(), second.encode(), body))
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": second,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def key_of(secret: str) -> bytes:
    """The key inside ``whsec_…``; ``ImproperlyConfigured`` where it is none, or shorter than the standard wants."""
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < _LEAST_SECRET_BYTES:
        raise ImproperlyConfigured("WEBHOOK_SECRET must be base64 of at least 24 random bytes, after “whsec_” or bare.")
    return key


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status >= 500 or status in _LATER:
        raise TryAgain(f"HTTP {status}")
    raise GiveUp(f"HTTP {status}")
