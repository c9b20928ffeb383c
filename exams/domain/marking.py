"""Marks: given by rule, by a marker, and put right by overruling. The ledger only grows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.refusals import AlreadyMarked, MarkRefused, NotAllowed, OwnAttempt, ReasonMissing
from exams.domain.rulings import is_dropped, marking_rule, points_by, rulings_of, shares
from exams.domain.scoring import NOTHING, points_earned
from exams.enums import AttemptState, CountingAttempt, MarkSource
from exams.models import Attempt, Candidate, Exam, Item, KeyRepair, Mark, PendingAnswer
from exams.rules import may_mark, may_overrule
from members.models import User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion

CLAIM = timedelta(minutes=10)
CENT = Decimal("0.01")


# -- by rule --------------------------------------------------------------------------------


def mark_attempt(attempt: Attempt, *, at: datetime) -> None:
    """First marks for an attempt that has just ended; short answers with text in them wait for a marker.

    Called once for each attempt, inside the transaction that closed it.
    """
    items = attempt.paper.rows()
    versions = _kinds_and_keys([item.version_id for item in items])
    answers = dict(attempt.responses.values_list("number", "answer"))
    exam = attempt.candidate.exam
    rule, rulings = marking_rule(exam), rulings_of(exam)
    marks, waiting, dropped = [], [], []
    for item in items:
        (kind, key), answer = versions[item.version_id], answers.get(item.number, {})
        if repair := rulings.get(item.version_id):
            ruled = points_by(repair, kind, answer, item.points, rule)
            if ruled is None:
                dropped.append(item)
            else:
                marks.append(_repaired(attempt, item, ruled, repair, at))
        elif kind == Kind.SHORT and answer:
            waiting.append(PendingAnswer(attempt=attempt, number=item.number))
        else:
            earned = points_earned(kind, key, answer, item.points, rule)
            marks.append(
                Mark(attempt=attempt, number=item.number, source=MarkSource.AUTOMATIC, points=earned, marked_at=at)
            )
    points = {mark.number: mark.points for mark in marks}
    for item, share in _shares(dropped, items, points):
        marks.append(_repaired(attempt, item, share, rulings[item.version_id], at))
        points[item.number] = share
    Mark.objects.bulk_create(marks)
    PendingAnswer.objects.bulk_create(waiting)
    kinds = {item.number: versions[item.version_id][0] for item in items}
    _settle(attempt, points, kinds, waiting=bool(waiting))


def _kinds_and_keys(ids: Iterable[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    rows = QuestionVersion.objects.filter(pk__in=ids).values_list("pk", "kind", "key")
    return {version: (kind, key) for version, kind, key in rows}


def _repaired(
    attempt: Attempt, item: Item, points: Decimal, repair: KeyRepair, at: datetime, *, revision: int = 1
) -> Mark:
    """A mark that follows a repair: whoever approved it answers for it."""
    return Mark(
        attempt=attempt,
        number=item.number,
        revision=revision,
        source=MarkSource.REPAIRED,
        points=points,
        marked_at=at,
        actor_id=repair.decided_by_id,
        reason=repair.reason,
    )


def _shares(
    dropped: Sequence[Item], items: Sequence[Item], points: Mapping[int, Decimal]
) -> Iterable[tuple[Item, Decimal]]:
    """Each dropped question with its share of what the others that are marked earned."""
    if not dropped:
        return ()
    left_out = {item.number for item in dropped}
    rest = [item for item in items if item.number in points and item.number not in left_out]
    earned = sum((points[item.number] for item in rest), NOTHING)
    worth = sum((item.points for item in rest), NOTHING)
    return zip(dropped, shares(earned, worth, [item.points for item in dropped]), strict=True)


# -- by a marker ----------------------------------------------------------------------------


@transaction.atomic
def claim_next_answer(exam: Exam, *, by: User, at: datetime) -> PendingAnswer | None:
    """The next short answer of ``exam`` for this marker, theirs for ten minutes; None when none is left.

    One that they hold already comes first. Nobody gets an answer of their own. Raises NotAllowed.
    """
    if not may_mark(by, exam):
        raise NotAllowed(_("You may not mark this exam."))
    waiting = PendingAnswer.objects.filter(attempt__candidate__exam=exam).exclude(attempt__candidate__person=by)
    held = waiting.filter(claimed_by=by, claimed_until__gt=at)
    for pending in [*held[:1], *waiting.free_for(by, at=at)[:20]]:
        claimed = PendingAnswer.objects.filter(pk=pending.pk).free_for(by, at=at)
        # The row count tells whether another marker was faster.
        if claimed.update(claimed_by=by, claimed_until=at + CLAIM):
            return PendingAnswer.objects.select_related("attempt__paper", "attempt__candidate").get(pk=pending.pk)
    return None


@transaction.atomic
def give_mark(pending: PendingAnswer, *, points: Decimal, by: User, at: datetime, reason: str = "") -> Mark:
    """Mark a short answer that ``by`` has claimed. Marked twice at once: the second is refused.

    Raises NotAllowed, OwnAttempt, AlreadyMarked (also when the claim went to somebody else), MarkRefused.
    """
    attempt = _locked(pending.attempt_id)
    _require_marker(attempt, by=by, allowed=may_mark(by, attempt.exam))
    item = _item(attempt, pending.number, points)
    held = PendingAnswer.objects.filter(pk=pending.pk, claimed_by=by)
    if not held.delete()[0]:
        raise AlreadyMarked(_("Somebody else has marked or taken this answer."))
    mark = Mark.objects.create(
        attempt=attempt,
        number=item.number,
        source=MarkSource.MARKER,
        points=points,
        marked_at=at,
        actor=by,
        reason=reason.strip(),
    )
    settle_attempt(attempt, at=at)
    return mark


# -- put right ------------------------------------------------------------------------------


def overrule_mark(attempt: Attempt, number: int, *, points: Decimal, reason: str, by: User, at: datetime) -> Mark:
    """A new mark above the one that stands; totals change with it everywhere, in one transaction.

    Raises NotAllowed, OwnAttempt, ReasonMissing, MarkRefused; AlreadyMarked when two overrule at once.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the mark is changed."))
    try:
        with transaction.atomic():
            return _overrule(_locked(attempt.pk), number, points=points, reason=reason.strip(), by=by, at=at)
    except IntegrityError as error:
        raise AlreadyMarked(_("Somebody else has just changed this mark.")) from error


def _overrule(attempt: Attempt, number: int, *, points: Decimal, reason: str, by: User, at: datetime) -> Mark:
    _require_marker(attempt, by=by, allowed=may_overrule(by, attempt.exam))
    item = _item(attempt, number, points)
    last = attempt.marks.filter(number=number).aggregate(last=Max("revision"))["last"]
    if last is None:
        raise MarkRefused(_("This answer has no mark yet."))
    mark = Mark.objects.create(
        attempt=attempt,
        number=item.number,
        revision=last + 1,
        source=MarkSource.OVERRULED,
        points=points,
        marked_at=at,
        actor=by,
        reason=reason,
    )
    log(
        attempt.exam,
        "exams.overrule_mark",
        user=by,
        timestamp=at,
        data={"attempt": str(attempt.uuid), "number": number, "points": str(points), "reason": reason},
    )
    settle_attempt(attempt, at=at)
    return mark


def _locked(attempt_id: int) -> Attempt:
    attempts = Attempt.objects.select_for_update(of=("self",))
    return attempts.select_related("paper", "candidate__exam__division", "candidate__exam__blueprint").get(
        pk=attempt_id
    )


def _require_marker(attempt: Attempt, *, by: User, allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("You may not mark this exam."))
    if attempt.candidate.person_id == by.pk:
        raise OwnAttempt(_("Nobody marks their own answers."))
    if attempt.is_open():
        raise MarkRefused(_("This attempt has not ended."))


def _item(attempt: Attempt, number: int, points: Decimal) -> Item:
    items = attempt.paper.rows()
    if not 1 <= number <= len(items):
        raise MarkRefused(_("There is no such question on this paper."))
    item = items[number - 1]
    if not points.is_finite() or not 0 <= points <= item.points or points != points.quantize(CENT):
        raise MarkRefused(_("Give 0 to %(points)s points, in hundredths at most.") % {"points": item.points})
    return item


# -- totals ---------------------------------------------------------------------------------


def settle_attempt(attempt: Attempt, *, at: datetime) -> None:
    """Add up the standing marks again and carry the result to attempt and candidate.

    Dropped questions follow what is earned on the others: where that has changed they get a new mark.
    """
    items = attempt.paper.rows()
    standing = {mark.number: mark for mark in attempt.marks.order_by("revision")}
    for mark in _shares_that_changed(attempt, items, standing, at=at):
        mark.save(force_insert=True)
        standing[mark.number] = mark
    kinds_by_version = dict(
        QuestionVersion.objects.filter(pk__in=[item.version_id for item in items]).values_list("pk", "kind")
    )
    kinds = {item.number: kinds_by_version[item.version_id] for item in items}
    points = {number: mark.points for number, mark in standing.items()}
    _settle(attempt, points, kinds, waiting=attempt.pending_answers.exists())


def _shares_that_changed(
    attempt: Attempt, items: Sequence[Item], standing: Mapping[int, Mark], *, at: datetime
) -> list[Mark]:
    rulings = rulings_of(attempt.exam)
    # What a person decided for one person stands.
    by_hand = {number for number, mark in standing.items() if mark.source == MarkSource.OVERRULED}
    dropped = [item for item in items if is_dropped(item.version_id, rulings) and item.number not in by_hand]
    points = {number: mark.points for number, mark in standing.items()}
    return [
        _repaired(attempt, item, share, rulings[item.version_id], at, revision=_next(standing.get(item.number)))
        for item, share in _shares(dropped, items, points)
        if points.get(item.number) != share
    ]


def _next(mark: Mark | None) -> int:
    return mark.revision + 1 if mark else 1


def remark_attempt(attempt: Attempt, repair: KeyRepair, number: int, *, at: datetime) -> Mark | None:
    """Mark question ``number`` of an ended attempt as ``repair`` rules, and add up again; None where nothing changed.

    The caller holds the transaction and the lock on the attempt. What was overruled by hand stays.
    """
    item = attempt.paper.rows()[number - 1]
    last = attempt.marks.filter(number=number).order_by("revision").last()
    if last is not None and last.source == MarkSource.OVERRULED:
        return None
    attempt.pending_answers.filter(number=number).delete()
    answer = attempt.responses.filter(number=number).values_list("answer", flat=True).first() or {}
    earned = points_by(repair, repair.version.kind, answer, item.points, marking_rule(attempt.exam))
    if earned is not None and (last is None or last.points != earned):
        _repaired(attempt, item, earned, repair, at, revision=_next(last)).save(force_insert=True)
    settle_attempt(attempt, at=at)
    now_last = attempt.marks.filter(number=number).order_by("revision").last()
    return now_last if now_last and (last is None or now_last.revision != last.revision) else None


def _settle(attempt: Attempt, points: dict[int, Decimal], kinds: dict[int, str], *, waiting: bool) -> None:
    objective = sum((earned for number, earned in points.items() if kinds[number] != Kind.SHORT), NOTHING)
    subjective = sum((earned for number, earned in points.items() if kinds[number] == Kind.SHORT), NOTHING)
    Attempt.objects.filter(pk=attempt.pk).update(
        state=AttemptState.SUBMITTED if waiting else AttemptState.MARKED,
        objective_score=objective,
        subjective_score=None if waiting else subjective,
        score=None if waiting else objective + subjective,
    )
    settle_candidate(attempt.candidate)


def settle_candidate(candidate: Candidate) -> None:
    """What counts of a candidate's attempts, by the exam's rule; attempts that wait count once marked.

    Called inside the transaction that changed one of them.
    """
    # Two attempts settled at once would each count without the other's new score.
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    marked = candidate.attempts.filter(state=AttemptState.MARKED).order_by("opened_at", "pk")
    scores = [score for score in marked.values_list("score", flat=True) if score is not None]
    Candidate.objects.filter(pk=candidate.pk).update(
        score=counting_score(CountingAttempt(candidate.exam.counting_attempt), scores)
    )


def counting_score(rule: CountingAttempt, scores: Iterable[Decimal]) -> Decimal | None:
    """One score out of those of all attempts in the order they were opened; None where there is none."""
    scores = list(scores)
    if not scores:
        return None
    if rule == CountingAttempt.BEST:
        return max(scores)
    if rule == CountingAttempt.MEAN:
        return (sum(scores, NOTHING) / len(scores)).quantize(CENT, ROUND_HALF_UP)
    return scores[-1] if rule == CountingAttempt.LAST else scores[0]
