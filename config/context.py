"""What every page knows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from members.domain.messages import unread_of

TEXT_SIZES = ("normal", "large", "xlarge")
# The main sections by the first part of an address; lectures and notices are reached from the handbooks.
SECTIONS = {
    "": "home",
    **dict.fromkeys(("handbooks", "lectures", "notices", "search"), "handbooks"),
    **dict.fromkeys(("exams", "attempts"), "exams"),
    "me": "me",
    "messages": "messages",
    **dict.fromkeys(("courses", "certificates"), "courses"),
}
# Where the header counts unread messages: not where a county starts an exam in the same minute.
COUNTING_SECTIONS = frozenset({"home", "courses", "me", "messages"})


def site(request: HttpRequest) -> dict[str, Any]:
    """The chosen text size (a cookie, so that it works before sign-in), whether this is a demo, and where one is."""
    size = request.COOKIES.get("text_size", "")
    section = SECTIONS.get(request.path.split("/")[1], "")
    return {
        "text_size": size if size in TEXT_SIZES else TEXT_SIZES[0],
        "demo": settings.DEMO,
        "section": section,
        # Asked when a page shows it, which those without the main sections do not.
        "unread_messages": partial(_unread, request, section),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }


def _unread(request: HttpRequest, section: str) -> int:
    return unread_of(request.user) if section in COUNTING_SECTIONS and request.user.is_authenticated else 0
