"""What is held about a person's exams, for that person."""

from typing import Any

from common.clock import now
from exams.domain.results import RIGHT, result_of
from exams.models import Attempt
from members.models import User


def exams_record(person: User) -> list[dict[str, Any]]:
    """Every attempt with what may be seen of its result today: a download opens no door that the page keeps shut."""
    attempts = Attempt.objects.of(person).select_related("candidate__exam__blueprint", "paper").order_by("opened_at")
    return [_attempt_record(attempt) for attempt in attempts]


def _attempt_record(attempt: Attempt) -> dict[str, Any]:
    record: dict[str, Any] = {
        "exam": attempt.exam.title,
        "started_at": attempt.opened_at,
        "handed_in_at": attempt.submitted_at,
        "receipt": attempt.receipt,
        "page_leaves": attempt.page_leaves,
        "answers": [
            {"question": response.number, "answer": response.answer, "saved_at": response.saved_at}
            for response in attempt.responses.order_by("number")
        ],
    }
    if attempt.is_open():
        return record
    result = result_of(attempt, at=now())
    if result.released:
        record |= {"score": result.score, "right": sum(row.verdict == RIGHT for row in result.rows)}
    return record
