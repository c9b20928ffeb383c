"""Repairing a wrong key: who proposes, who decides, what it changes for whom."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exams.domain.marking import overrule_mark
from exams.domain.refusals import (
    NotAllowed,
    OwnAttempt,
    ReasonMissing,
    RepairDecided,
    RepairOpen,
    RepairRefused,
    SamePerson,
)
from exams.domain.repair_preview import preview_repair, summary_of
from exams.domain.repairing import (
    approve_repair,
    carry_out,
    decline_repair,
    propose_repair,
    revive_repairs,
    withdraw_repair,
)
from exams.domain.rulings import shares
from exams.enums import AttemptState, MarkSource, MultipleRule, QuestionFate, RepairKind, RepairState
from exams.models import Attempt, Candidate, Exam, KeyRepair, Mark, PendingAnswer, RepairOutcome
from members.enums import Role
from members.models import Division, User
from question_bank.domain.publishing import publish_question
from question_bank.enums import Kind, RecheckReason
from question_bank.models import QuestionVersion
from tests.factories.exams import NOON, ROWS_WITH_SHORT_ANSWER, opened_attempt, published_exam, sat_attempt
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory
from tests.factories.repairs import (
    AFTERWARDS,
    answered,
    asked_version,
    number_of,
    other_key,
    proposed,
    repaired,
    second_administrator,
)
from tests.support import cast

pytestmark = pytest.mark.django_db

KINDS = list(RepairKind)


@pytest.fixture
def flo(county: Division) -> User:
    """A second exam administrator of the county."""
    return second_administrator(county)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    return published_exam(everybody.ana, everybody.dan, by=everybody.cleo)


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    """Ten choices, ten points each."""
    return deepcopy(_exam)


@pytest.fixture
def version(exam: Exam) -> QuestionVersion:
    """A single choice of everybody's paper."""
    return QuestionVersion.objects.filter(exposures__exam=exam, kind=Kind.SINGLE).order_by("pk")[0]


def ledger(attempt: Attempt, version: QuestionVersion) -> list[tuple[int, str, Decimal]]:
    marks = attempt.marks.filter(number=number_of(attempt, version)).order_by("revision")
    return list(marks.values_list("revision", "source", "points"))


def scores(attempt: Attempt) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Of attempt and candidate, and what the standing marks add up to."""
    fresh = Attempt.objects.select_related("candidate").get(pk=attempt.pk)
    points = list(fresh.marks.standing().values_list("points", flat=True))
    return fresh.score, fresh.candidate.score, sum(points, Decimal(0))


# -- what each kind does --------------------------------------------------------------------


def test_a_corrected_key_gives_the_points_to_those_who_were_right(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    right = answered(exam, ana, {version.pk: other_key(version)})
    wrong = answered(exam, dan, {version.pk: version.key})

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    assert (scores(right), scores(wrong)) == ((10, 10, 10), (0, 0, 0))
    assert ledger(right, version) == [(1, MarkSource.AUTOMATIC, 0), (2, MarkSource.REPAIRED, 10)]
    assert ledger(wrong, version) == [(1, MarkSource.AUTOMATIC, 10), (2, MarkSource.REPAIRED, 0)]
    mark = right.marks.get(source=MarkSource.REPAIRED)
    assert (mark.actor, mark.reason) == (flo, "答案与文件不符")


def test_credit_goes_to_everybody_who_was_asked_even_without_an_answer(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    blank, right = answered(exam, ana, {}), answered(exam, dan, {version.pk: version.key})

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    assert (scores(blank), scores(right)) == ((10, 10, 10), (10, 10, 10))
    # Who loses and gains nothing gets no mark: the ledger holds what changed.
    assert ledger(right, version) == [(1, MarkSource.AUTOMATIC, 10)]


def test_a_dropped_question_raises_the_rest_to_the_total(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User
) -> None:
    seven, all_right = sat_attempt(exam, ana, right=7), sat_attempt(exam, dan)
    number = number_of(seven, version)
    earned = seven.marks.get(number=number).points
    rest = Decimal(70) - earned

    repaired(version, RepairKind.DROP_QUESTION, by=cleo, second=flo)

    expected = (rest * 100 / 90).quantize(Decimal("0.01"))
    assert scores(seven) == (expected, expected, expected)
    assert scores(all_right) == (100, 100, 100)


@pytest.mark.parametrize(
    ("earned", "worth", "dropped", "expected"),
    [
        ("60", "90", ["10"], ["6.67"]),
        ("0", "90", ["10"], ["0"]),
        ("90", "90", ["10"], ["10"]),
        ("1", "3", ["1", "1"], ["0.33", "0.34"]),
        ("0", "0", ["10"], ["10"]),
    ],
)
def test_shares_of_dropped_questions_add_up_to_the_rounded_share(
    earned: str, worth: str, dropped: list[str], expected: list[str]
) -> None:
    given = shares(Decimal(earned), Decimal(worth), [Decimal(points) for points in dropped])

    assert given == [Decimal(points) for points in expected]


@pytest.mark.parametrize(
    ("rule", "points"),
    [(MultipleRule.ALL_OR_NOTHING, "0"), (MultipleRule.FIXED_SHARE, "5"), (MultipleRule.PROPORTIONAL, "3.33")],
)
def test_a_corrected_multiple_choice_follows_the_rule_for_incomplete_answers(
    ana: User, cleo: User, flo: User, rule: str, points: str
) -> None:
    exam = published_exam(
        ana,
        by=cleo,
        blueprint__plan=((Kind.MULTIPLE, 1, 10),),
        blueprint__multiple_rule=rule,
        blueprint__multiple_share_percent=50,
    )
    version = asked_version(exam)
    names = [option["id"] for option in version.shown["options"]]
    attempt = answered(exam, ana, {version.pk: {"options": [names[3]]}})

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo, new_key={"options": names[1:]})

    assert scores(attempt)[0] == Decimal(points)


def test_a_fill_in_question_accepts_what_was_left_out(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.FILL, 1, 10),))
    version = asked_version(exam)
    attempt = answered(exam, ana, {version.pk: {"blanks": ["六十日", version.key["blanks"][1][0]]}})
    first, second = version.key["blanks"]
    key = {"blanks": [[*first, "60日", "六十日"], second], "any_order": False}

    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo, new_key=key)

    assert scores(attempt) == (10, 10, 10)
    question = version.question
    question.refresh_from_db()
    assert (repair.question_fate, question.current_version.number, question.current_version.key) == (
        "corrected",
        2,
        key,
    )


@pytest.mark.parametrize("counting", ["best", "last", "first", "mean"])
def test_what_counts_of_several_attempts_follows_the_exams_rule(
    ana: User, cleo: User, flo: User, counting: str
) -> None:
    exam = published_exam(
        ana, by=cleo, attempts_allowed=2, counting_attempt=counting, blueprint__plan=((Kind.SINGLE, 2, 50),),
        fresh_days=0,
    )  # fmt: skip
    versions = list(QuestionVersion.objects.filter(exposures__exam=exam).order_by("pk"))
    keys = {version.pk: version.key for version in versions}
    first = answered(exam, ana, {versions[0].pk: other_key(versions[0])})
    second = answered(exam, ana, keys, at=NOON + timedelta(hours=1))

    repaired(versions[0], RepairKind.CORRECT_KEY, by=cleo, second=flo)

    assert (scores(first)[0], scores(second)[0]) == (50, 50)
    assert Candidate.objects.get(exam=exam).score == 50
    outcomes = {outcome.attempt_id: outcome for outcome in RepairOutcome.objects.all()}
    before = {"best": 100, "last": 100, "first": 0, "mean": 50}[counting]
    assert {outcome.old_counted for outcome in outcomes.values()} == {Decimal(before)}
    assert {outcome.new_counted for outcome in outcomes.values()} == {Decimal(50)}


# -- what is told beforehand ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_says_what_then_happens(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User, kind: str
) -> None:
    attempts = [sat_attempt(exam, ana, right=6), sat_attempt(exam, dan, right=7)]
    repair = proposed(version, kind, by=cleo)

    told = {row.attempt.pk: (row.new_score, row.new_counted, row.new_points) for row in preview_repair(repair)}
    approve_repair(repair, by=flo, at=AFTERWARDS)
    carry_out(repair.pk, at=AFTERWARDS)

    assert told == {
        attempt.pk: (
            scores(attempt)[0],
            scores(attempt)[1],
            attempt.marks.standing().get(number=number_of(attempt, version)).points,
        )
        for attempt in attempts
    }


def test_the_summary_counts_people_whose_pass_and_band_change(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User
) -> None:
    others = {v.pk: v.key for v in QuestionVersion.objects.filter(exposures__exam=exam).exclude(pk=version.pk)}
    five, eight = dict(list(others.items())[:5]), dict(list(others.items())[:8])
    answered(exam, ana, {**five, version.pk: other_key(version)})
    answered(exam, dan, {**eight, version.pk: version.key})

    summary = summary_of(preview_repair(proposed(version, RepairKind.CORRECT_KEY, by=cleo)))

    # 50 becomes 60: passed. 90 becomes 80: good instead of excellent.
    assert (summary.asked, summary.changed, summary.higher, summary.lower) == (2, 2, 1, 1)
    assert (summary.now_pass, summary.now_fail, summary.band_changed) == (1, 0, 2)


def test_a_preview_writes_nothing_and_asks_the_same_few_questions_of_one_and_of_many(
    ana: User, dan: User, cleo: User
) -> None:
    one, many = published_exam(ana, by=cleo), published_exam(ana, dan, *UserFactory.create_batch(3), by=cleo)
    counts = []
    for exam in (one, many):
        for candidate in exam.candidates.select_related("person"):
            sat_attempt(exam, candidate.person, right=5)
        repair = proposed(asked_version(exam), RepairKind.DROP_QUESTION, by=cleo, exams=[exam])
        with CaptureQueriesContext(connection) as queries:
            list(preview_repair(repair))
        counts.append(len(queries))
        withdraw_repair(repair, by=cleo, at=AFTERWARDS)

    assert counts[0] == counts[1]
    assert not Mark.objects.filter(source=MarkSource.REPAIRED).exists()


# -- two people -----------------------------------------------------------------------------


def test_nobody_decides_on_their_own_proposal(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(SamePerson):
        approve_repair(repair, by=cleo, at=AFTERWARDS)
    with pytest.raises(SamePerson):
        decline_repair(repair, by=cleo, at=AFTERWARDS)
    # And the database would not take it either.
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyRepair.objects.update(state=RepairState.APPROVED, decided_by=cleo, decided_at=AFTERWARDS)


def test_nobody_decides_about_an_exam_they_sat(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, county: Division
) -> None:
    sat_attempt(exam, ana)
    give_role(ana, Role.ADMINISTRATOR, county)
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(OwnAttempt):
        approve_repair(repair, by=User.objects.get(pk=ana.pk), at=AFTERWARDS)


def test_who_does_not_run_the_exam_neither_proposes_nor_decides(
    exam: Exam, version: QuestionVersion, ben: User, cleo: User, other_township: Division
) -> None:
    elsewhere = give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township)
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    for outsider in (ben, elsewhere):
        with pytest.raises(RepairRefused):
            proposed(version, RepairKind.CREDIT_EVERYBODY, by=outsider)
        with pytest.raises(NotAllowed):
            proposed(version, RepairKind.CREDIT_EVERYBODY, by=outsider, exams=[exam])
        with pytest.raises(NotAllowed):
            approve_repair(repair, by=outsider, at=AFTERWARDS)


def test_a_proposal_says_why_and_there_is_one_at_a_time(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    with pytest.raises(ReasonMissing):
        proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo, reason="  ")
    proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(RepairOpen):
        proposed(version, RepairKind.DROP_QUESTION, by=cleo)


@pytest.mark.parametrize(
    "key",
    [None, {}, {"options": []}, {"options": ["none"]}, {"options": "abcd"}, {"blanks": [["x"]], "any_order": False}],
)
def test_a_key_that_does_not_fit_is_refused(
    exam: Exam, version: QuestionVersion, cleo: User, key: dict[str, Any] | None
) -> None:
    with pytest.raises(RepairRefused):
        propose_repair(version, kind=RepairKind.CORRECT_KEY, new_key=key, reason="错", by=cleo, at=AFTERWARDS)


def test_the_key_that_holds_is_no_correction(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    with pytest.raises(RepairRefused):
        proposed(version, RepairKind.CORRECT_KEY, by=cleo, new_key=version.key)


def test_declined_and_withdrawn_repairs_change_nothing_and_make_room(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User
) -> None:
    attempt = sat_attempt(exam, ana, right=5)
    declined = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    decline_repair(declined, by=flo, at=AFTERWARDS)
    withdrawn = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    with pytest.raises(NotAllowed):
        withdraw_repair(withdrawn, by=flo, at=AFTERWARDS)
    withdraw_repair(withdrawn, by=cleo, at=AFTERWARDS)

    assert [carry_out(repair.pk, at=AFTERWARDS) for repair in (declined, withdrawn)] == [False, False]
    assert scores(attempt) == (50, 50, 50)
    with pytest.raises(RepairDecided):
        approve_repair(declined, by=flo, at=AFTERWARDS)


def test_it_is_carried_out_once(exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User) -> None:
    attempt = answered(exam, ana, {})
    repair = repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo)

    again = carry_out(repair.pk, at=AFTERWARDS + timedelta(days=1))

    assert again is False
    assert len(ledger(attempt, version)) == 2
    with pytest.raises(RepairDecided):
        approve_repair(repair, by=flo, at=AFTERWARDS)


def test_a_lost_repair_is_taken_up_again(exam: Exam, version: QuestionVersion, cleo: User, flo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    approve_repair(repair, by=flo, at=AFTERWARDS)

    taken = [revive_repairs(at=AFTERWARDS + timedelta(minutes=minutes)) for minutes in (1, 3)]

    assert taken == [0, 1]


# -- with everything else that happens to marks ----------------------------------------------


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


# -- the question ---------------------------------------------------------------------------


def test_the_question_is_corrected_as_a_new_version(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User
) -> None:
    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    question = version.question
    question.refresh_from_db()
    (place,) = [place for place, row in enumerate(version.shown["options"]) if row["id"] in repair.new_key["options"]]
    assert repair.question_fate == QuestionFate.CORRECTED
    assert (question.live, question.current_version.number) == (True, 2)
    assert [option.is_right for option in question.options.all()] == [row == place for row in range(4)]
    assert not question.rechecks.exists()


def test_a_question_that_was_edited_meanwhile_is_left_alone_and_checked_again(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User
) -> None:
    question = version.question
    question.explanation = "另有说明。"
    question.save()
    publish_question(question, by=flo, at=AFTERWARDS)

    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    question.refresh_from_db()
    assert repair.question_fate == QuestionFate.RECHECK
    assert question.current_version.number == 2
    assert [(row.reason, "答案与文件不符" in row.note) for row in question.rechecks.all()] == [
        (RecheckReason.REPORTED, True)
    ]


@pytest.mark.parametrize("kind", ["credit_everybody", "drop_question"])
def test_a_question_without_a_right_answer_is_asked_no_more(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User, kind: str
) -> None:
    repair = repaired(version, kind, by=cleo, second=flo)

    version.question.refresh_from_db()
    assert repair.question_fate == QuestionFate.RETIRED
    assert not version.question.live
    assert version.question.rechecks.open().count() == 1


def test_a_true_or_false_statement_is_turned_round(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.TRUE_FALSE, 1, 10),))
    version = asked_version(exam)

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    version.question.refresh_from_db()
    assert version.question.statement_is_true is False


def test_questions_that_nobody_was_asked_are_edited_not_repaired(cleo: User) -> None:
    question = QuestionFactory.create()
    version = publish_question(question, by=cleo, at=NOON)

    with pytest.raises(RepairRefused):
        proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
