"""Carrying a repair out, once, beside everything else that happens to marks; who is told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.domain import repairing
from exams.domain.marking import overrule_mark
from exams.domain.refusals import (
    RepairDecided,
    RepairRefused,
)
from exams.domain.repairing import (
    approve_repair,
    carry_out,
    revive_repairs,
)
from exams.enums import (
    AttemptState,
    MarkSource,
    ReleaseRule,
    RepairKind,
)
from exams.models import Attempt, Exam, PendingAnswer, RepairOutcome
from members.models import Message, User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.exams.domain.repairing.marks import ledger, scores
from tests.factories.exams import NOON, ROWS_WITH_SHORT_ANSWER, opened_attempt, published_exam, sat_attempt
from tests.factories.repairs import (
    AFTERWARDS,
    answered,
    asked_version,
    number_of,
    other_key,
    proposed,
    repaired,
)

pytestmark = pytest.mark.django_db


def test_it_is_carried_out_once(exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User) -> None:
    attempt = answered(exam, ana, {})
    repair = repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    again = carry_out(repair.pk, at=AFTERWARDS + timedelta(days=1))

    assert again is False
    assert len(ledger(attempt, version)) == 2
    with pytest.raises(RepairDecided):
        approve_repair(repair, by=flo, at=AFTERWARDS)


def test_the_figures_of_its_questions_are_ordered_when_it_is_done(
    exam: Exam,
    version: QuestionVersion,
    cleo: User,
    flo: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ordered: list[Exam] = []
    monkeypatch.setattr(repairing, "order_statistics_of", ordered.append)

    with django_capture_on_commit_callbacks(execute=True):
        repair = repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)
        carry_out(repair.pk, at=AFTERWARDS)

    assert ordered == [exam]


def test_whose_score_changed_gets_a_message_once_the_results_are_out(
    ana: User, dan: User, cleo: User, flo: User
) -> None:
    out = published_exam(ana, dan, by=cleo, release_rule=ReleaseRule.AT_ONCE)
    version = asked_version(out)
    held = published_exam(ana, by=cleo, blueprint=out.blueprint, release_rule=ReleaseRule.BY_HAND)
    for exam, person, given in ((out, ana, {}), (out, dan, {version.pk: version.key}), (held, ana, {})):
        answered(exam, person, given)

    repair = repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, reason="答案与文件不符")
    carry_out(repair.pk, at=AFTERWARDS + timedelta(days=1))

    told = Message.objects.values_list("person", "subject", "text", "link")
    assert list(told) == [
        (
            ana.pk,
            f"您的考试成绩有变化：{out.title}",
            "有一道试题的答案已勘误。理由：答案与文件不符",
            reverse("exam_intro", args=[out.uuid]),
        )
    ]


def test_a_lost_repair_is_taken_up_again(exam: Exam, version: QuestionVersion, cleo: User, flo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    approve_repair(repair, by=flo, at=AFTERWARDS)

    taken = [revive_repairs(at=AFTERWARDS + timedelta(minutes=minutes)) for minutes in (1, 3)]

    assert taken == [0, 1]


@pytest.mark.parametrize(("kind", "points"), [("correct_key", 0), ("credit_everybody", 10), ("drop_question", 10)])
def test_who_hands_in_later_is_marked_by_the_repair(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User, kind: str, points: int
) -> None:
    repaired(version, kind, by=cleo, second=flo, at=NOON)

    attempt = sat_attempt(exam, ana, at=NOON + timedelta(hours=1))

    assert ledger(attempt, version) == [(1, MarkSource.REPAIRED, points)]
    assert scores(attempt) == (90 + points,) * 3


def test_handing_in_asks_one_question_more_and_only_one(
    exam: Exam, ana: User, dan: User, cleo: User, flo: User
) -> None:
    plain = queries_of_hand_in(exam, ana)
    for place in range(3):
        repaired(asked_version(exam, place), RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, at=NOON)

    assert queries_of_hand_in(exam, dan) == plain


def queries_of_hand_in(exam: Exam, person: User) -> int:
    attempt = opened_attempt(exam, person)
    with CaptureQueriesContext(connection) as queries:
        from exams.domain.closing import hand_in

        hand_in(attempt, at=NOON + timedelta(minutes=1))
    return len(queries)


def test_what_was_overruled_by_hand_stays(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User
) -> None:
    attempt = answered(exam, ana, {})
    overrule_mark(attempt, number_of(attempt, version), points=Decimal(3), reason="申诉", by=cleo, at=NOON)

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    assert scores(attempt) == (3, 3, 3)
    assert not RepairOutcome.objects.exists()


def test_a_dropped_question_follows_what_is_overruled_afterwards(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User
) -> None:
    attempt = answered(exam, ana, {})
    repaired(version, RepairKind.DROP_QUESTION, by=cleo, second=flo)
    other = next(item.number for item in attempt.paper.rows() if item.version_id != version.pk)

    overrule_mark(attempt, other, points=Decimal(9), reason="申诉", by=cleo, at=AFTERWARDS)

    assert scores(attempt) == (10, 10, 10)
    assert ledger(attempt, version)[-1] == (2, MarkSource.REPAIRED, 1)


def test_repairs_upon_repairs(exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User) -> None:
    attempt = answered(exam, ana, {version.pk: other_key(version)})
    second = asked_version(exam, 9)

    repaired(version, RepairKind.DROP_QUESTION, by=cleo, second=flo)
    dropped = scores(attempt)
    repaired(second, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, at=AFTERWARDS + timedelta(hours=1))
    beside = scores(attempt)
    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo, at=AFTERWARDS + timedelta(hours=2))

    assert dropped == (0, 0, 0)
    # 10 of 90, raised to 100.
    assert beside == (Decimal("11.11"),) * 3
    assert scores(attempt) == (20, 20, 20)
    assert [points for _revision, _source, points in ledger(attempt, version)] == [0, Decimal("1.11"), 10]


def test_a_short_answer_that_waits_needs_no_marker_any_more(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    attempt = sat_attempt(exam, ana, right=2)
    short = QuestionVersion.objects.get(exposures__exam=exam, kind=Kind.SHORT)

    repaired(short, RepairKind.DROP_QUESTION, by=cleo, second=flo)

    fresh = Attempt.objects.get(pk=attempt.pk)
    assert (fresh.state, fresh.score, fresh.objective_score, fresh.subjective_score) == (
        AttemptState.MARKED,
        50,
        40,
        10,
    )
    assert not PendingAnswer.objects.exists()
    with pytest.raises(RepairRefused):
        proposed(short, RepairKind.CORRECT_KEY, by=cleo, new_key={"guide": "x"})


def test_a_paper_that_waits_for_another_answer_has_no_score_yet(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    attempt = sat_attempt(exam, ana, right=0)
    version = QuestionVersion.objects.filter(exposures__exam=exam, kind=Kind.SINGLE).first()

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    fresh = Attempt.objects.get(pk=attempt.pk)
    assert (fresh.state, fresh.score, fresh.objective_score) == (AttemptState.SUBMITTED, None, 20)


def test_only_the_chosen_exams_change(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo)
    other = published_exam(ana, by=cleo, blueprint=exam.blueprint)
    version = QuestionVersion.objects.filter(exposures__exam=exam).filter(exposures__exam=other).first()
    attempts = [answered(one, ana, {}) for one in (exam, other)]

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, exams=[exam])

    assert [scores(attempt)[0] for attempt in attempts] == [10, 0]
