"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

TEXT_SIZES = ("normal", "large", "xlarge")
# The main sections by the first part of an address; lectures and notices are reached from the handbooks.
SECTIONS = {
    "": "home",
    **dict.fromkeys(("handbooks", "lectures", "notices", "search"), "handbooks"),
    **dict.fromkeys(("exams", "attempts"), "exams"),
    **dict.fromkeys(("courses", "certificates"), "courses"),
    "me": "me",
}


def site(request: HttpRequest) -> dict[str, Any]:
    """The chosen text size (a cookie, so that it works before sign-in), whether this is a demo, and where one is."""
    size = request.COOKIES.get("text_size", "")
    return {
        "text_size": size if size in TEXT_SIZES else TEXT_SIZES[0],
        "demo": settings.DEMO,
        "section": SECTIONS.get(request.path.split("/")[1], ""),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
