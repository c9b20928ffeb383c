"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

TEXT_SIZES = ("normal", "large", "xlarge")


def site(request: HttpRequest) -> dict[str, Any]:
    """The chosen text size (a cookie, so that it works before sign-in) and whether this is a demo."""
    size = request.COOKIES.get("text_size", "")
    return {
        "text_size": size if size in TEXT_SIZES else TEXT_SIZES[0],
        "demo": settings.DEMO,
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
