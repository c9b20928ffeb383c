from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.refusals import ExamNotOpen, NoAttemptsLeft
from exams.domain.saving import save_answers
from exams.domain.sitting import count_page_leave, open_attempt, paper_sheet
from exams.domain.steering import close_exam
from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Exam
from members.models import User
from question_bank.domain.asking import AskedOption
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.factories.exams import (
    EVENING,
    MORNING,
    NOON,
    candidate_of,
    opened_attempt,
    published_exam,
    right_answers,
    sat_attempt,
)
from tests.support import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    return published_exam(everybody.ana, by=everybody.cleo)


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    return deepcopy(_exam)


def open_now(exam: Exam, person: User, *, at: datetime = NOON) -> tuple[Attempt, bool]:
    return open_attempt(candidate_of(exam, person), at=at)


def test_starting_opens_an_attempt_at_the_frozen_paper(exam: Exam, ana: User) -> None:
    attempt, created = open_now(exam, ana)

    assert created
    assert (attempt.state, attempt.opened_at, attempt.closes_at) == (
        AttemptState.OPEN,
        NOON,
        NOON + timedelta(minutes=30),
    )
    assert attempt.paper == attempt.candidate.papers.get()
    assert attempt.candidate.attempts_used == 1


def test_starting_again_goes_on_with_the_open_attempt(exam: Exam, ana: User) -> None:
    first, _created = open_now(exam, ana)

    second, created = open_now(exam, ana, at=NOON + timedelta(minutes=29))

    assert (second, created) == (first, False)
    assert second.closes_at == first.closes_at
    assert Attempt.objects.count() == 1
    assert candidate_of(exam, ana).attempts_used == 1


def test_starting_reads_and_makes_nothing_but_the_attempt(
    exam: Exam, ana: User, django_assert_max_num_queries: Any
) -> None:
    candidate = candidate_of(exam, ana)

    # The open one, savepoint, exam held, seat taken, seat read, paper, attempt, savepoint released.
    with django_assert_max_num_queries(8):
        open_attempt(candidate, at=NOON)


@pytest.mark.parametrize("minutes_before_the_end", [0.001, 1, 29, 30, 31])
def test_an_attempt_never_outlasts_its_exam(exam: Exam, ana: User, minutes_before_the_end: float) -> None:
    at = EVENING - timedelta(minutes=minutes_before_the_end)

    attempt, _created = open_now(exam, ana, at=at)

    assert attempt.closes_at == min(at + timedelta(minutes=30), EVENING)


@pytest.mark.parametrize(
    "at", [MORNING - timedelta(seconds=1), EVENING, EVENING + timedelta(seconds=1), EVENING + timedelta(days=9)]
)
def test_nobody_starts_outside_the_window(exam: Exam, ana: User, at: datetime) -> None:
    with pytest.raises(ExamNotOpen) as refusal:
        open_now(exam, ana, at=at)

    assert str(refusal.value)
    assert not Attempt.objects.exists()
    assert candidate_of(exam, ana).attempts_used == 0


def test_nobody_starts_after_the_office_closed_the_exam(exam: Exam, ana: User, cleo: User) -> None:
    candidate = candidate_of(exam, ana)
    close_exam(exam, by=cleo, at=NOON)

    for seat in (candidate, candidate_of(exam, ana)):
        with pytest.raises(ExamNotOpen):
            open_attempt(seat, at=NOON)
    assert candidate_of(exam, ana).attempts_used == 0


def test_one_attempt_is_not_two(exam: Exam, ana: User) -> None:
    sat_attempt(exam, ana)

    with pytest.raises(NoAttemptsLeft):
        open_now(exam, ana, at=NOON + timedelta(hours=1))


def test_every_attempt_has_a_paper_of_its_own(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=3)

    attempts = [sat_attempt(exam, ana, at=NOON + timedelta(hours=hour)) for hour in range(3)]

    assert [attempt.paper.number for attempt in attempts] == [1, 2, 3]
    with pytest.raises(NoAttemptsLeft):
        open_now(exam, ana, at=NOON + timedelta(hours=3))


def test_whoever_starts_again_after_the_time_was_up_gets_the_next_attempt(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=2)
    first = opened_attempt(exam, ana)

    second, created = open_now(exam, ana, at=NOON + timedelta(minutes=30))

    first.refresh_from_db()
    assert created
    assert second != first
    assert (first.state, first.hand_in, first.submitted_at) == (AttemptState.MARKED, HandIn.TIME, first.closes_at)


def test_the_last_attempt_taken_by_the_other_of_two_calls_is_this_ones_too(
    exam: Exam, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other call opens the only attempt after this one has looked for an open one."""
    late, first = candidate_of(exam, ana), []

    def overtaken(self: Exam, *, at: datetime) -> bool:
        monkeypatch.undo()
        first.append(open_now(exam, ana)[0])
        return True

    monkeypatch.setattr(Exam, "is_running", overtaken)

    assert open_attempt(late, at=NOON) == (first[0], False)


def test_a_sheet_shows_the_paper_as_frozen_with_what_was_answered(ana: User, cleo: User) -> None:
    plan = tuple((kind, 1, "2.5") for kind in Kind.values)
    attempt = opened_attempt(published_exam(ana, by=cleo, blueprint__plan=plan), ana)
    empty = paper_sheet(attempt)
    answers = [
        answer._replace(sequence=number, flagged=number == 2) for number, answer in enumerate(right_answers(attempt), 3)
    ]
    save_answers(grant_of(attempt), answers, at=NOON)

    sheet = paper_sheet(attempt)

    versions = QuestionVersion.objects.in_bulk()
    for row, blank, item in zip(sheet.rows, empty.rows, attempt.paper.rows(), strict=True):
        shown = versions[item.version_id].shown
        expected = [AskedOption(**shown["options"][place]) for place in item.order]
        assert (row.number, row.stem, row.points, row.blanks) == (
            item.number,
            shown["stem"],
            item.points,
            shown["blanks"],
        )
        assert row.options == expected
        assert (blank.answer, blank.sequence, blank.flagged) == ({}, 0, False)
    assert [row.kind for row in sheet.rows] == Kind.values
    assert {row.number: row.answer for row in sheet.rows} == {each.number: each.answer for each in answers}
    assert sheet.as_of == 7
    assert empty.as_of == int(NOON.timestamp() * 1000)


def test_a_page_leave_counts_only_while_the_page_may_write(exam: Exam, ana: User) -> None:
    attempt = opened_attempt(exam, ana)

    counted = [
        count_page_leave(attempt.pk, attempt.grant_number, at=NOON),
        count_page_leave(attempt.pk, attempt.grant_number + 1, at=NOON),
        count_page_leave(attempt.pk, attempt.grant_number, at=attempt.closes_at),
    ]
    hand_in(attempt, at=NOON)
    counted.append(count_page_leave(attempt.pk, attempt.grant_number, at=NOON))

    attempt.refresh_from_db()
    assert counted == [True, False, False, False]
    assert attempt.page_leaves == 1
