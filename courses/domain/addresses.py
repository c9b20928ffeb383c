"""Where the pages about sessions and exams are."""

from django.conf import settings
from django.urls import reverse

from courses.models import Session
from exams.models import Exam


def session_url(session: Session, page: str = "session") -> str:
    """The path of its own page, or of the one with this name: ``sign_in_to_session``, ``host``."""
    return reverse(f"courses:{page}", args=[session.uuid])


def exam_url(exam: Exam) -> str:
    return reverse("exam_intro", args=[exam.uuid])


def absolute_url(path: str) -> str:
    """For whoever reads it outside of the product."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
