"""What is asked before a command starts."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from common.webhooks import key_of


def check_webhook(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An address that is told everything with a signature nobody can verify would be worse than none."""
    if not settings.WEBHOOK_URL:
        return []
    address = urlsplit(settings.WEBHOOK_URL)
    if address.scheme != "https" and address.hostname not in {"127.0.0.1", "localhost"}:
        return [Error("WEBHOOK_URL must be https: names and staff numbers travel.", id="members.E001")]
    try:
        key_of(settings.WEBHOOK_SECRET)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="members.E002")]
    return []
