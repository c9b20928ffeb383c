"""Who gets to an exam or an attempt: the same 404 for what does not exist and what is somebody else's."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from common.clock import now
from exams.domain.closing import close_if_overdue
from exams.enums import SETTLED_EXAM_STATES
from exams.models import Attempt, Candidate


def candidate_for(request: HttpRequest, uuid: UUID) -> Candidate:
    """The signed-in person as a candidate of the exam ``uuid``; exams in preparation are nobody's."""
    candidates = Candidate.objects.select_related("exam").filter(exam__state__in=SETTLED_EXAM_STATES)
    return get_object_or_404(candidates, exam__uuid=uuid, person_id=request.user.pk)


def attempt_for(request: HttpRequest, uuid: UUID) -> Attempt:
    """The signed-in person's own attempt. Whoever looks at an overdue one closes it."""
    attempts = Attempt.objects.select_related("candidate__exam", "paper")
    attempt = get_object_or_404(attempts, uuid=uuid, candidate__person_id=request.user.pk)
    close_if_overdue(attempt, at=now())
    return attempt
