"""Repairing a wrong key: proposed by one administrator, decided by another, carried out in one transaction.

From its approval on everybody who hands in is marked by the repair; the marks of those who had handed in before
change together when the worker carries it out.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.refusals import Refusal
from exams.domain.marking import counting_score, remark_attempt
from exams.domain.mending import mend_question
from exams.domain.refusals import (
    NotAllowed,
    OwnAttempt,
    ReasonMissing,
    RepairDecided,
    RepairOpen,
    SamePerson,
)
from exams.domain.repair_checks import check_proposal
from exams.domain.repair_preview import Affected, affected_batches
from exams.domain.repair_telling import tell_affected
from exams.domain.scoring import NOTHING
from exams.domain.statistics.nightly import order_statistics_of
from exams.enums import AttemptState, CountingAttempt, MarkSource, RepairKind, RepairState
from exams.models import Attempt, Candidate, Exam, KeyRepair, Mark, RepairOutcome
from exams.rules import may_manage_exam
from members.models import User
from question_bank.models import QuestionVersion

logger = logging.getLogger(__name__)

# A repair that waits longer than this was lost by its queue.
PATIENCE = timedelta(minutes=2)
_SCORES = "UPDATE exams_attempt SET score = %s, objective_score = %s, subjective_score = %s WHERE id = %s"
_COUNTED = "UPDATE exams_candidate SET score = %s WHERE id = %s"


# -- proposing ------------------------------------------------------------------------------


@transaction.atomic
def propose_repair(
    version: QuestionVersion,
    *,
    kind: str,
    new_key: Mapping[str, Any] | None = None,
    exams: Iterable[Exam] | None = None,
    reason: str,
    by: User,
    at: datetime,
) -> KeyRepair:
    """Lay a repair before a second person. ``exams`` None: all that asked the version and that ``by`` administers.

    Raises NotAllowed, ReasonMissing, RepairRefused, RepairOpen.
    """
    chosen = check_proposal(version, kind=kind, new_key=new_key, exams=exams, by=by)
    if not reason.strip():
        raise ReasonMissing(_("Say why the key is repaired."))
    try:
        with transaction.atomic():
            repair = KeyRepair.objects.create(
                version=version,
                kind=kind,
                new_key=new_key if kind == RepairKind.CORRECT_KEY else None,
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as error:
        raise RepairOpen(_("Another repair of this question has not been settled yet.")) from error
    repair.exams.set(chosen)
    _note(repair, "exams.propose_repair", by=by, at=at, reason=repair.reason)
    return repair


# -- deciding -------------------------------------------------------------------------------


@transaction.atomic
def approve_repair(repair: KeyRepair, *, by: User, at: datetime) -> KeyRepair:
    """Let it hold: for whoever hands in from now on, and through the worker for everybody who has. Two at once: one.

    The question itself is mended, retired or sent to re-check in the same breath. Raises NotAllowed, SamePerson,
    OwnAttempt, RepairDecided. After commit the worker begins.
    """
    _require_second_person(repair, by=by)
    _turn(repair, RepairState.APPROVED, decided_by=by, decided_at=at)
    fate = mend_question(repair, by=by, at=at)
    KeyRepair.objects.filter(pk=repair.pk).update(question_fate=fate)
    repair.refresh_from_db()
    _note(repair, "exams.approve_repair", by=by, at=at, question=fate)
    transaction.on_commit(lambda: carry_out_in_background.enqueue(repair.pk))
    return repair


@transaction.atomic
def decline_repair(repair: KeyRepair, *, by: User, at: datetime) -> KeyRepair:
    """Nothing changes. Raises NotAllowed, SamePerson, OwnAttempt, RepairDecided."""
    _require_second_person(repair, by=by)
    _turn(repair, RepairState.DECLINED, decided_by=by, decided_at=at)
    _note(repair, "exams.decline_repair", by=by, at=at)
    return repair


@transaction.atomic
def withdraw_repair(repair: KeyRepair, *, by: User, at: datetime) -> KeyRepair:
    """Take back what one proposed oneself. Raises NotAllowed, RepairDecided."""
    if repair.proposed_by_id != by.pk:
        raise NotAllowed(_("Only the person who proposed it can withdraw it."))
    _turn(repair, RepairState.WITHDRAWN)
    _note(repair, "exams.withdraw_repair", by=by, at=at)
    return repair


def _require_second_person(repair: KeyRepair, *, by: User) -> None:
    if not all(may_manage_exam(by, exam) for exam in repair.exams.select_related("division")):
        raise NotAllowed(_("You do not run all of these exams."))
    if repair.proposed_by_id == by.pk:
        raise SamePerson(_("You proposed this repair. Somebody else has to decide."))
    if Attempt.objects.of(by).filter(candidate__exam__key_repairs=repair).exists():
        raise OwnAttempt(_("Nobody decides about an exam that they sat themselves."))


def _turn(repair: KeyRepair, state: RepairState, **decision: Any) -> None:
    # The row count tells whether somebody else was faster.
    waiting = KeyRepair.objects.filter(pk=repair.pk, state=RepairState.PROPOSED)
    if not waiting.update(state=state, **decision):
        raise RepairDecided(_("This repair has been decided already."))
    repair.refresh_from_db()


def _note(repair: KeyRepair, action: str, *, by: User, at: datetime, **facts: Any) -> None:
    facts |= {"version": repair.version_id, "kind": repair.kind}
    log(repair, action, user=by, timestamp=at, data={"repair": str(repair.uuid), **facts})


# -- carrying out ---------------------------------------------------------------------------


@task(backend="background")
def carry_out_in_background(repair_id: int) -> None:
    """The worker's entry."""
    try:
        carry_out(repair_id, at=now())
    except Refusal:
        logger.exception("repair %s could not be carried out", repair_id)


def carry_out(repair_id: int, *, at: datetime) -> bool:
    """Change everybody's marks, scores and results at once; was it done here? Safe to repeat after any death.

    One transaction, so that no reader sees half of it; it holds nothing but attempts that have ended. Papers that
    still wait for a marker have no score yet; they are marked one by one in the same transaction.
    """
    repair = KeyRepair.objects.select_related("version").get(pk=repair_id)
    exams = list(repair.exams.select_related("blueprint", "division").order_by("pk"))
    _wait_for_hand_ins(exams)
    with transaction.atomic():
        approved = KeyRepair.objects.filter(pk=repair.pk, state=RepairState.APPROVED)
        if not approved.update(state=RepairState.DONE, done_at=at):
            return False
        for exam in exams:
            for rows in affected_batches(repair, exam, lock=True):
                _write(repair, exam, rows, at=at)
            tell_affected(repair, exam, at=at)
        transaction.on_commit(lambda: _order_figures(exams))
    return True


def _order_figures(exams: Iterable[Exam]) -> None:
    """What the answers tell about the question is another thing now; nobody should read the old figures until night."""
    for exam in exams:
        order_statistics_of(exam)


def revive_repairs(*, at: datetime) -> int:
    """Hand repairs to the worker again whose task was lost or whose worker died; how many."""
    ids = list(KeyRepair.objects.lost(before=at - PATIENCE).values_list("pk", flat=True))
    for repair_id in ids:
        carry_out_in_background.enqueue(repair_id)
    return len(ids)


@transaction.atomic
def _wait_for_hand_ins(exams: Sequence[Exam]) -> None:
    """Whoever was handing in when the repair was approved may have marked by the old key: wait until they are done.

    Their transactions hold their attempts; whoever begins later finds the repair approved.
    """
    sitting = Attempt.objects.open().filter(candidate__exam__in=exams).select_for_update(of=("self",))
    list(sitting.order_by("pk").values_list("pk"))


def _write(repair: KeyRepair, exam: Exam, rows: Sequence[Affected], *, at: datetime) -> None:
    changed = [row for row in rows if row.marks and not row.is_waiting]
    Mark.objects.bulk_create(_mark(repair, row, number, at) for row in changed for number in row.marks)
    decimal = connection.ops.adapt_decimalfield_value
    with connection.cursor() as cursor:
        if changed:
            cursor.executemany(
                _SCORES,
                [
                    [
                        *(decimal(value, 7, 2) for value in (row.new_score, row.objective, row.subjective)),
                        row.attempt.pk,
                    ]
                    for row in changed
                ],
            )
    waiting = [row for row in rows if row.is_waiting and not row.by_hand and _remark(repair, exam, row, at=at)]
    _settle_people(repair, exam, [*changed, *waiting])


def _mark(repair: KeyRepair, row: Affected, number: int, at: datetime) -> Mark:
    revision, points = row.marks[number]
    return Mark(
        attempt=row.attempt,
        number=number,
        revision=revision,
        source=MarkSource.REPAIRED,
        points=points,
        marked_at=at,
        actor_id=repair.decided_by_id,
        reason=repair.reason,
    )


def _remark(repair: KeyRepair, exam: Exam, row: Affected, *, at: datetime) -> bool:
    """A paper that waits for a marker: did its mark change?"""
    row.attempt.candidate = row.candidate
    row.candidate.exam = exam
    mark = remark_attempt(row.attempt, repair, row.number, at=at)
    if mark is not None:
        row.new_points = mark.points
        row.new_score = Attempt.objects.values_list("score", flat=True).get(pk=row.attempt.pk)
    return mark is not None


def _settle_people(repair: KeyRepair, exam: Exam, rows: Sequence[Affected]) -> None:
    """What counts of each person's attempts, read under the lock that hand-ins and markers take as well."""
    ids = sorted({row.candidate.pk for row in rows})
    people = Candidate.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    before = dict(people.values_list("pk", "score"))
    scores: dict[int, list[Any]] = {pk: [] for pk in before}
    marked = Attempt.objects.filter(candidate__in=ids, state=AttemptState.MARKED).order_by("opened_at", "pk")
    for candidate, score in marked.values_list("candidate_id", "score"):
        scores[candidate].append(score)
    rule = CountingAttempt(exam.counting_attempt)
    counted = {pk: counting_score(rule, found) for pk, found in scores.items()}
    decimal = connection.ops.adapt_decimalfield_value
    with connection.cursor() as cursor:
        if counted:
            cursor.executemany(
                _COUNTED, [[None if score is None else decimal(score, 7, 2), pk] for pk, score in counted.items()]
            )
    RepairOutcome.objects.bulk_create(
        RepairOutcome(
            repair=repair,
            attempt=row.attempt,
            number=row.number,
            old_points=row.old_points,
            new_points=row.new_points or NOTHING,
            old_score=row.old_score,
            new_score=row.new_score,
            old_counted=row.old_counted,
            new_counted=counted[row.candidate.pk],
        )
        for row in rows
    )


# -- telling --------------------------------------------------------------------------------


def see_outcomes(attempt: Attempt, *, at: datetime) -> None:
    """The candidate has read what changed; they are not told again."""
    attempt.repair_outcomes.unseen().update(seen_at=at)
