"""Two people approve, two workers carry out, and somebody hands in meanwhile."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from exams.domain import marking, repairing
from exams.domain.closing import hand_in
from exams.domain.marking import overrule_mark
from exams.domain.refusals import RepairDecided
from exams.domain.repairing import approve_repair, carry_out
from exams.enums import MarkSource, RepairKind, RepairState
from exams.models import Attempt, Candidate, Exam, KeyRepair, Mark
from members.models import Division, User
from question_bank.models import QuestionVersion
from tests.factories.exams import NOON, opened_attempt, published_exam
from tests.factories.members import UserFactory
from tests.factories.repairs import answered, asked_version, number_of, proposed, second_administrator
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.postgres

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nobody_works_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue keeps what it is given; each test says who works on it."""
    monkeypatch.setattr(type(repairing.carry_out_in_background), "enqueue", lambda *_args, **_kwargs: None)


@pytest.fixture
def exam(ana: User, dan: User, cleo: User) -> Exam:
    return published_exam(ana, dan, by=cleo)


@pytest.fixture
def version(exam: Exam) -> QuestionVersion:
    return asked_version(exam)


@pytest.fixture
def flo(county: Division) -> User:
    return second_administrator(county)


def approved(version: QuestionVersion, cleo: User, flo: User) -> KeyRepair:
    return approve_repair(proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo, at=NOON), by=flo, at=NOON)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("candidate__exam__blueprint", "paper").get(pk=attempt.pk)


def test_of_two_who_approve_one_does(version: QuestionVersion, cleo: User, flo: User, county: Division) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    gus = UserFactory.create(is_superuser=True)

    turns = at_once(
        *[lambda by=by: approve_repair(KeyRepair.objects.get(pk=repair.pk), by=by, at=LATER) for by in (flo, gus) * 2]
    )

    assert [type(turn.error) for turn in turns if turn.error] == [RepairDecided] * 3
    assert version.question.rechecks.count() == 1


def test_of_two_workers_one_carries_it_out(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User
) -> None:
    attempt = answered(exam, ana, {})
    repair = approved(version, cleo, flo)

    turns = at_once(*[lambda: carry_out(repair.pk, at=LATER)] * 3)

    assert [turn.error for turn in turns] == [None] * 3
    assert sorted(turn.result for turn in turns) == [False, False, True]
    assert Mark.objects.filter(source=MarkSource.REPAIRED).count() == 1
    assert fresh(attempt).score == 10


def hand_in_across_the_approval(
    monkeypatch: pytest.MonkeyPatch, attempt: Attempt, approve: Any
) -> tuple[KeyRepair, list[Turn]]:
    """A hand-in that has read which repairs there are, and before it commits one is approved and carried out."""
    with pausing(monkeypatch, marking, "_settle") as pause:
        late = Turn(lambda: hand_in(fresh(attempt), at=NOON + timedelta(minutes=5))).start()
        pause.wait_until_reached()
        repair = approve()
        work = Turn(lambda: carry_out(repair.pk, at=LATER)).start()
        work.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return repair, [late.finish(), work.finish()]


@needs_row_locks
def test_who_hands_in_across_the_approval_is_marked_by_the_repair(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = opened_attempt(exam, ana)

    repair, turns = hand_in_across_the_approval(monkeypatch, attempt, lambda: approved(version, cleo, flo))

    assert [turn.error for turn in turns] == [None, None]
    assert KeyRepair.objects.get(pk=repair.pk).state == RepairState.DONE
    assert (fresh(attempt).score, Candidate.objects.get(pk=attempt.candidate_id).score) == (10, 10)


@needs_row_locks
def test_control_without_waiting_for_hand_ins_they_are_forgotten(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairing, "_wait_for_hand_ins", lambda exams: None)
    attempt = opened_attempt(exam, ana)

    hand_in_across_the_approval(monkeypatch, attempt, lambda: approved(version, cleo, flo))

    assert fresh(attempt).score == 0


@needs_row_locks
def test_an_overrule_during_the_repair_waits_and_both_count(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = answered(exam, ana, {})
    other = next(item.number for item in attempt.paper.rows() if item.version_id != version.pk)
    repair = approved(version, cleo, flo)

    with pausing(monkeypatch, repairing, "_write") as pause:
        work = Turn(lambda: carry_out(repair.pk, at=LATER)).start()
        pause.wait_until_reached()
        overruling = Turn(
            lambda: overrule_mark(attempt, other, points=Decimal(10), reason="申诉", by=cleo, at=LATER)
        ).start()
        assert overruling.is_waiting
        pause.go_on()
        turns = [work.finish(), overruling.finish()]

    assert [turn.error for turn in turns] == [None, None]
    assert (fresh(attempt).score, Candidate.objects.get(pk=attempt.candidate_id).score) == (20, 20)
    assert number_of(attempt, version) != other
