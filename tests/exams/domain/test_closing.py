import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from exams.domain import closing
from exams.domain.closing import close_if_overdue, close_overdue, hand_in, receipt_of
from exams.domain.grants import grant_of
from exams.domain.saving import save_answers
from exams.domain.steering import close_exam
from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Exam, Mark, PendingAnswer
from members.models import User
from tests.factories.exams import (
    EVENING,
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    ExamFactory,
    opened_attempt,
    publish,
    published_exam,
    right_answers,
    sat_attempt,
)

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def exam(ana: User, dan: User, cleo: User) -> Exam:
    return published_exam(ana, dan, by=cleo)


def answered(exam: Exam, person: User, *, right: int = 6, at: datetime = NOON) -> Attempt:
    """Open, with ``right`` of ten questions answered right and saved."""
    attempt = opened_attempt(exam, person, at=at)
    save_answers(grant_of(attempt), right_answers(attempt, right=right), at=at)
    return attempt


def outcome(attempt: Attempt) -> dict[str, Any]:
    """Everything that closing decides, of the attempt, its marks and its candidate."""
    fresh = Attempt.objects.select_related("candidate").get(pk=attempt.pk)
    return {
        "state": fresh.state,
        "submitted_at": fresh.submitted_at,
        "hand_in": fresh.hand_in,
        "receipt": fresh.receipt,
        "score": fresh.score,
        "parts": (fresh.objective_score, fresh.subjective_score),
        "counted": fresh.candidate.score,
        "marks": list(
            fresh.marks.order_by("number", "revision").values_list(
                "number", "revision", "points", "source", "marked_at"
            )
        ),
        "waiting": list(fresh.pending_answers.values_list("number", flat=True)),
    }


def test_handing_in_marks_what_was_saved_and_gives_a_receipt(exam: Exam, ana: User) -> None:
    attempt = answered(exam, ana)

    handed = hand_in(attempt, at=NOON + timedelta(minutes=9))

    assert handed is attempt
    assert (attempt.state, attempt.hand_in, attempt.submitted_at, attempt.score) == (
        AttemptState.MARKED,
        HandIn.MEMBER,
        NOON + timedelta(minutes=9),
        60,
    )
    assert re.fullmatch(r"YZ-26Q2-[A-Z2-7]{4}-[A-Z2-7]{4}", attempt.receipt or "")
    points = [mark[2] for mark in outcome(attempt)["marks"]]
    assert points == [10] * 6 + [0] * 4


def test_handing_in_twice_is_handing_in_once(exam: Exam, ana: User) -> None:
    attempt = answered(exam, ana)
    stale = Attempt.objects.get(pk=attempt.pk)
    hand_in(attempt, at=NOON + timedelta(minutes=9))
    before = outcome(attempt)

    for late in (timedelta(minutes=10), timedelta(days=2)):
        hand_in(Attempt.objects.get(pk=attempt.pk), at=NOON + late)
    again = hand_in(stale, at=NOON + timedelta(minutes=11))

    assert again.receipt == attempt.receipt
    assert outcome(attempt) == before


def test_an_empty_paper_can_be_handed_in(exam: Exam, ana: User) -> None:
    attempt = hand_in(opened_attempt(exam, ana), at=NOON)

    assert (attempt.state, attempt.score) == (AttemptState.MARKED, 0)
    assert Mark.objects.filter(attempt=attempt).count() == 10


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=30)])
def test_overdue_gives_the_same_result_by_command_by_look_and_by_hand(exam: Exam, ana: User, late: timedelta) -> None:
    attempt = answered(exam, ana)
    at = attempt.closes_at + late
    results = []
    ways = [
        lambda: close_overdue(at=at),
        lambda: close_overdue(at=at, exam=exam),
        lambda: close_if_overdue(attempt, at=at),
        lambda: hand_in(attempt, at=at),
        lambda: hand_in(attempt, at=at, how=HandIn.OFFICE),
    ]

    for way in ways:
        way()
        results.append(outcome(attempt))
        reopen(attempt)

    assert results == [results[0]] * len(ways)
    assert (results[0]["hand_in"], results[0]["submitted_at"], results[0]["score"]) == (
        HandIn.TIME,
        NOON + HALF_AN_HOUR,
        60,
    )


def reopen(attempt: Attempt) -> None:
    """As if nobody had closed it yet: only a test can do this."""
    Mark.objects.filter(attempt=attempt).delete()
    Attempt.objects.filter(pk=attempt.pk).update(
        state=AttemptState.OPEN, submitted_at=None, receipt=None, hand_in="", score=None
    )
    attempt.refresh_from_db()


def test_whoever_comes_second_finds_it_closed(exam: Exam, ana: User) -> None:
    attempt = answered(exam, ana)
    at = attempt.closes_at
    assert close_overdue(at=at) == 1
    before = outcome(attempt)

    assert close_overdue(at=at) == 0
    assert close_if_overdue(Attempt.objects.get(pk=attempt.pk), at=at) is False
    hand_in(attempt, at=at)
    assert outcome(attempt) == before


def test_what_is_not_overdue_stays_open(exam: Exam, ana: User) -> None:
    attempt = answered(exam, ana)
    at = attempt.closes_at - timedelta(microseconds=1)

    assert close_if_overdue(attempt, at=at) is False
    assert close_overdue(at=at) == 0
    assert outcome(attempt)["state"] == AttemptState.OPEN


def test_closing_one_exam_leaves_another_alone(exam: Exam, ana: User, dan: User, cleo: User) -> None:
    other = published_exam(ana, by=cleo)
    answered(exam, ana)
    elsewhere = answered(other, ana)

    assert close_overdue(at=EVENING, exam=exam) == 1
    assert outcome(elsewhere)["state"] == AttemptState.OPEN


def test_every_batch_is_closed(exam: Exam, ana: User, dan: User, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "BATCH", 1)
    exams = [exam, published_exam(ana, dan, by=cleo)]
    attempts = [answered(each, person) for each in exams for person in (ana, dan)]

    assert close_overdue(at=EVENING) == 4
    assert {outcome(attempt)["state"] for attempt in attempts} == {AttemptState.MARKED}


def test_one_that_cannot_be_closed_keeps_no_other_open(
    exam: Exam, ana: User, dan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = answered(exam, ana), answered(exam, dan)
    mark = closing.mark_attempt

    def failing(attempt: Attempt, *, at: datetime) -> None:
        if attempt.pk == broken.pk:
            raise RuntimeError("a bad paper")
        mark(attempt, at=at)

    monkeypatch.setattr(closing, "mark_attempt", failing)
    close_overdue(at=EVENING)

    assert [outcome(attempt)["state"] for attempt in (broken, sound)] == [AttemptState.OPEN, AttemptState.MARKED]
    assert outcome(broken)["marks"] == []


def test_short_answers_wait_for_a_marker_and_the_empty_ones_earn_nothing(ana: User, dan: User, cleo: User) -> None:
    exam = published_exam(ana, dan, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)

    written, empty = sat_attempt(exam, ana, text="要点一"), sat_attempt(exam, dan, text="")

    assert outcome(written) | {"marks": [], "receipt": ""} == {
        "state": AttemptState.SUBMITTED,
        "submitted_at": NOON + timedelta(minutes=10),
        "hand_in": HandIn.MEMBER,
        "receipt": "",
        "score": None,
        "parts": (80, None),
        "counted": None,
        "marks": [],
        "waiting": [5],
    }
    assert len(outcome(written)["marks"]) == 4
    assert (outcome(empty)["state"], outcome(empty)["score"], outcome(empty)["parts"]) == (
        AttemptState.MARKED,
        80,
        (80, 0),
    )
    assert PendingAnswer.objects.count() == 1


def test_every_attempt_has_a_receipt_of_its_own(exam: Exam, ana: User, dan: User) -> None:
    receipts = {hand_in(opened_attempt(exam, person), at=NOON).receipt for person in (ana, dan)}

    assert len(receipts) == 2


def test_two_attempts_whose_receipts_begin_alike_can_both_be_closed(
    exam: Exam, ana: User, dan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "receipt_of", lambda attempt, turn=0: f"YZ-26Q2-{attempt.pk if turn else 'SAME'}")

    first, second = (hand_in(answered(exam, person), at=NOON) for person in (ana, dan))

    assert (first.receipt, second.receipt) == ("YZ-26Q2-SAME", f"YZ-26Q2-{second.pk}")
    assert (second.state, second.score) == (AttemptState.MARKED, 60)


@pytest.mark.parametrize(
    ("began", "quarter"),
    [
        ("2026-03-31T23:59:00+08:00", "26Q1"),
        ("2026-04-01T00:00:00+08:00", "26Q2"),
        ("2026-12-31T23:00:00+08:00", "26Q4"),
    ],
)
def test_a_receipt_names_the_local_quarter_it_began_in(began: str, quarter: str) -> None:
    attempt = Attempt(opened_at=datetime.fromisoformat(began))

    receipts = [receipt_of(attempt, turn=turn) for turn in (0, 1)]

    assert [receipt[3:7] for receipt in receipts] == [quarter, quarter]
    assert receipts[0] != receipts[1]
    assert [len(receipt) for receipt in receipts] == [17, 17]


def test_closing_an_exam_ends_everybodys_time_in_that_moment_whoever_marks_them(
    ana: User, dan: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server dies right after the exam was closed, before the first attempt was handed in."""
    at, results = NOON + timedelta(minutes=5), []
    for server_dies in (False, True):
        exam = publish(ExamFactory.create(people=[ana]), by=cleo)
        attempt = answered(exam, ana)
        with monkeypatch.context() as patched:
            if server_dies:
                patched.setattr("exams.domain.steering.hand_in", lambda *_args, **_kwargs: None)
            close_exam(exam, by=cleo, at=at)
        close_overdue(at=at + timedelta(hours=1))
        results.append(outcome(attempt) | {"receipt": ""})

    assert results[0] == results[1]
    assert (results[0]["hand_in"], results[0]["submitted_at"], results[0]["score"]) == (HandIn.OFFICE, at, 60)
