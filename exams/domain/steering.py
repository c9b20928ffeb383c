"""What the office does with an exam after it was published: close, release, plan a retake."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.closing import close_overdue, hand_in
from exams.domain.refusals import ExamNotPublished, NotAllowed, NothingToRetake, NotReleasable
from exams.enums import SETTLED_EXAM_STATES, Audience, ExamState, HandIn
from exams.models import Attempt, Candidate, Exam
from exams.rules import may_manage_exam
from members.models import User

_COPIED_TO_RETAKE = (
    "division",
    "blueprint",
    "minutes",
    "attempts_allowed",
    "counting_attempt",
    "pass_percent",
    "good_percent",
    "excellent_percent",
    "shuffle_questions",
    "shuffle_options",
    "fresh_days",
    "release_rule",
    "audience_division",
)


def close_exam(exam: Exam, *, by: User, at: datetime) -> Exam:
    """End an exam now: nobody starts any more, whoever still sits is handed in with what is saved. Safe to repeat.

    Raises NotAllowed, ExamNotPublished.
    """
    _require_manager(exam, by=by)
    with transaction.atomic():
        closed = Exam.objects.filter(pk=exam.pk, state=ExamState.PUBLISHED).update(state=ExamState.CLOSED, closed_at=at)
        if closed:
            _end_time(exam, at=at)
            log(exam, "exams.close", user=by, timestamp=at)
    exam.refresh_from_db()
    if exam.state != ExamState.CLOSED:
        raise ExamNotPublished(_("This exam has not been published."))
    # Each in a transaction of its own: a county's papers must not be marked under one lock.
    sitting = Attempt.objects.open().filter(candidate__exam=exam)
    for attempt in sitting.select_related("paper", "candidate__exam__blueprint").order_by("pk"):
        hand_in(attempt, at=at, how=HandIn.OFFICE)
    return exam


def _end_time(exam: Exam, *, at: datetime) -> None:
    """Everybody's time ends in this moment, whenever their attempt is marked: keys may be out from now on.

    Whoever comes upon one of these attempts closes it with the same result, should the server die before.
    """
    sitting = Attempt.objects.open().filter(candidate__exam=exam, opened_at__lt=at, closes_at__gt=at)
    sitting.update(closes_at=at, hand_in=HandIn.OFFICE)


@transaction.atomic
def release_results(exam: Exam, *, by: User, at: datetime) -> Exam:
    """Show scores and reviews to candidates now. Safe to repeat: the first moment stays.

    Raises NotAllowed; NotReleasable while people can still sit the exam, since a review holds the keys.
    """
    _require_manager(exam, by=by)
    if not exam.is_over(at=at):
        raise NotReleasable(_("Results hold the keys: close the exam before you release them."))
    if Exam.objects.filter(pk=exam.pk, released_at=None).update(released_at=at):
        log(exam, "exams.release", user=by, timestamp=at)
    exam.refresh_from_db()
    return exam


@transaction.atomic
def plan_retake(
    exam: Exam,
    *,
    by: User,
    at: datetime,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    failed: bool = True,
    absent: bool = True,
) -> Exam:
    """A new exam in preparation for those who failed, were absent, or both; papers are made when it is published.

    Raises NotAllowed; NothingToRetake when the exam still runs or nobody failed or was absent.
    """
    _require_manager(exam, by=by)
    if exam.state not in SETTLED_EXAM_STATES or not exam.is_over(at=at):
        raise NothingToRetake(_("A retake can be planned when the exam is over."))
    # An attempt that nobody has closed yet has no score, and would be neither failed nor absent.
    close_overdue(at=at, exam=exam)
    people = _people_to_retake(exam, failed=failed, absent=absent)
    if not people:
        raise NothingToRetake(_("Nobody is left for a retake."))
    retake = Exam.objects.create(
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        audience=Audience.CHOSEN,
        retake_of=exam,
        created_by=by,
        **{name: getattr(exam, name) for name in _COPIED_TO_RETAKE},
    )
    retake.audience_people.set(people)
    log(exam, "exams.plan_retake", user=by, timestamp=at, data={"retake": str(retake.uuid), "people": len(people)})
    return retake


def _people_to_retake(exam: Exam, *, failed: bool, absent: bool) -> list[int]:
    candidates = Candidate.objects.filter(exam=exam)
    people: set[int] = set()
    if failed:
        people.update(candidates.filter(score__lt=exam.pass_points).values_list("person_id", flat=True))
    if absent:
        people.update(candidates.absent().values_list("person_id", flat=True))
    return sorted(people)


def _require_manager(exam: Exam, *, by: User) -> None:
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
