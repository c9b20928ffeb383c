"""Who gets to an exam or an attempt: the same 404 for what does not exist and what is somebody else's."""

from uuid import UUID

from django.db.models import BigIntegerField, UUIDField
from django.http import Http404, HttpRequest

from common.clock import now
from common.lookups import Given, Lookup
from exams.domain.closing import close_if_overdue
from exams.enums import SETTLED_EXAM_STATES
from exams.models import Attempt, Candidate

_UUID, _PERSON = Given("uuid", UUIDField()), Given("person", BigIntegerField())
# Exams in preparation are nobody's.
_OWN_CANDIDACY = Lookup(
    lambda: Candidate.objects.select_related("exam").filter(
        exam__state__in=SETTLED_EXAM_STATES, exam__uuid=_UUID, person=_PERSON
    )
)
_OWN_ATTEMPT = Lookup(
    lambda: Attempt.objects.select_related("candidate__exam", "paper").filter(uuid=_UUID, candidate__person=_PERSON)
)


def candidate_for(request: HttpRequest, uuid: UUID) -> Candidate:
    """The signed-in person as a candidate of the exam ``uuid``."""
    if candidate := _OWN_CANDIDACY.get(uuid=uuid, person=request.user.pk):
        return candidate
    raise Http404


def attempt_for(request: HttpRequest, uuid: UUID) -> Attempt:
    """The signed-in person's own attempt. Whoever looks at an overdue one closes it."""
    attempt = _OWN_ATTEMPT.get(uuid=uuid, person=request.user.pk)
    if attempt is None:
        raise Http404
    close_if_overdue(attempt, at=now())
    return attempt
