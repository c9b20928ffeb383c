from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from exams.domain.marking import CLAIM, claim_next_answer, counting_score, give_mark, overrule_mark
from exams.domain.refusals import AlreadyMarked, MarkRefused, NotAllowed, OwnAttempt, ReasonMissing
from exams.enums import AttemptState, CountingAttempt, MarkSource
from exams.models import Attempt, Exam, Mark, PendingAnswer
from exams.models.mark import MarkIsFinal
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import NOON, ROWS_WITH_SHORT_ANSWER, opened_attempt, published_exam, sat_attempt
from tests.factories.members import UserFactory, give_role
from tests.support import cast

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    return published_exam(everybody.ana, everybody.dan, by=everybody.cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    """Four single choices of 20 points and a short answer of 20."""
    return deepcopy(_exam)


@pytest.fixture
def written(exam: Exam, ana: User) -> Attempt:
    """80 points, and a short answer waits."""
    return sat_attempt(exam, ana)


@pytest.fixture
def emma(county: Division) -> User:
    return give_role(UserFactory(username="emma"), Role.TRAINER, county)


def ledger(attempt: Attempt, number: int) -> list[tuple]:
    rows = Mark.objects.filter(attempt=attempt, number=number).order_by("revision")
    return list(rows.values_list("revision", "source", "points", "actor", "reason", "marked_at"))


def result(attempt: Attempt) -> tuple:
    fresh = Attempt.objects.select_related("candidate").get(pk=attempt.pk)
    return fresh.state, fresh.score, fresh.objective_score, fresh.subjective_score, fresh.candidate.score


# -- claiming -------------------------------------------------------------------------------


def test_a_claim_gives_one_answer_for_ten_minutes(exam: Exam, written: Attempt, ben: User) -> None:
    pending = claim_next_answer(exam, by=ben, at=LATER)

    assert pending is not None
    assert (pending.attempt_id, pending.number) == (written.pk, 5)
    assert (pending.claimed_by, pending.claimed_until) == (ben, LATER + CLAIM)


def test_a_claim_is_renewed_and_nobody_else_gets_it_meanwhile(
    exam: Exam, written: Attempt, ben: User, emma: User
) -> None:
    first = claim_next_answer(exam, by=ben, at=LATER)
    again = claim_next_answer(exam, by=ben, at=LATER + timedelta(minutes=9))

    assert again == first
    assert claim_next_answer(exam, by=emma, at=LATER + timedelta(minutes=15)) is None
    assert claim_next_answer(exam, by=emma, at=LATER + timedelta(minutes=19)) == first


def test_two_markers_get_two_answers(exam: Exam, written: Attempt, ben: User, emma: User, dan: User) -> None:
    sat_attempt(exam, dan)

    held = [claim_next_answer(exam, by=marker, at=LATER) for marker in (ben, emma)]

    assert {pending.attempt.candidate.person for pending in held if pending} == {
        *User.objects.filter(candidacies__exam=exam)
    }


def test_nobody_gets_their_own_answer_to_mark(exam: Exam, written: Attempt, ana: User, county: Division) -> None:
    give_role(ana, Role.TRAINER, county)

    assert claim_next_answer(exam, by=ana, at=LATER) is None


def test_answers_of_another_exam_are_not_given(exam: Exam, written: Attempt, ana: User, ben: User, cleo: User) -> None:
    other = published_exam(ana, by=cleo)

    assert claim_next_answer(other, by=ben, at=LATER) is None


@pytest.mark.parametrize("role", [Role.MEMBER, Role.INSPECTOR, Role.AUDITOR])
def test_only_trainers_and_administrators_mark(exam: Exam, written: Attempt, county: Division, role: Role) -> None:
    with pytest.raises(NotAllowed):
        claim_next_answer(exam, by=give_role(UserFactory(), role, county), at=LATER)


def test_a_trainer_of_a_township_does_not_mark_for_the_county(exam: Exam, written: Attempt, township: Division) -> None:
    with pytest.raises(NotAllowed):
        claim_next_answer(exam, by=give_role(UserFactory(), Role.TRAINER, township), at=LATER)


# -- giving ---------------------------------------------------------------------------------


def mark(exam: Exam, by: User, points: str, **kwargs: Any) -> Mark:
    pending = claim_next_answer(exam, by=by, at=LATER)
    assert pending is not None
    return give_mark(pending, points=Decimal(points), by=by, at=LATER, **kwargs)


def test_the_last_mark_settles_attempt_and_candidate(exam: Exam, written: Attempt, ben: User) -> None:
    mark(exam, ben, "13.5", reason=" 要点二不全 ")

    assert ledger(written, 5) == [(1, MarkSource.MARKER, Decimal("13.5"), ben.pk, "要点二不全", LATER)]
    assert result(written) == (AttemptState.MARKED, Decimal("93.5"), 80, Decimal("13.5"), Decimal("93.5"))
    assert not PendingAnswer.objects.exists()


def test_a_score_waits_for_the_last_of_several_answers(ana: User, cleo: User, ben: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=(("short", 2, 50),))
    attempt = sat_attempt(exam, ana)

    mark(exam, ben, "20")
    half = result(attempt)
    mark(exam, ben, "30")

    assert half == (AttemptState.SUBMITTED, None, 0, None, None)
    assert result(attempt) == (AttemptState.MARKED, 50, 0, 50, 50)


@pytest.mark.parametrize("points", ["-1", "-0.01", "20.01", "21", "0.001", "NaN", "Infinity", "-Infinity", "1E+9"])
def test_points_outside_the_question_are_refused(exam: Exam, written: Attempt, ben: User, points: str) -> None:
    with pytest.raises(MarkRefused):
        mark(exam, ben, points)

    assert ledger(written, 5) == []
    assert PendingAnswer.objects.get().claimed_by == ben


@pytest.mark.parametrize("points", ["0", "0.01", "20", "2E+1"])
def test_points_within_the_question_are_taken(exam: Exam, written: Attempt, ben: User, points: str) -> None:
    assert mark(exam, ben, points).points == Decimal(points)


def test_an_answer_is_not_marked_twice(exam: Exam, written: Attempt, ben: User) -> None:
    pending = claim_next_answer(exam, by=ben, at=LATER)
    give_mark(pending, points=Decimal(5), by=ben, at=LATER)

    with pytest.raises(AlreadyMarked):
        give_mark(pending, points=Decimal(20), by=ben, at=LATER)
    assert result(written)[1] == 85


def test_whoever_lost_the_claim_is_told_so(exam: Exam, written: Attempt, ben: User, emma: User) -> None:
    pending = claim_next_answer(exam, by=ben, at=LATER)
    claim_next_answer(exam, by=emma, at=LATER + CLAIM)

    with pytest.raises(AlreadyMarked):
        give_mark(pending, points=Decimal(20), by=ben, at=LATER + CLAIM)
    assert ledger(written, 5) == []


def test_an_answer_that_was_not_claimed_cannot_be_marked(exam: Exam, written: Attempt, ben: User) -> None:
    with pytest.raises(AlreadyMarked):
        give_mark(PendingAnswer.objects.get(), points=Decimal(20), by=ben, at=LATER)


def test_a_claim_does_not_outlive_the_right_to_mark(exam: Exam, written: Attempt, ben: User) -> None:
    pending = claim_next_answer(exam, by=ben, at=LATER)
    ben.role_assignments.all().delete()

    with pytest.raises(NotAllowed):
        give_mark(pending, points=Decimal(20), by=User.objects.get(pk=ben.pk), at=LATER)


# -- overruling -----------------------------------------------------------------------------


def overrule(attempt: Attempt, number: int, points: str, by: User, reason: str = "题目有误") -> Mark:
    return overrule_mark(attempt, number, points=Decimal(points), reason=reason, by=by, at=LATER)


def test_an_overruled_mark_stays_in_the_ledger_and_totals_follow(
    exam: Exam, written: Attempt, ben: User, cleo: User
) -> None:
    mark(exam, ben, "10")

    overrule(written, 1, "0", cleo, reason="  选项印错 ")
    overrule(written, 5, "18", cleo)

    assert ledger(written, 1) == [
        (1, MarkSource.AUTOMATIC, 20, None, "", NOON + timedelta(minutes=10)),
        (2, MarkSource.OVERRULED, 0, cleo.pk, "选项印错", LATER),
    ]
    assert [row[2] for row in ledger(written, 5)] == [10, 18]
    assert result(written) == (AttemptState.MARKED, 78, 60, 18, 78)
    assert sum(written.marks.standing().values_list("points", flat=True)) == 78


def test_overruling_is_logged(written: Attempt, cleo: User, exam: Exam) -> None:
    overrule(written, 1, "5.5", cleo)

    entry = ModelLogEntry.objects.get(action="exams.overrule_mark")
    assert (entry.object_id, entry.user, entry.timestamp) == (str(exam.pk), cleo, LATER)
    assert entry.data == {"attempt": str(written.uuid), "number": 1, "points": "5.5", "reason": "题目有误"}


def test_overruling_while_an_answer_waits_leaves_the_score_open(written: Attempt, cleo: User) -> None:
    overrule(written, 1, "0", cleo)

    assert result(written) == (AttemptState.SUBMITTED, None, 60, None, None)


@pytest.mark.parametrize(
    ("number", "points", "reason", "refusal"),
    [
        (1, "5", "", ReasonMissing),
        (1, "5", " \n\t", ReasonMissing),
        (0, "5", "why", MarkRefused),
        (6, "5", "why", MarkRefused),
        (1, "20.5", "why", MarkRefused),
        (1, "-1", "why", MarkRefused),
        (1, "NaN", "why", MarkRefused),
        (5, "5", "why", MarkRefused),  # has no mark yet
    ],
)
def test_an_overruling_that_makes_no_sense_is_refused(
    written: Attempt, cleo: User, number: int, points: str, reason: str, refusal: type[Exception]
) -> None:
    before = (Mark.objects.count(), result(written))

    with pytest.raises(refusal):
        overrule(written, number, points, cleo, reason)
    assert (Mark.objects.count(), result(written)) == before


def test_an_open_attempt_has_nothing_to_overrule(exam: Exam, ana: User, cleo: User) -> None:
    with pytest.raises(MarkRefused):
        overrule(opened_attempt(exam, ana), 1, "5", cleo)


def test_a_trainer_marks_but_does_not_overrule(written: Attempt, ben: User) -> None:
    with pytest.raises(NotAllowed):
        overrule(written, 1, "5", ben)


def test_an_administrator_of_a_township_does_not_overrule_for_the_county(written: Attempt, township: Division) -> None:
    with pytest.raises(NotAllowed):
        overrule(written, 1, "5", give_role(UserFactory(), Role.ADMINISTRATOR, township))


def test_nobody_overrules_their_own_marks(written: Attempt, ana: User, county: Division) -> None:
    give_role(ana, Role.ADMINISTRATOR, county)

    with pytest.raises(OwnAttempt):
        overrule(written, 1, "20", ana)


# -- the ledger only grows ------------------------------------------------------------------


def test_a_mark_is_never_changed_or_deleted(written: Attempt) -> None:
    first = written.marks.get(number=1)

    first.points = Decimal(1)
    with pytest.raises(MarkIsFinal):
        first.save()
    with pytest.raises(MarkIsFinal):
        first.delete()
    assert written.marks.get(number=1).points == 20


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": Decimal(-1)},
        {"source": MarkSource.OVERRULED, "reason": "", "revision": 2},
        {"source": MarkSource.MARKER, "actor": None},
        {"revision": 1, "number": 1},
    ],
)
def test_the_database_refuses_marks_that_cannot_be(written: Attempt, cleo: User, wrong: dict) -> None:
    fields = {
        "number": 5,
        "points": 1,
        "source": MarkSource.AUTOMATIC,
        "actor": cleo,
        "marked_at": LATER,
        "reason": "x",
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(attempt=written, **(fields | wrong))


# -- which attempt counts -------------------------------------------------------------------

scores = st.lists(st.decimals(0, 100, places=2), max_size=9)


@pytest.mark.parametrize(
    ("rule", "of", "counts"),
    [
        ("best", ["60", "90", "75"], "90"),
        ("last", ["60", "90", "75"], "75"),
        ("first", ["60", "90", "75"], "60"),
        ("mean", ["60", "90", "75"], "75"),
        ("mean", ["60", "90.5", "75"], "75.17"),
        ("mean", ["0.01", "0"], "0.01"),
        ("mean", ["33.33", "33.34"], "33.34"),
        ("best", ["0"], "0"),
    ],
)
def test_what_counts_of_several_attempts(rule: str, of: list[str], counts: str) -> None:
    assert counting_score(CountingAttempt(rule), map(Decimal, of)) == Decimal(counts)


@given(rule=st.sampled_from(CountingAttempt), of=scores)
def test_what_counts_lies_between_the_worst_and_the_best(rule: CountingAttempt, of: list[Decimal]) -> None:
    counted = counting_score(rule, of)

    assert counted is None if not of else min(of) <= counted <= max(of)


@pytest.mark.parametrize(("rule", "counts"), [("best", 90), ("last", 70), ("first", 60), ("mean", Decimal("73.33"))])
def test_the_rule_of_the_exam_decides_the_score_of_its_candidates(
    ana: User, cleo: User, rule: str, counts: Decimal
) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=3, counting_attempt=rule)

    for hour, right in enumerate((6, 9, 7)):
        sat_attempt(exam, ana, right=right, at=NOON + timedelta(hours=hour))

    assert exam.candidates.get().score == counts


def test_an_attempt_that_waits_for_a_marker_does_not_count_yet(ana: User, cleo: User, ben: User) -> None:
    exam = published_exam(
        ana, by=cleo, attempts_allowed=2, counting_attempt="last", blueprint__plan=ROWS_WITH_SHORT_ANSWER
    )
    first, second = sat_attempt(exam, ana, text=""), sat_attempt(exam, ana, at=LATER)
    waiting = exam.candidates.get().score
    mark(exam, ben, "20")

    assert waiting == 80
    assert exam.candidates.get().score == 100
    assert first.state == AttemptState.MARKED != second.state
