"""Where the pages about one session are."""

from courses.models import Session


def session_url(session: Session, page: str = "") -> str:
    """Its own page, or ``sign-in``, or ``host``."""
    own = f"/courses/sessions/{session.uuid}/"
    return f"{own}{page}/" if page else own
