"""Answers written on paper: one attempt, marked by the usual rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from wagtail.models import ModelLogEntry

from exams.domain.entering import enter_paper
from exams.domain.refusals import (
    AnswerRefused,
    ExamNotOpen,
    NotAllowed,
    OwnAttempt,
    PaperInUse,
    ReasonMissing,
    WrongTime,
)
from exams.domain.scores import score_rows
from exams.domain.sitting import open_attempt
from exams.domain.steering import release_results
from exams.enums import AttemptState, HandIn, ReleaseRule
from exams.models import Attempt, Candidate, Exam, Paper, Response
from members.models import User
from question_bank.models import QuestionVersion
from tests.factories.exams import (
    EVENING,
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    candidate_of,
    opened_attempt,
    published_exam,
    sat_attempt,
)

SOON = NOON + timedelta(hours=1)


@pytest.fixture
def exam(ana: User, cleo: User) -> Exam:
    return published_exam(ana, by=cleo, release_rule=ReleaseRule.BY_HAND)


def paper_of(exam: Exam, person: User, number: int = 1) -> Paper:
    papers = Paper.objects.select_related("candidate__exam__blueprint", "candidate__exam__division")
    return papers.get(candidate__exam=exam, candidate__person=person, number=number)


def written(paper: Paper, right: int) -> dict[int, dict[str, Any]]:
    """The first ``right`` questions answered as the key says, the others left open."""
    versions = QuestionVersion.objects.in_bulk([item[0] for item in paper.items])
    return {
        item.number: {"options": list(versions[item.version_id].key["options"])} if item.number <= right else {}
        for item in paper.rows()
    }


@pytest.fixture
def enter(cleo: User) -> Callable[..., Attempt]:
    def carry_out(paper: Paper, answers: dict[int, dict[str, Any]], **change: Any) -> Attempt:
        said = {"handed_in_at": NOON, "reason": "手机损坏", "by": cleo, "at": SOON}
        return enter_paper(paper, answers, **{**said, **change})

    return carry_out


def test_what_was_written_is_stored_handed_in_and_marked(exam: Exam, ana: User, enter: Callable[..., Attempt]) -> None:
    paper = paper_of(exam, ana)

    attempt = enter(paper, written(paper, 6))

    attempt = Attempt.objects.get(pk=attempt.pk)
    assert (attempt.state, attempt.hand_in, attempt.submitted_at, attempt.score, attempt.paper) == (
        AttemptState.MARKED, HandIn.PAPER, NOON, 60, paper,
    )  # fmt: skip
    assert attempt.receipt
    assert dict(attempt.responses.values_list("number", "answer")) == {
        number: answer for number, answer in written(paper, 6).items() if answer
    }
    assert set(attempt.responses.values_list("saved_at", flat=True)) == {SOON}
    candidate = candidate_of(exam, ana)
    assert (candidate.score, candidate.attempts_used) == (60, 1)


def test_who_entered_it_and_why_is_written_down(
    exam: Exam, ana: User, cleo: User, enter: Callable[..., Attempt]
) -> None:
    attempt = enter(paper_of(exam, ana), {}, reason=" 手机损坏 ")

    entry = ModelLogEntry.objects.get(action="exams.enter_paper")
    assert (entry.user, entry.timestamp) == (cleo, SOON)
    assert entry.data == {"attempt": str(attempt.uuid), "person": "LX0001", "reason": "手机损坏"}


def test_short_answers_wait_for_a_marker(ana: User, cleo: User, enter: Callable[..., Attempt]) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    paper = paper_of(exam, ana)
    last = len(paper.items)

    attempt = enter(paper, {last: {"text": "写在纸上"}})

    assert (attempt.state, attempt.score) == (AttemptState.SUBMITTED, None)
    assert list(attempt.pending_answers.values_list("number", flat=True)) == [last]


def test_same_paper_entered_twice_is_one_attempt(exam: Exam, ana: User, enter: Callable[..., Attempt]) -> None:
    paper, stale = paper_of(exam, ana), paper_of(exam, ana)

    first, again = enter(paper, written(paper, 6)), enter(stale, written(paper, 6))

    assert (again.pk, again.receipt) == (first.pk, first.receipt)
    assert (Attempt.objects.count(), candidate_of(exam, ana).attempts_used) == (1, 1)
    assert ModelLogEntry.objects.filter(action="exams.enter_paper").count() == 1


def test_second_who_enters_other_answers_is_told_and_changes_nothing(
    exam: Exam, ana: User, enter: Callable[..., Attempt]
) -> None:
    paper, stale = paper_of(exam, ana), paper_of(exam, ana)
    first = enter(paper, written(paper, 6))

    with pytest.raises(PaperInUse):
        enter(stale, written(paper, 7))

    assert (Attempt.objects.get(), Response.objects.count()) == (first, 6)


def test_who_sat_or_sits_at_a_screen_has_no_second_go_on_paper(
    exam: Exam, ana: User, dan: User, cleo: User, enter: Callable[..., Attempt]
) -> None:
    paper = paper_of(exam, ana)
    sat_attempt(exam, ana, right=3)
    both = published_exam(dan, by=cleo, attempts_allowed=2)
    opened_attempt(both, dan, at=NOON)

    for one, at in ((paper, SOON), (paper_of(both, dan), NOON), (paper_of(both, dan, 2), NOON)):
        with pytest.raises(PaperInUse):
            enter(one, {}, at=at)

    assert (candidate_of(exam, ana).score, candidate_of(both, dan).attempts_used) == (30, 1)
    assert Attempt.objects.count() == 2


def test_attempt_left_open_too_long_is_ended_and_the_next_may_be_on_paper(
    dan: User, cleo: User, enter: Callable[..., Attempt]
) -> None:
    exam = published_exam(dan, by=cleo, attempts_allowed=2)
    opened_attempt(exam, dan, at=NOON)

    enter(paper_of(exam, dan, 2), {}, handed_in_at=SOON, at=SOON)

    assert set(Attempt.objects.values_list("paper__number", "hand_in")) == {(1, HandIn.TIME), (2, HandIn.PAPER)}


def test_starting_on_a_screen_between_look_and_entry_wins(exam: Exam, ana: User, enter: Callable[..., Attempt]) -> None:
    paper = paper_of(exam, ana)
    open_attempt(candidate_of(exam, ana), at=NOON)

    with pytest.raises(PaperInUse):
        enter(paper, written(paper, 10), at=NOON)

    assert Response.objects.count() == 0


def test_papers_come_in_order(ana: User, cleo: User, enter: Callable[..., Attempt]) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=2)

    with pytest.raises(PaperInUse):
        enter(paper_of(exam, ana, 2), {})

    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("rule", "at", "taken"),
    [
        (ReleaseRule.BY_HAND, EVENING - timedelta(seconds=1), True),
        (ReleaseRule.BY_HAND, EVENING + timedelta(days=3, seconds=-1), True),
        (ReleaseRule.BY_HAND, EVENING + timedelta(days=3), False),
        (ReleaseRule.AFTER_CLOSE, EVENING - timedelta(seconds=1), True),
        (ReleaseRule.AFTER_CLOSE, EVENING, False),
        (ReleaseRule.AT_ONCE, EVENING - timedelta(seconds=1), True),
        (ReleaseRule.AT_ONCE, EVENING, False),
    ],
)
def test_entry_ends_three_days_after_the_exam_and_before_anybody_sees_a_key(
    ana: User, cleo: User, enter: Callable[..., Attempt], rule: ReleaseRule, at: datetime, taken: bool
) -> None:
    exam = published_exam(ana, by=cleo, release_rule=rule)

    if taken:
        enter(paper_of(exam, ana), {}, at=at)
    else:
        with pytest.raises(ExamNotOpen):
            enter(paper_of(exam, ana), {}, at=at)

    assert Attempt.objects.count() == taken


def test_released_results_end_it(exam: Exam, ana: User, cleo: User, enter: Callable[..., Attempt]) -> None:
    paper = paper_of(exam, ana)
    release_results(exam, by=cleo, at=EVENING)

    with pytest.raises(ExamNotOpen):
        enter(paper, {}, at=EVENING + timedelta(minutes=1))


def test_refusals(exam: Exam, ana: User, ben: User, enter: Callable[..., Attempt]) -> None:
    paper = paper_of(exam, ana)

    for refusal, answers, change in (
        (NotAllowed, {}, {"by": ben}),
        (ReasonMissing, {}, {"reason": " "}),
        (WrongTime, {}, {"handed_in_at": exam.opens_at - timedelta(seconds=1)}),
        (WrongTime, {}, {"handed_in_at": SOON + timedelta(seconds=1)}),
        (WrongTime, {}, {"handed_in_at": EVENING + timedelta(hours=1), "at": EVENING + timedelta(hours=2)}),
        (AnswerRefused, {1: {"options": ["nonsense"]}}, {}),
        (AnswerRefused, {1: {"text": "x"}}, {}),
    ):
        with pytest.raises(refusal):
            enter(paper, answers, **change)

    assert (Attempt.objects.count(), Candidate.objects.get().attempts_used) == (0, 0)


def test_nobody_enters_their_own_paper(cleo: User, enter: Callable[..., Attempt]) -> None:
    exam = published_exam(cleo, by=cleo)

    with pytest.raises(OwnAttempt):
        enter(paper_of(exam, cleo), {})


def test_scores_say_that_it_was_on_paper(exam: Exam, ana: User, cleo: User, enter: Callable[..., Attempt]) -> None:
    paper = paper_of(exam, ana)
    enter(paper, written(paper, 6))

    with translation.override("en"):
        (row,) = score_rows(exam, by=cleo, at=SOON)

    assert (row.hand_in, row.remark, row.minutes_used, row.started_at, row.handed_in_at, row.score) == (
        "On paper", "On paper", None, None, NOON, 60,
    )  # fmt: skip
