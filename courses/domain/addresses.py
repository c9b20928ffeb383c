"""Where the pages about one session are."""

from django.urls import reverse

from courses.models import Session


def session_url(session: Session, page: str = "session") -> str:
    """The path of its own page, or of the one with this name: ``sign_in_to_session``, ``host``."""
    return reverse(f"courses:{page}", args=[session.uuid])
