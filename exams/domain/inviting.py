"""What the storeys above ask of exams: to invite certain people, and who has passed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.refusals import ExamNotEditable, NobodyToExamine, NotAllowed
from exams.enums import Audience, ExamState
from exams.models import Candidate, Exam
from exams.rules import may_manage_exam
from members.models import Posting, User


@transaction.atomic
def invite_people(exam: Exam, people: Iterable[User], *, by: User, at: datetime) -> int:
    """Make an exam in preparation an exam for these people, in place of whom it was for; returns how many.

    People who do not serve where the exam is held are left out: they could not be examined there.
    Raises NotAllowed, ExamNotEditable, NobodyToExamine.
    """
    locked = Exam.objects.select_for_update(of=("self",)).select_related("division", "audience_division")
    exam = locked.get(pk=exam.pk)
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
    if exam.state != ExamState.DRAFT:
        raise ExamNotEditable(_("This exam has been published already."))
    serving = Posting.objects.serving(on=timezone.localdate(at)).within_any([exam.where.prefix])
    invited = {person.pk for person in people}.intersection(serving.values_list("person_id", flat=True))
    if not invited:
        raise NobodyToExamine(_("None of these people serves where the exam is held."))
    exam.audience = Audience.CHOSEN
    exam.save(update_fields=["audience"])
    exam.audience_people.set(invited)
    log(exam, "exams.invite", user=by, timestamp=at, data={"people": len(invited)})
    return len(invited)


def passed(exam: Exam) -> set[int]:
    """Ids of people who reached the pass mark in the exam or in a retake of it. Two queries."""
    reached = Q(pk__in=[])
    for held in _with_retakes(exam):
        reached |= Q(exam=held, score__gte=held.pass_points)
    return set(Candidate.objects.filter(reached).values_list("person_id", flat=True))


def sat(exam: Exam) -> set[int]:
    """Ids of people who handed something in, in the exam or in a retake of it. Two queries."""
    took_part = Candidate.objects.filter(exam__in=_with_retakes(exam), attempts_used__gt=0)
    return set(took_part.values_list("person_id", flat=True))


def not_passed(exam: Exam) -> set[int]:
    """Ids of people who were to sit the exam and did not pass: absent, or below the mark. Three queries."""
    invited = Candidate.objects.filter(exam=exam).values_list("person_id", flat=True)
    return set(invited) - passed(exam)


def _with_retakes(exam: Exam) -> list[Exam]:
    return list(Exam.objects.settled().filter(Q(pk=exam.pk) | Q(retake_of=exam.pk)))
