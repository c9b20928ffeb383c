"""Two of the office, or the office and the candidate, at one paper in the same moment."""

from datetime import timedelta

import pytest

from exams.domain import entering
from exams.domain.entering import enter_paper
from exams.domain.refusals import NoAttemptsLeft, PaperInUse
from exams.domain.sitting import open_attempt
from exams.models import Attempt, Candidate, Exam, Paper
from members.models import User
from tests.factories.exams import NOON, candidate_of, published_exam
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)

SOON = NOON + timedelta(minutes=30)


@pytest.fixture
def exam(ana: User, cleo: User) -> Exam:
    return published_exam(ana, by=cleo)


def paper_of(exam: Exam) -> Paper:
    return Paper.objects.select_related("candidate__exam__blueprint", "candidate__exam__division").get()


def enter(exam: Exam, by: User) -> Attempt:
    return enter_paper(paper_of(exam), {}, handed_in_at=NOON, reason="停电", by=by, at=SOON)


def test_two_who_enter_the_same_paper_make_one_attempt(exam: Exam, cleo: User) -> None:
    turns = at_once(*[lambda: enter(exam, cleo)] * 3)

    assert [turn.error for turn in turns] == [None] * 3
    assert len({turn.result.receipt for turn in turns}) == 1
    assert (Attempt.objects.count(), Candidate.objects.get().attempts_used) == (1, 1)


def test_whoever_comes_first_has_the_attempt_the_screen_or_the_paper(exam: Exam, ana: User, cleo: User) -> None:
    turns = at_once(lambda: enter(exam, cleo), lambda: open_attempt(candidate_of(exam, ana), at=SOON))

    assert (Attempt.objects.count(), Candidate.objects.get().attempts_used) == (1, 1)
    assert [type(turn.error) for turn in turns if turn.error] in ([PaperInUse], [NoAttemptsLeft])


@pytest.mark.postgres
def test_candidate_who_starts_while_the_office_enters_waits_and_finds_it_used(
    exam: Exam, ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pausing(monkeypatch, entering, "_handed_in") as pause:
        office = Turn(lambda: enter(exam, cleo)).start()
        pause.wait_until_reached()
        screen = Turn(lambda: open_attempt(candidate_of(exam, ana), at=SOON)).start()
        assert screen.is_waiting
        pause.go_on()
        office.finish()
        screen.finish()

    assert (office.error, type(screen.error)) == (None, NoAttemptsLeft)
    assert Attempt.objects.count() == 1
