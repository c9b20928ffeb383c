from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import end_grants, grant_of
from exams.domain.refusals import AnswerRefused, AttemptClosed, GrantEnded
from exams.domain.saving import milliseconds, save_answers, save_form
from exams.domain.sitting import paper_sheet
from exams.models import Attempt, Response
from members.models import User
from question_bank.enums import Kind
from tests.factories.exams import NOON, opened_attempt, published_exam

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def attempt(ana: User, cleo: User) -> Attempt:
    """Open since noon: question 1 and 2 are single choices, 3 has two blanks."""
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.SINGLE, 2, 2), (Kind.FILL, 1, 2)))
    return opened_attempt(exam, ana)


def options_of(attempt: Attempt, number: int = 1) -> list[str]:
    return [option.id for option in paper_sheet(attempt).rows[number - 1].options]


def pick(attempt: Attempt, place: int, number: int = 1) -> dict[str, Any]:
    return {"options": [options_of(attempt, number)[place]]}


def stored(attempt: Attempt) -> list[tuple]:
    rows = Response.objects.filter(attempt=attempt).order_by("number")
    return list(rows.values_list("number", "answer", "sequence", "flagged", "saved_at"))


# -- one by one -----------------------------------------------------------------------------


def test_saving_takes_one_statement(attempt: Attempt, django_assert_num_queries: Any) -> None:
    grant = grant_of(attempt)

    with django_assert_num_queries(1):
        save_answers(grant, [Answer(1, {}, 1), Answer(2, {}, 1), Answer(3, {}, 1)], at=NOON)


def test_an_answer_is_stored_as_sent(attempt: Attempt) -> None:
    text = {"blanks": ["“60日” 100% \\ ' \" 𠮷喆", "第二行\n"]}

    outcome = save_answers(grant_of(attempt), [Answer(3, text, 2**53 - 1, True)], at=LATER)

    assert (outcome.saved, outcome.stale, outcome.closes_at) == ([3], [], attempt.closes_at)
    assert stored(attempt) == [(3, text, 2**53 - 1, True, LATER)]


def test_a_higher_sequence_replaces_a_lower_one(attempt: Attempt) -> None:
    for sequence in (0, 1, 5):
        save_answers(grant_of(attempt), [Answer(1, pick(attempt, sequence % 4), sequence)], at=LATER)

    assert stored(attempt) == [(1, pick(attempt, 1), 5, False, LATER)]


@pytest.mark.parametrize("sequence", [0, 4, 5])
def test_a_sequence_that_is_not_higher_changes_nothing_and_shows_what_stands(attempt: Attempt, sequence: int) -> None:
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), 5, True)], at=NOON)

    outcome = save_answers(grant_of(attempt), [Answer(1, pick(attempt, 1), sequence)], at=LATER)

    assert (outcome.saved, outcome.stale) == (
        [],
        [{"number": 1, "sequence": 5, "answer": pick(attempt, 0), "flagged": True}],
    )
    assert stored(attempt) == [(1, pick(attempt, 0), 5, True, NOON)]


def test_sending_the_same_again_is_saved_and_changes_nothing(attempt: Attempt) -> None:
    sent = [Answer(1, pick(attempt, 0), 5), Answer(2, pick(attempt, 3, 2), 6, True)]
    first = save_answers(grant_of(attempt), sent, at=NOON)
    before = stored(attempt)

    again = save_answers(grant_of(attempt), sent, at=LATER)

    assert first == again
    assert stored(attempt) == before


def test_of_one_call_the_newer_answers_are_saved_and_the_older_are_named(attempt: Attempt) -> None:
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), 9)], at=NOON)

    outcome = save_answers(
        grant_of(attempt), [Answer(2, {}, 3, True), Answer(1, pick(attempt, 1), 3), Answer(3, {}, 3)], at=LATER
    )

    assert (outcome.saved, [row["number"] for row in outcome.stale]) == ([2, 3], [1])
    assert [row[:3] for row in stored(attempt)] == [(1, pick(attempt, 0), 9), (2, {}, 3), (3, {}, 3)]


def test_an_answer_can_be_taken_back(attempt: Attempt) -> None:
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), 1)], at=NOON)

    save_answers(grant_of(attempt), [Answer(1, {}, 2)], at=LATER)

    assert stored(attempt) == [(1, {}, 2, False, LATER)]


writes = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 6), st.integers(0, 3), st.booleans()), max_size=12)


@given(writes=writes)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_devices_write_the_highest_sequence_stands_whole(
    attempt: Attempt, writes: list[tuple[int, int, int, bool]]
) -> None:
    Response.objects.all().delete()
    first: dict[tuple[int, int], tuple[dict, bool]] = {}

    for number, sequence, place, flagged in writes:
        save_answers(grant_of(attempt), [Answer(number, pick(attempt, place, number), sequence, flagged)], at=NOON)
        first.setdefault((number, sequence), (pick(attempt, place, number), flagged))

    expected = []
    for number in sorted({number for number, *_rest in writes}):
        highest = max(sequence for each, sequence, *_rest in writes if each == number)
        answer, flagged = first[number, highest]
        expected.append((number, answer, highest, flagged, NOON))
    assert stored(attempt) == expected


# -- what is refused ------------------------------------------------------------------------


def refuses(attempt: Attempt, refusal: type[Exception], answers: Sequence[Answer], **kwargs: Any) -> None:
    before = stored(attempt)
    with pytest.raises(refusal):
        save_answers(kwargs.pop("grant", grant_of(attempt)), answers, **kwargs)
    assert stored(attempt) == before


def test_nothing_is_saved_from_the_moment_the_time_is_up(attempt: Attempt) -> None:
    save_answers(grant_of(attempt), [Answer(1, {}, 1)], at=attempt.closes_at - timedelta(microseconds=1))

    for late in (timedelta(0), timedelta(microseconds=1), timedelta(days=1)):
        refuses(attempt, AttemptClosed, [Answer(1, {}, 2, True)], at=attempt.closes_at + late)


def test_nothing_is_saved_after_handing_in(attempt: Attempt) -> None:
    hand_in(attempt, at=NOON)

    refuses(attempt, AttemptClosed, [Answer(1, {}, 2, True)], at=NOON)


def test_nothing_is_saved_in_an_attempt_that_does_not_exist(attempt: Attempt) -> None:
    refuses(attempt, AttemptClosed, [Answer(1, {}, 2)], at=NOON, grant=grant_of(attempt)._replace(attempt_id=999_999))


def test_a_grant_that_has_ended_saves_nothing_even_where_nothing_would_change(attempt: Attempt, ana: User) -> None:
    old = grant_of(attempt)
    save_answers(old, [Answer(1, {}, 2)], at=NOON)
    end_grants(ana)

    refuses(attempt, GrantEnded, [Answer(1, {}, 2)], at=NOON, grant=old)
    refuses(attempt, GrantEnded, [Answer(1, {}, 3)], at=NOON, grant=old)


# -- a whole form ---------------------------------------------------------------------------


def form(attempt: Attempt, **answers: dict) -> dict[int, dict]:
    """A form of all three questions as a browser sends it."""
    return {number: answers.get(f"q{number}", {}) for number in (1, 2, 3)}


def test_a_form_stores_what_was_filled_in_and_flagged(attempt: Attempt) -> None:
    newer = save_form(attempt, form(attempt, q1=pick(attempt, 2)), {3}, as_of=paper_sheet(attempt).as_of, at=LATER)

    assert newer == []
    assert stored(attempt) == [
        (1, pick(attempt, 2), milliseconds(LATER), False, LATER),
        (3, {}, milliseconds(LATER), True, LATER),
    ]


def test_a_form_writes_only_what_differs(attempt: Attempt) -> None:
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), milliseconds(NOON))], at=NOON)

    save_form(
        attempt,
        form(attempt, q1=pick(attempt, 0), q2=pick(attempt, 1, 2)),
        set(),
        as_of=paper_sheet(attempt).as_of,
        at=LATER,
    )

    assert [(row[0], row[4]) for row in stored(attempt)] == [(1, NOON), (2, LATER)]


def test_a_form_takes_answers_back(attempt: Attempt) -> None:
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), 1, True)], at=NOON)

    save_form(attempt, form(attempt), set(), as_of=paper_sheet(attempt).as_of, at=LATER)

    assert stored(attempt) == [(1, {}, milliseconds(LATER), False, LATER)]


def test_an_old_form_leaves_what_another_device_wrote_since(attempt: Attempt) -> None:
    shown = paper_sheet(attempt).as_of
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), milliseconds(LATER))], at=LATER)

    newer = save_form(
        attempt,
        form(attempt, q1=pick(attempt, 3), q2=pick(attempt, 1, 2)),
        set(),
        as_of=shown,
        at=LATER + timedelta(minutes=1),
    )

    assert newer == [1]
    assert [row[:2] for row in stored(attempt)] == [(1, pick(attempt, 0)), (2, pick(attempt, 1, 2))]


def test_a_form_outranks_the_sequences_it_was_shown_even_from_a_fast_clock(attempt: Attempt) -> None:
    ahead = milliseconds(NOON + timedelta(days=365))
    save_answers(grant_of(attempt), [Answer(1, pick(attempt, 0), ahead)], at=NOON)

    newer = save_form(attempt, form(attempt, q1=pick(attempt, 3)), set(), as_of=paper_sheet(attempt).as_of, at=LATER)

    assert newer == []
    assert stored(attempt) == [(1, pick(attempt, 3), ahead + 1, False, LATER)]


def test_one_bad_answer_refuses_the_whole_form(attempt: Attempt) -> None:
    with pytest.raises(AnswerRefused):
        save_form(
            attempt,
            form(attempt, q1=pick(attempt, 0), q2={"options": ["nowhere"]}),
            set(),
            as_of=paper_sheet(attempt).as_of,
            at=LATER,
        )

    assert stored(attempt) == []


def test_a_form_that_comes_too_late_is_refused_whole(attempt: Attempt) -> None:
    with pytest.raises(AttemptClosed):
        save_form(attempt, form(attempt, q1=pick(attempt, 0)), set(), as_of=0, at=attempt.closes_at)

    assert stored(attempt) == []
