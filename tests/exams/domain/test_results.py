from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.marking import claim_next_answer, give_mark, overrule_mark
from exams.domain.results import ReviewRow, result_of
from exams.domain.saving import save_answers
from exams.domain.steering import close_exam, release_results
from exams.enums import Band, ReleaseRule
from exams.models import Attempt, Exam
from exams.rules import may_see_result
from members.models import User
from question_bank.models import QuestionVersion
from tests.factories.exams import EVENING, NOON, opened_attempt, published_exam, right_answers, sat_attempt

pytestmark = pytest.mark.django_db

AFTER = EVENING + timedelta(minutes=1)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("candidate__exam", "paper").get(pk=attempt.pk)


def locked(attempt: Attempt, **more: Any) -> dict[str, Any]:
    """The whole of a result that is not out."""
    return {
        "receipt": attempt.receipt,
        "minutes_used": 10,
        "page_leaves": 0,
        "total": Decimal(100),
        "released": False,
        "waiting_for_marker": False,
        "score": None,
        "band": None,
        "passed": None,
        "right_count": 0,
        "rows": [],
        "changes": [],
        "_margin": None,
        **more,
    }


@pytest.mark.parametrize("rule", [ReleaseRule.AFTER_CLOSE, ReleaseRule.BY_HAND])
def test_before_release_a_result_holds_nothing_but_that_it_was_handed_in(ana: User, cleo: User, rule: str) -> None:
    attempt = sat_attempt(published_exam(ana, by=cleo, release_rule=rule), ana)

    before = asdict(result_of(fresh(attempt), at=EVENING - timedelta(microseconds=1)))

    assert before.pop("released_when")
    assert before == locked(attempt)
    assert result_of(fresh(attempt), at=NOON).pass_margin is None


@pytest.mark.parametrize(
    ("rule", "at", "is_out"),
    [
        (ReleaseRule.AT_ONCE, NOON + timedelta(minutes=10), True),
        (ReleaseRule.AFTER_CLOSE, EVENING - timedelta(microseconds=1), False),
        (ReleaseRule.AFTER_CLOSE, EVENING, True),
        (ReleaseRule.BY_HAND, EVENING, False),
        (ReleaseRule.BY_HAND, EVENING + timedelta(days=365), False),
    ],
)
def test_results_are_out_when_the_rule_of_the_exam_says(
    ana: User, cleo: User, rule: str, at: datetime, is_out: bool
) -> None:
    attempt = fresh(sat_attempt(published_exam(ana, by=cleo, release_rule=rule), ana))

    assert may_see_result(attempt, at=at) is is_out
    assert result_of(attempt, at=at).released is is_out


def test_nobody_sees_the_result_of_an_open_attempt(ana: User, cleo: User) -> None:
    attempt = opened_attempt(published_exam(ana, by=cleo, release_rule=ReleaseRule.AT_ONCE), ana)

    assert not may_see_result(fresh(attempt), at=AFTER)


def test_closing_early_puts_results_out_when_the_rule_is_after_closing(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo)
    attempt = sat_attempt(exam, ana)

    close_exam(exam, by=cleo, at=NOON + timedelta(hours=1))

    assert result_of(fresh(attempt), at=NOON + timedelta(hours=1)).released


def test_the_office_releases_by_hand(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, release_rule=ReleaseRule.BY_HAND)
    attempt = sat_attempt(exam, ana)

    release_results(exam, by=cleo, at=AFTER)

    assert not result_of(fresh(attempt), at=AFTER - timedelta(seconds=1)).released
    assert result_of(fresh(attempt), at=AFTER).released


@pytest.mark.parametrize(
    ("right", "score", "band", "passed", "margin"),
    [
        (10, 100, Band.EXCELLENT, True, 40),
        (9, 90, Band.EXCELLENT, True, 30),
        (8, 80, Band.GOOD, True, 20),
        (6, 60, Band.PASS, True, 0),
        (5, 50, Band.FAIL, False, -10),
        (0, 0, Band.FAIL, False, -60),
    ],
)
def test_a_released_result_says_score_band_and_whether_it_was_passed(
    ana: User, cleo: User, right: int, score: int, band: Band, passed: bool, margin: int
) -> None:
    attempt = sat_attempt(published_exam(ana, by=cleo), ana, right=right)

    result = result_of(fresh(attempt), at=AFTER)

    assert (result.score, result.band, result.passed, result.pass_margin, result.right_count) == (
        score,
        band,
        passed,
        margin,
        right,
    )


@pytest.fixture
def all_kinds(ana: User, cleo: User) -> Exam:
    kinds = ("single", "multiple", "true_false", "fill", "short")
    return published_exam(ana, by=cleo, blueprint__plan=tuple((kind, 1, 20) for kind in kinds))


def test_a_review_shows_what_was_given_expected_and_why(all_kinds: Exam, ana: User) -> None:
    attempt = opened_attempt(all_kinds, ana)
    answers = {answer.number: answer for answer in right_answers(attempt)}
    versions = QuestionVersion.objects.in_bulk()
    items = {item.number: versions[item.version_id] for item in attempt.paper.rows()}
    wrong = next(option["id"] for option in items[1].shown["options"] if option["id"] not in items[1].key["options"])
    partial = {"options": items[2].key["options"][:1]}
    sent = [
        Answer(1, {"options": [wrong]}, 1, True),
        Answer(2, partial, 1),
        answers[4],
        Answer(5, {"text": "我的回答"}, 1),
    ]
    save_answers(grant_of(attempt), sent, at=NOON)
    attempt = hand_in(attempt, at=NOON + timedelta(minutes=10))

    rows = result_of(fresh(attempt), at=AFTER).rows

    assert [(row.kind, row.verdict, row.earned, row.flagged) for row in rows] == [
        ("single", "wrong", 0, True),
        ("multiple", "partial", 8, False),
        ("true_false", "unanswered", 0, False),
        ("fill", "right", 20, False),
        ("short", "waiting", None, False),
    ]
    assert [len(row.given) for row in rows] == [1, 1, 0, 2, 1]
    assert [len(row.expected) for row in rows] == [1, 2, 1, 2, 1]
    assert rows[2].expected == ["对"]
    assert rows[3].given == ["答案0", "答案1"]
    assert rows[3].expected == ["答案0", "答案1"]
    assert rows[4].given == ["我的回答"]
    assert rows[4].expected == ["答出要点一得2分，答出要点二得3分。"]
    for row in rows:
        version = items[row.number]
        assert (row.stem, row.explanation, row.basis, row.points) == (
            version.shown["stem"],
            "依据条文。",
            "某办法第一条",
            20,
        )
        assert isinstance(row, ReviewRow)


def test_options_are_named_by_the_letters_this_candidate_saw(all_kinds: Exam, ana: User) -> None:
    attempt = sat_attempt(all_kinds, ana)

    rows = result_of(fresh(attempt), at=AFTER).rows

    versions = QuestionVersion.objects.in_bulk()
    for item, row in list(zip(attempt.paper.rows(), rows, strict=True))[:2]:
        version = versions[item.version_id]
        shown = [version.shown["options"][place] for place in item.order]
        named = [f"{'ABCD'[place]} {each['text']}" for place, each in enumerate(shown)]
        right = [named[place] for place, each in enumerate(shown) if each["id"] in version.key["options"]]
        assert row.given == row.expected == right


def test_a_result_that_waits_for_a_marker_says_so_and_fills_in_later(
    all_kinds: Exam, ana: User, ben: User, cleo: User
) -> None:
    attempt = sat_attempt(all_kinds, ana)
    before = result_of(fresh(attempt), at=AFTER)
    pending = claim_next_answer(all_kinds, by=ben, at=AFTER)
    give_mark(pending, points=Decimal(7), by=ben, at=AFTER)
    overrule_mark(attempt, 1, points=Decimal(0), reason="题目有误", by=cleo, at=AFTER)

    after = result_of(fresh(attempt), at=AFTER)

    assert (before.waiting_for_marker, before.score, before.band, before.passed) == (True, None, None, None)
    assert (after.waiting_for_marker, after.score, after.band, after.passed) == (False, 67, Band.PASS, True)
    assert [row.earned for row in after.rows] == [0, 20, 20, 20, 7]


def test_a_review_takes_five_queries_however_long_the_paper(
    ana: User, cleo: User, django_assert_max_num_queries: Any
) -> None:
    for count in (1, 3):
        exam = published_exam(ana, by=cleo, blueprint__plan=(("single", count, 10),))
        attempt = fresh(sat_attempt(exam, ana))
        with django_assert_max_num_queries(5):
            assert len(result_of(attempt, at=AFTER).rows) == count
