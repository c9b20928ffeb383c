"""Repairs of keys, made and carried out by the product's own verbs."""

from datetime import datetime, timedelta
from typing import Any

from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.repairing import approve_repair, carry_out, propose_repair
from exams.domain.saving import save_answers
from exams.enums import RepairKind
from exams.models import Attempt, Exam, KeyRepair
from members.enums import Role
from members.models import Division, User
from question_bank.models import QuestionVersion
from tests.factories.exams import EVENING, NOON, opened_attempt
from tests.factories.members import UserFactory, give_role

AFTERWARDS = EVENING + timedelta(hours=1)


def second_administrator(division: Division) -> User:
    return give_role(UserFactory.create(name="福乐", code="LX9010"), Role.ADMINISTRATOR, division)


def asked_version(exam: Exam, place: int = 0) -> QuestionVersion:
    """One of the versions of the exam, in a fixed order."""
    return QuestionVersion.objects.filter(exposures__exam=exam).order_by("pk")[place]


def other_key(version: QuestionVersion) -> dict[str, Any]:
    """A key with one other option instead of the right one."""
    wrong = [option["id"] for option in version.shown["options"] if option["id"] not in version.key["options"]]
    return {"options": [wrong[0]]}


def answered(exam: Exam, person: User, given: dict[int, dict[str, Any]], *, at: datetime = NOON) -> Attempt:
    """An attempt handed in with these answers, by version."""
    attempt = opened_attempt(exam, person, at=at)
    rows = [
        Answer(item.number, given[item.version_id], sequence=1)
        for item in attempt.paper.rows()
        if item.version_id in given
    ]
    if rows:
        save_answers(grant_of(attempt), rows, at=at)
    return hand_in(attempt, at=at + timedelta(minutes=5))


def number_of(attempt: Attempt, version: QuestionVersion) -> int:
    return next(item.number for item in attempt.paper.rows() if item.version_id == version.pk)


def proposed(version: QuestionVersion, kind: str, *, by: User, **fields: Any) -> KeyRepair:
    if kind == RepairKind.CORRECT_KEY and "new_key" not in fields:
        fields["new_key"] = other_key(version)
    return propose_repair(version, kind=kind, by=by, **{"reason": "答案与文件不符", "at": AFTERWARDS, **fields})


def repaired(version: QuestionVersion, kind: str, *, by: User, second: User, **fields: Any) -> KeyRepair:
    """Proposed, approved and carried out."""
    repair = proposed(version, kind, by=by, **fields)
    approve_repair(repair, by=second, at=repair.proposed_at + timedelta(minutes=1))
    carry_out(repair.pk, at=repair.proposed_at + timedelta(minutes=2))
    repair.refresh_from_db()
    return repair
