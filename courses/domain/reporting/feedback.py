"""What people thought, where so many answered that nobody can be guessed."""

from dataclasses import dataclass

from django.db.models import Avg, Count, QuerySet

from courses.models import Session, SessionFeedback

FEWEST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    """Means of answers from 1 to 5."""

    answers: int
    content: float
    lecturer: float
    usefulness: float


def opinions(sessions: QuerySet[Session], key: str) -> dict[int, Opinion]:
    """Means by ``key``, a field seen from a session. One query.

    Only sessions with five answers or more enter at all. A bound on the sum alone would give single answers away to
    whoever sets two reports with neighbouring days side by side.
    """
    enough = (
        SessionFeedback.objects.order_by()
        .values("session")
        .annotate(answers=Count("pk"))
        .filter(answers__gte=FEWEST_ANSWERS)
        .values("session")
    )
    rows = (
        SessionFeedback.objects.filter(session__in=sessions.values("pk"))
        .filter(session__in=enough)
        .order_by()
        .values_list(f"session__{key}")
        .annotate(Count("pk"), Avg("content"), Avg("lecturer"), Avg("usefulness"))
    )
    return {row[0]: Opinion(*row[1:]) for row in rows if row[0] is not None}
