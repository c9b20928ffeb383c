"""What exams give to an appraisal: which count, how several become one figure, what absence means."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.evidence import Finding, Inquiry, Post, sources
from exams.domain.evidence import ExamSettings, ExamSource
from exams.enums import AttemptState, ReleaseRule
from exams.models import Attempt, Candidate, Exam
from members.models import Division, User
from question_bank.enums import Kind
from tests.factories.exams import NOON, opened_attempt, published_exam, sat_attempt

pytestmark = pytest.mark.django_db

ONE_OF_TEN = ((Kind.SINGLE, 10, 10),)
AFTER = NOON + timedelta(days=10)
DEFAULTS = {"exams": [], "several": "mean", "absence": "zero", "retakes": "better"}


def inquiry(county: Division, *people: User, **settings: Any) -> Inquiry:
    post = Post(1, "530999101201", "member", "civil_servant", date(2026, 4, 1), date(2026, 6, 30))
    return Inquiry(
        division=county.code,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        cutoff=AFTER,
        people={person.pk: [post] for person in people},
        settings={**DEFAULTS, **settings},
    )


def exam_of(*people: User, county: Division, scores: Mapping[User, int | None], **fields: Any) -> Exam:
    exam = published_exam(*people, division=county, blueprint__plan=ONE_OF_TEN, fresh_days=0, **fields)
    for person, score in scores.items():
        Candidate.objects.filter(exam=exam, person=person).update(score=score, attempts_used=0 if score is None else 1)
    return exam


def found(county: Division, person: User, **settings: Any) -> Finding:
    return ExamSource().find(inquiry(county, person, **settings))[person.pk]


def test_exams_are_a_source_of_the_appraisal() -> None:
    assert isinstance(sources()["exams"], ExamSource)


@pytest.mark.parametrize(("several", "percent"), [("mean", "65.0000"), ("best", "90.0000"), ("all", "65.0000")])
def test_several_exams_become_one_figure(county: Division, ana: User, several: str, percent: str) -> None:
    exam_of(ana, county=county, scores={ana: 90})
    exam_of(ana, county=county, scores={ana: 40})

    assert found(county, ana, several=several).percent == Decimal(percent)


def test_all_points_together_weigh_exams_by_their_points(county: Division, ana: User) -> None:
    exam_of(ana, county=county, scores={ana: 90})
    small = exam_of(ana, county=county, scores={ana: 10})
    Exam.objects.filter(pk=small.pk).update(total_points=50)

    assert found(county, ana, several="all").percent == Decimal("66.6667")
    assert found(county, ana, several="mean").percent == Decimal("55.0000")


def test_absence_is_worth_nothing_or_is_left_out(county: Division, ana: User) -> None:
    exam_of(ana, county=county, scores={ana: 90})
    exam_of(ana, county=county, scores={ana: None})

    zero, left_out = found(county, ana), found(county, ana, absence="leave_out")

    assert (zero.percent, left_out.percent) == (Decimal(45), Decimal(90))
    assert zero.counts == left_out.counts == {"absent": 1, "failed": 1}


def test_who_was_in_no_exam_has_no_finding(county: Division, ana: User, dan: User) -> None:
    exam_of(ana, county=county, scores={ana: 90})

    assert set(ExamSource().find(inquiry(county, ana, dan))) == {ana.pk}


@pytest.mark.parametrize(
    ("first", "again", "retakes", "percent"),
    [
        (40, 70, "better", 70),
        (70, 40, "better", 70),
        (None, 50, "better", 50),
        (40, 70, "ignore", 40),
        (0, 0, "better", 0),
    ],
)
def test_a_retake_counts_where_it_is_better(
    county: Division, ana: User, first: int | None, again: int, retakes: str, percent: int
) -> None:
    exam = exam_of(ana, county=county, scores={ana: first})
    exam_of(ana, county=county, scores={ana: again}, retake_of=exam)

    assert found(county, ana, retakes=retakes).percent == Decimal(percent)


def test_only_chosen_exams_count_and_their_retakes(county: Division, ana: User) -> None:
    chosen = exam_of(ana, county=county, scores={ana: 50})
    exam_of(ana, county=county, scores={ana: 100}, retake_of=chosen)
    exam_of(ana, county=county, scores={ana: 0})

    finding = found(county, ana, exams=[str(chosen.uuid)])

    assert (finding.percent, len(finding.pieces)) == (Decimal(100), 2)


def test_exams_of_other_quarters_do_not_count(county: Division, ana: User) -> None:
    exam_of(ana, county=county, scores={ana: 90})
    other = exam_of(ana, county=county, scores={ana: 10})
    Exam.objects.filter(pk=other.pk).update(opens_at=NOON - timedelta(days=90), closes_at=NOON - timedelta(days=80))

    assert found(county, ana).percent == Decimal(90)


def test_an_answer_that_waits_for_a_marker_keeps_the_quarter_waiting(county: Division, ana: User) -> None:
    exam = exam_of(ana, county=county, scores={})
    Candidate.objects.filter(exam=exam).update(attempts_used=1, score=None)

    assert found(county, ana).waiting == "考试中有答案待阅。"


def test_what_is_overdue_is_closed_before_it_is_read(county: Division, ana: User) -> None:
    exam = published_exam(ana, division=county, blueprint__plan=ONE_OF_TEN)
    attempt = opened_attempt(exam, ana)

    ExamSource().settle(inquiry(county, ana))

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.MARKED
    assert found(county, ana).percent == Decimal(0)


def test_a_running_or_unreleased_exam_is_a_problem_and_gives_no_figure(county: Division, ana: User) -> None:
    running = exam_of(ana, county=county, scores={ana: 90})
    Exam.objects.filter(pk=running.pk).update(closes_at=AFTER + timedelta(days=1))
    hidden = exam_of(ana, county=county, scores={ana: 50}, release_rule=ReleaseRule.BY_HAND)

    assert list(ExamSource().problems(inquiry(county, ana))) == [
        f"考试“{hidden.title}”的成绩尚未公布。",
        f"考试“{running.title}”尚未结束。",
    ]
    assert found(county, ana).percent == Decimal(50)


def test_a_piece_leads_to_the_attempt_that_counts(county: Division, ana: User) -> None:
    exam = published_exam(ana, division=county, blueprint__plan=ONE_OF_TEN)
    attempt = sat_attempt(exam, ana)

    (piece,) = found(county, ana).pieces

    assert piece.ref == f"exams:{Attempt.objects.get().uuid}"
    assert ExamSource().link(piece.ref) == f"/attempts/{attempt.uuid}/"
    assert str(attempt.uuid) in ExamSource().office_link(piece.ref)


def test_the_number_of_people_does_not_change_the_number_of_queries(
    county: Division, ana: User, dan: User, django_assert_num_queries: Any
) -> None:
    exam_of(ana, dan, county=county, scores={ana: 90, dan: 60})

    for people in ([ana], [ana, dan]):
        asked = inquiry(county, *people)
        with django_assert_num_queries(3):
            ExamSource().find(asked)


def test_settings_offer_the_exams_of_the_quarter(county: Division, ana: User) -> None:
    exam = exam_of(ana, county=county, scores={ana: 90})
    span = {"division": county.code, "starts_on": date(2026, 4, 1), "ends_on": date(2026, 6, 30)}

    right = ExamSettings({**DEFAULTS, "exams": [str(exam.uuid)]}, **span)
    wrong = ExamSettings({**DEFAULTS, "exams": ["x"], "several": "worst"}, **span)

    assert (right.is_valid(), wrong.is_valid()) == (True, False)
    assert set(wrong.errors) == {"exams", "several"}
