"""Starting, saving and handing in at the same moment. Every claim stands beside a control without its guard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.utils import OperationalError

from exams.domain import closing, saving, sitting, steering
from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.refusals import AttemptClosed, ExamNotOpen, NoAttemptsLeft
from exams.domain.saving import save_answers
from exams.domain.sitting import open_attempt
from exams.domain.steering import close_exam
from exams.enums import AttemptState
from exams.models import Attempt, Candidate, Exam, Mark, Response
from members.models import User
from tests.factories.exams import NOON, candidate_of, opened_attempt, published_exam, right_answers
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.postgres

SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def exam(ana: User, cleo: User) -> Exam:
    return published_exam(ana, by=cleo)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("candidate__exam__blueprint", "paper").get(pk=attempt.pk)


# -- two starts -----------------------------------------------------------------------------


@pytest.mark.parametrize("attempts_allowed", [1, 3])
def test_two_starts_at_once_give_one_attempt(ana: User, cleo: User, attempts_allowed: int) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=attempts_allowed)

    turns = at_once(*[lambda: open_attempt(candidate_of(exam, ana), at=NOON)] * 4)

    attempt = Attempt.objects.get()
    assert [turn.error for turn in turns] == [None] * 4
    assert {turn.result[0].pk for turn in turns} == {attempt.pk}
    assert sorted(turn.result[1] for turn in turns) == [False, False, False, True]
    assert Candidate.objects.get().attempts_used == 1


def start_held_before_it_inserts(
    monkeypatch: pytest.MonkeyPatch, exam: Exam, person: User, meanwhile: Callable[[], Any]
) -> Turn:
    """A start that has seen no open attempt, and ``meanwhile`` runs before it takes its seat."""
    with pausing(monkeypatch, Exam, "is_running") as pause:
        late = Turn(lambda: open_attempt(candidate_of(exam, person), at=NOON)).start()
        pause.wait_until_reached()
        meanwhile()
        pause.go_on()
        return late.finish()


@pytest.mark.parametrize("attempts_allowed", [1, 3])
def test_the_start_that_comes_second_gets_the_attempt_of_the_first(
    ana: User, cleo: User, attempts_allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=attempts_allowed)

    late = start_held_before_it_inserts(monkeypatch, exam, ana, lambda: opened_attempt(exam, ana))

    assert (late.error, late.result) == (None, (Attempt.objects.get(), False))
    assert Candidate.objects.get().attempts_used == 1


@needs_row_locks
def test_control_without_the_constraint_two_starts_give_two_attempts(
    ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=3)
    with constraint_dropped("exams_one_open_attempt_per_candidate"):
        start_held_before_it_inserts(monkeypatch, exam, ana, lambda: opened_attempt(exam, ana))
        opened = Attempt.objects.open().count()
        Attempt.objects.all().delete()

    assert opened == 2


def test_control_without_looking_again_the_second_start_is_turned_away(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting, "_running", lambda candidate: None)
    late = start_held_before_it_inserts(monkeypatch, exam, ana, lambda: opened_attempt(exam, ana))

    assert isinstance(late.error, NoAttemptsLeft)


class constraint_dropped:  # noqa: N801 - read as a sentence
    """Without one of the database's own guards; the index is put back exactly as it was."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [self.name])
            (self.definition,) = cursor.fetchone()
            cursor.execute(f'DROP INDEX "{self.name}"')

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.definition)


# -- starting while the office closes -------------------------------------------------------


def start_during_closing(monkeypatch: pytest.MonkeyPatch, exam: Exam, ana: User, cleo: User) -> tuple[Turn, Turn]:
    """A start that has found the exam open, and a closing that begins before the start has ended."""
    with pausing(monkeypatch, sitting, "_seat", after=True) as pause:
        start = Turn(lambda: open_attempt(candidate_of(exam, ana), at=NOON)).start()
        pause.wait_until_reached()
        close = Turn(lambda: close_exam(exam, by=cleo, at=SOON)).start()
        close.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return start.finish(), close.finish()


@needs_row_locks
def test_nobody_goes_on_sitting_in_an_exam_that_was_closed_while_they_started(
    exam: Exam, ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, close = start_during_closing(monkeypatch, exam, ana, cleo)

    assert (start.error, close.error) == (None, None)
    assert list(Attempt.objects.values_list("state", "submitted_at")) == [(AttemptState.MARKED, SOON)]


@needs_row_locks
def test_control_without_the_lock_they_go_on_sitting(
    exam: Exam, ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting, "_HOLD", "")

    start_during_closing(monkeypatch, exam, ana, cleo)

    exam.refresh_from_db()
    assert exam.results_are_out(at=SOON)
    assert Attempt.objects.get().is_open()


def test_a_start_that_comes_just_after_closing_is_refused(
    exam: Exam, ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = start_held_before_it_inserts(monkeypatch, exam, ana, lambda: close_exam(exam, by=cleo, at=NOON))

    assert isinstance(late.error, ExamNotOpen)
    assert not Attempt.objects.exists()
    assert Candidate.objects.get().attempts_used == 0


# -- two hand-ins ---------------------------------------------------------------------------


def ledger(attempt: Attempt) -> list[tuple[int, int]]:
    return list(Mark.objects.filter(attempt=attempt).order_by("number").values_list("number", "revision"))


def test_two_hand_ins_at_once_give_one_result(exam: Exam, ana: User) -> None:
    attempt = opened_attempt(exam, ana)
    save_answers(grant_of(attempt), right_answers(attempt, right=7), at=NOON)

    turns = at_once(*[lambda: hand_in(fresh(attempt), at=SOON)] * 4)

    assert [turn.error for turn in turns] == [None] * 4
    assert len({(turn.result.receipt, turn.result.submitted_at, turn.result.score) for turn in turns}) == 1
    assert turns[0].result.score == 70
    assert ledger(attempt) == [(number, 1) for number in range(1, 11)]


def hand_in_twice(monkeypatch: pytest.MonkeyPatch, attempt: Attempt) -> tuple[Turn, Turn]:
    """The second comes while the first marks, in the middle of its transaction."""
    with pausing(monkeypatch, closing, "mark_attempt") as pause:
        first = Turn(lambda: hand_in(fresh(attempt), at=SOON)).start()
        pause.wait_until_reached()
        second = Turn(lambda: hand_in(fresh(attempt), at=SOON)).start()
        second.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return first.finish(), second.finish()


@needs_row_locks
def test_the_hand_in_that_comes_second_waits_and_gets_the_same_receipt(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = opened_attempt(exam, ana)

    first, second = hand_in_twice(monkeypatch, attempt)

    assert (first.error, second.error) == (None, None)
    assert first.result.receipt == second.result.receipt
    assert ledger(attempt) == [(number, 1) for number in range(1, 11)]


@needs_row_locks
def test_control_without_looking_at_the_row_count_both_mark(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = opened_attempt(exam, ana)

    def end_unguarded(attempt: Attempt, *, at: Any, how: Any, receipt: str) -> None:
        Attempt.objects.filter(pk=attempt.pk).update(
            state=AttemptState.SUBMITTED, submitted_at=at, hand_in=how, receipt=receipt
        )
        closing.mark_attempt(attempt, at=at)

    monkeypatch.setattr(closing, "_end", end_unguarded)
    first, second = hand_in_twice(monkeypatch, attempt)

    # The ledger's key is the second guard: it refuses the second set of marks.
    assert [type(turn.error) for turn in (first, second)].count(IntegrityError) == 1


# -- saving while handing in ----------------------------------------------------------------


def save_during_hand_in(monkeypatch: pytest.MonkeyPatch, attempt: Attempt) -> tuple[Turn, Turn]:
    """A save that has written but not committed, and a hand-in that begins meanwhile."""
    answers = right_answers(attempt)

    def save() -> Any:
        from django.db import transaction

        with transaction.atomic():
            return save_answers(grant_of(attempt), answers, at=NOON)

    with pausing(monkeypatch, saving, "_upsert", after=True) as pause:
        save_turn = Turn(save).start()
        pause.wait_until_reached()
        hand_in_turn = Turn(lambda: hand_in(fresh(attempt), at=SOON)).start()
        hand_in_turn.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return save_turn.finish(), hand_in_turn.finish()


@needs_row_locks
def test_an_acknowledged_answer_is_always_in_the_marks(exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = opened_attempt(exam, ana)

    save, handed = save_during_hand_in(monkeypatch, attempt)

    assert (save.error, handed.error) == (None, None)
    assert save.result.saved == list(range(1, 11))
    assert fresh(attempt).score == 100


@needs_row_locks
def test_control_without_for_share_an_acknowledged_answer_is_lost(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_SAVE", saving._SAVE.replace("{lock}", ""))
    attempt = opened_attempt(exam, ana)

    save, _handed = save_during_hand_in(monkeypatch, attempt)

    assert save.result.saved == list(range(1, 11))
    assert Response.objects.filter(attempt=attempt).count() == 10
    assert fresh(attempt).score == 0


def test_over_many_races_every_acknowledged_answer_is_in_the_marks_and_no_other(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=9)
    for _round in range(9):
        attempt = opened_attempt(exam, ana)
        answers = right_answers(attempt)

        def save_one_by_one(attempt: Attempt = attempt, answers: list[Answer] = answers) -> list[int]:
            saved = []
            for answer in answers:
                try:
                    saved += save_answers(grant_of(attempt), [answer], at=NOON).saved
                except AttemptClosed:
                    break
            return saved

        saved, _handed = at_once(save_one_by_one, lambda attempt=attempt: hand_in(fresh(attempt), at=SOON))

        marked = Mark.objects.filter(attempt=attempt, points=10).values_list("number", flat=True)
        assert saved.error is None
        assert sorted(marked) == sorted(saved.result)


# -- two devices ----------------------------------------------------------------------------


def test_of_two_devices_the_newer_sequence_stands_whole(exam: Exam, ana: User) -> None:
    attempt = opened_attempt(exam, ana)
    grant = grant_of(attempt)
    names = {row.number: [option.id for option in row.options] for row in sitting.paper_sheet(attempt).rows}

    def device(place: int, flagged: bool) -> Callable[[], None]:
        def write() -> None:
            for step in range(25):
                rows = [
                    Answer(number, {"options": [ids[place]]}, 2 * step + place, flagged)
                    for number, ids in names.items()
                ]
                save_answers(grant, rows if place else rows[::-1], at=NOON)

        return write

    turns = at_once(device(0, False), device(1, True))

    assert [turn.error for turn in turns] == [None, None]
    assert list(Response.objects.order_by("number").values_list("answer", "sequence", "flagged")) == [
        ({"options": [names[number][1]]}, 49, True) for number in names
    ]


@needs_row_locks
def test_two_devices_that_send_the_same_questions_in_other_orders_never_block_each_other(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = grant_of(opened_attempt(exam, ana))
    rows = [Answer(number, {}, 1, True) for number in range(1, 11)]

    errors = cross(grant, rows, rows[::-1])

    assert errors == []


@needs_row_locks
def test_control_unsorted_they_do(exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "sorted", lambda rows, **_by: rows, raising=False)
    grant = grant_of(opened_attempt(exam, ana))
    rows = [Answer(number, {}, 1, True) for number in range(1, 11)]

    errors = cross(grant, rows, rows[::-1])

    assert OperationalError in errors


def cross(grant: Any, one: list[Answer], other: list[Answer]) -> list[type]:
    """Both write again and again; the types of what went wrong."""
    errors: list[type] = []

    def write(rows: list[Answer]) -> None:
        for step in range(60):
            try:
                save_answers(grant, [row._replace(sequence=step) for row in rows], at=NOON)
            except OperationalError as error:
                errors.append(type(error))
                return

    at_once(lambda: write(one), lambda: write(other), lambda: write(one), lambda: write(other))
    return errors


def test_control_without_the_guard_on_sequences_the_older_answer_wins(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = "WHERE exams_response.sequence < excluded.sequence"
    assert guarded in saving._SAVE
    monkeypatch.setattr(saving, "_SAVE", saving._SAVE.replace(guarded, "WHERE 1 = 1"))
    grant = grant_of(opened_attempt(exam, ana))

    for sequence in (5, 3):
        save_answers(grant, [Answer(1, {}, sequence, True)], at=NOON)

    assert Response.objects.get().sequence == 3


def test_steering_is_where_the_control_looks_for_it() -> None:
    """The controls above patch names; a renamed one must not turn them into nothing."""
    assert sitting._HOLD == "FOR SHARE"
    assert "{lock}" in saving._SAVE
    assert steering.hand_in is closing.hand_in
