"""What the storeys above ask of exams: to invite certain people, and who has passed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

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


@dataclass(frozen=True, slots=True)
class Results:
    """Ids of people who handed something in, and of people who reached the pass mark."""

    sat: set[int] = field(default_factory=set)
    passed: set[int] = field(default_factory=set)


def results_of(exams: Iterable[int]) -> dict[int, Results]:
    """What became of exams with these ids, each with its retakes. Two queries, however many; none without one."""
    results = {pk: Results() for pk in exams}
    if not results:
        return {}
    marks: dict[int, Decimal] = {}
    counted_for: dict[int, list[Results]] = {}
    for held in Exam.objects.settled().filter(Q(pk__in=results) | Q(retake_of__in=results)):
        marks[held.pk] = held.pass_points
        counted_for[held.pk] = [results[pk] for pk in (held.pk, held.retake_of_id or 0) if pk in results]
    took_part = Candidate.objects.filter(Q(attempts_used__gt=0) | Q(score__isnull=False), exam__in=marks).order_by()
    for exam, person, attempts, score in took_part.values_list("exam_id", "person_id", "attempts_used", "score"):
        for result in counted_for[exam]:
            if attempts:
                result.sat.add(person)
            if score is not None and score >= marks[exam]:
                result.passed.add(person)
    return results


def passed(exam: Exam) -> set[int]:
    """Ids of people who reached the pass mark in the exam or in a retake of it. Two queries."""
    return results_of([exam.pk])[exam.pk].passed


def not_passed(exam: Exam) -> set[int]:
    """Ids of people who were to sit the exam and did not pass: absent, or below the mark. Three queries."""
    invited = Candidate.objects.filter(exam=exam).values_list("person_id", flat=True)
    return set(invited) - passed(exam)
