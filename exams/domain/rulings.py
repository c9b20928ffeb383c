"""Repaired keys as marking follows them: what an answer earns, and what a dropped question is worth.

A dropped question does not count: the score is what was earned on the rest, raised to the exam's total. In the ledger
that is a mark on the dropped question itself with the share that was earned on the rest: the same arithmetic, and the
marks still add up to the score.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exams.domain.scoring import CENT, NOTHING, MarkingRule, points_earned
from exams.enums import RULING_REPAIR_STATES, RepairKind, RepairState
from exams.models import Exam, KeyRepair

Rulings = Mapping[int, KeyRepair]


def rulings_of(exam: Exam) -> dict[int, KeyRepair]:
    """The repair that rules for each version of ``exam`` that was repaired, approved ones included. One query."""
    return {repair.version_id: repair for repair in KeyRepair.objects.ruling([exam]).select_related("version")}


def rulings_carried_out(exam: Exam) -> dict[int, KeyRepair]:
    """As ``rulings_of``, without those that have not reached everybody's marks yet: for readers. One query."""
    done = KeyRepair.objects.ruling([exam]).filter(state=RepairState.DONE)
    return {repair.version_id: repair for repair in done.select_related("version")}


def marking_rule(exam: Exam) -> MarkingRule:
    return MarkingRule(exam.blueprint.multiple_rule, exam.blueprint.multiple_share_percent)


def is_dropped(version_id: int, rulings: Rulings) -> bool:
    repair = rulings.get(version_id)
    return repair is not None and repair.kind == RepairKind.DROP_QUESTION


def key_by(repair: KeyRepair | None, key: Mapping[str, Any]) -> Mapping[str, Any]:
    """The key that holds: the corrected one, or ``key``, that of the version."""
    return repair.new_key if repair is not None and repair.new_key is not None else key


def points_by(
    repair: KeyRepair, kind: str, answer: Mapping[str, Any], points: Decimal, rule: MarkingRule
) -> Decimal | None:
    """What an answer earns under a repair; None for a dropped question, whose points follow from the others."""
    if repair.kind == RepairKind.DROP_QUESTION:
        return None
    if repair.kind == RepairKind.CREDIT_EVERYBODY:
        return points
    return points_earned(kind, repair.new_key or {}, answer, points, rule)


def shares(earned: Decimal, worth: Decimal, dropped: Sequence[Decimal]) -> list[Decimal]:
    """What dropped questions of these points earn where the others earned ``earned`` of ``worth``.

    Rounded half up to hundredths so that their sum is the rounded sum: the score is ``earned × total / worth``. Where
    nothing else was asked, or nothing else is marked yet, they earn everything.
    """
    given, so_far, marks = NOTHING, NOTHING, []
    for points in dropped:
        so_far += points
        until = (so_far * earned / worth).quantize(CENT, ROUND_HALF_UP) if worth else so_far
        marks.append(until - given)
        given = until
    return marks


def corrections_of(versions: Collection[int]) -> dict[int, KeyRepair]:
    """The corrected key in force for each of these versions that has one, whichever tests it reached. One query."""
    done = KeyRepair.objects.filter(state=RepairState.DONE, kind=RepairKind.CORRECT_KEY, version__in=versions)
    return {repair.version_id: repair for repair in done.order_by("decided_at", "pk")}


def pairs_without_evidence(exams: Collection[int]) -> Collection[tuple[int, int]]:
    """Exam and version where everybody was credited or the question dropped; asked by the statistics. One query."""
    ruling = KeyRepair.objects.filter(state__in=RULING_REPAIR_STATES, exams__in=exams).order_by("decided_at", "pk")
    # Of two the later one rules: a question that was credited first and corrected afterwards tells something again.
    kinds = {(exam, version): kind for exam, version, kind in ruling.values_list("exams__pk", "version_id", "kind")}
    return {pair for pair, kind in kinds.items() if kind != RepairKind.CORRECT_KEY}
