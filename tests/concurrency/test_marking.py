"""Markers, overrulers and two attempts of one person at the same moment."""

from datetime import timedelta
from decimal import Decimal

import pytest

from exams.domain import marking
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.marking import claim_next_answer, give_mark, overrule_mark
from exams.domain.refusals import AlreadyMarked
from exams.domain.saving import save_answers
from exams.enums import MarkSource
from exams.models import Attempt, Candidate, Exam, Mark, PendingAnswer
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import (
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    opened_attempt,
    published_exam,
    right_answers,
    sat_attempt,
)
from tests.factories.members import UserFactory, give_role
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.postgres

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def emma(county: Division) -> User:
    """A second trainer of the county."""
    return give_role(UserFactory(username="emma"), Role.TRAINER, county)


@pytest.fixture
def waiting(ana: User, dan: User, cleo: User) -> Exam:
    """Two short answers wait for a marker."""
    exam = published_exam(ana, dan, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    for person in (ana, dan):
        sat_attempt(exam, person)
    return exam


def claim(exam: Exam, marker: User) -> PendingAnswer | None:
    return claim_next_answer(exam, by=marker, at=LATER)


# -- two markers ----------------------------------------------------------------------------


def test_two_markers_never_hold_the_same_answer(waiting: Exam, ben: User, emma: User) -> None:
    turns = at_once(*[lambda marker=marker: claim(waiting, marker) for marker in (ben, emma)])

    assert [turn.error for turn in turns] == [None, None]
    assert {turn.result.pk for turn in turns} == set(PendingAnswer.objects.values_list("pk", flat=True))


def test_the_only_answer_left_goes_to_one_of_them(waiting: Exam, ben: User, emma: User) -> None:
    PendingAnswer.objects.last().delete()

    turns = at_once(*[lambda marker=marker: claim(waiting, marker) for marker in (ben, emma) * 2])

    held = PendingAnswer.objects.get()
    assert [turn.error for turn in turns] == [None] * 4
    # Whoever got it has it in both of their windows; the other in neither.
    assert [turn.result == held for turn in turns] == [marker == held.claimed_by for marker in (ben, emma) * 2]


def claim_overtaken(monkeypatch: pytest.MonkeyPatch, waiting: Exam, ben: User, emma: User) -> list[Turn]:
    """Emma claims after Ben has read which answers are free and before he takes the first of them."""
    with pausing(monkeypatch, type(PendingAnswer.objects.all()), "update") as pause:
        slow = Turn(lambda: claim(waiting, ben)).start()
        pause.wait_until_reached()
        fast = Turn(lambda: claim(waiting, emma)).start().finish()
        pause.go_on()
        return [slow.finish(), fast]


@needs_row_locks
def test_a_marker_who_is_overtaken_gets_the_next_answer(
    waiting: Exam, ben: User, emma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = claim_overtaken(monkeypatch, waiting, ben, emma)

    assert [turn.error for turn in turns] == [None, None]
    assert len({turn.result.pk for turn in turns}) == 2
    assert set(PendingAnswer.objects.values_list("claimed_by", flat=True)) == {ben.pk, emma.pk}


@needs_row_locks
def test_control_without_the_guard_both_hold_the_same_answer(
    waiting: Exam, ben: User, emma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(PendingAnswer.objects.all()), "free_for", lambda self, marker, *, at: self.all())

    turns = claim_overtaken(monkeypatch, waiting, ben, emma)

    assert len({turn.result.pk for turn in turns}) == 1


def test_an_answer_is_marked_once(waiting: Exam, ben: User) -> None:
    held = claim(waiting, ben)

    turns = at_once(
        *[lambda points=points: give_mark(held, points=Decimal(points), by=ben, at=LATER) for points in (5, 15)]
    )

    errors = [turn.error for turn in turns if turn.error]
    mark = Mark.objects.get(source=MarkSource.MARKER)
    assert [type(error) for error in errors] == [AlreadyMarked]
    assert Attempt.objects.get(pk=held.attempt_id).score == 80 + mark.points


# -- two overrules --------------------------------------------------------------------------


@pytest.fixture
def marked(ana: User, cleo: User) -> Attempt:
    """All right: 100 points."""
    return sat_attempt(published_exam(ana, by=cleo), ana)


def overrule(attempt: Attempt, number: int, points: int, by: User) -> Mark:
    return overrule_mark(attempt, number, points=Decimal(points), reason="题目有误", by=by, at=LATER)


def totals(attempt: Attempt) -> tuple[Decimal | None, Decimal | None, Decimal]:
    """The score of attempt and candidate, and what the standing marks add up to."""
    fresh = Attempt.objects.select_related("candidate").get(pk=attempt.pk)
    return fresh.score, fresh.candidate.score, sum(fresh.marks.standing().values_list("points", flat=True), Decimal(0))


def test_two_overrules_of_one_mark_both_stay_in_the_ledger_and_the_last_stands(marked: Attempt, cleo: User) -> None:
    turns = at_once(*[lambda points=points: overrule(marked, 1, points, cleo) for points in (2, 4)])

    assert [turn.error for turn in turns] == [None, None]
    points = dict(marked.marks.filter(number=1).values_list("revision", "points"))
    assert sorted(points) == [1, 2, 3]
    assert totals(marked) == (90 + points[3],) * 3


def test_overrules_of_two_marks_of_one_attempt_both_count(marked: Attempt, cleo: User) -> None:
    turns = at_once(*[lambda number=number: overrule(marked, number, 0, cleo) for number in (1, 2, 3, 4)])

    assert [turn.error for turn in turns] == [None] * 4
    assert totals(marked) == (60,) * 3


def overrule_two(monkeypatch: pytest.MonkeyPatch, attempt: Attempt, cleo: User) -> list[Turn]:
    """The second begins while the first adds up, in the middle of its transaction."""
    with pausing(monkeypatch, marking, "settle_attempt") as pause:
        first = Turn(lambda: overrule(attempt, 1, 0, cleo)).start()
        pause.wait_until_reached()
        second = Turn(lambda: overrule(attempt, 2, 0, cleo)).start()
        second.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return [first.finish(), second.finish()]


@needs_row_locks
def test_the_second_overrule_waits_for_the_first_to_add_up(
    marked: Attempt, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = overrule_two(monkeypatch, marked, cleo)

    assert [turn.error for turn in turns] == [None, None]
    assert totals(marked) == (80,) * 3


@needs_row_locks
def test_control_without_the_lock_a_total_forgets_one_of_two_overrules(
    marked: Attempt, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempt.objects.select_related("paper", "candidate__exam__division", "candidate__exam__blueprint")
    monkeypatch.setattr(marking, "_locked", lambda pk: attempts.get(pk=pk))

    with pausing(monkeypatch, marking, "_settle") as pause:
        first = Turn(lambda: overrule(marked, 1, 0, cleo)).start()
        pause.wait_until_reached()
        second = Turn(lambda: overrule(marked, 2, 0, cleo)).start()
        assert not second.is_waiting
        pause.go_on()
        first.finish()

    assert totals(marked) == (90, 90, 80)


# -- two attempts of one person -------------------------------------------------------------


@pytest.fixture
def two_attempts(ana: User, cleo: User) -> list[Attempt]:
    """The first marked with 60 points, the second open with 90 points' worth of answers."""
    exam = published_exam(ana, by=cleo, attempts_allowed=2)
    first = sat_attempt(exam, ana, right=6)
    second = opened_attempt(exam, ana, at=LATER)
    save_answers(grant_of(second), right_answers(second, right=9), at=LATER)
    return [first, second]


def overrule_one_while_the_other_ends(
    monkeypatch: pytest.MonkeyPatch, attempts: list[Attempt], cleo: User
) -> list[Turn]:
    first, second = attempts
    lowered = first.marks.filter(points=10).first()
    with pausing(monkeypatch, marking, "counting_score") as pause:
        overruling = Turn(lambda: overrule(first, lowered.number, 0, cleo)).start()
        pause.wait_until_reached()
        ending = Turn(lambda: hand_in(second, at=LATER)).start()
        ending.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return [overruling.finish(), ending.finish()]


@needs_row_locks
def test_the_counting_score_knows_both_attempts_settled_at_once(
    two_attempts: list[Attempt], cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = overrule_one_while_the_other_ends(monkeypatch, two_attempts, cleo)

    assert [turn.error for turn in turns] == [None, None]
    assert Candidate.objects.get().score == 90


@needs_row_locks
def test_control_without_the_lock_on_the_candidate_one_of_them_is_forgotten(
    two_attempts: list[Attempt], cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(Candidate.objects.all()), "select_for_update", lambda self, *_args, **_kwargs: self.all(), raising=False
    )

    overrule_one_while_the_other_ends(monkeypatch, two_attempts, cleo)

    assert Candidate.objects.get().score == 50
