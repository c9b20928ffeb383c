"""Figures from answers that were really given, saved, marked and closed."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from statistics import stdev
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from exams.domain.marking import overrule_mark
from exams.domain.statistics import Computed, compute_statistics, evidence
from exams.domain.statistics.evidence import without_evidence
from exams.models import Attempt, Exam, ExamStatistics, ItemStatistics
from question_bank.enums import Kind, RecheckReason
from question_bank.models import Question, QuestionVersion, Recheck
from tests.factories.exams import NOON, BlueprintFactory, ExamFactory, opened_attempt, publish, stock_bank
from tests.support import cast
from tests.support.sittings import administrator_of, answer_as, people, right_for, sat_exam

pytestmark = pytest.mark.django_db

EVENING = NOON + timedelta(hours=8)
AUTUMN = NOON.replace(month=8)
FOUR = ((Kind.SINGLE, 4, 25),)


def rows() -> list[dict[str, Any]]:
    return list(ItemStatistics.objects.order_by("version", "quarter").values().exclude(pk=None))


def without_keys(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in ("id", "computed_at")} for row in found]


def one(quarter: str = "") -> ItemStatistics:
    return ItemStatistics.objects.filter(quarter=quarter).order_by("version").first()  # type: ignore[return-value]


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    cast.county()
    return sat_exam(people(40), right_for(30), blueprint__plan=FOUR)


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    """Forty people and four questions; the first thirty pick every key."""
    return deepcopy(_exam)


def test_every_question_gets_its_figures_for_the_quarter_and_for_all_time(exam: Exam) -> None:
    done = compute_statistics(at=EVENING)

    assert done == Computed(papers=40, versions=4, doubts=0)
    assert [row.quarter for row in ItemStatistics.objects.order_by("version", "quarter")] == ["", "2026Q2"] * 4
    row = one("2026Q2")
    assert (row.n, row.facility, row.facility_low, row.facility_high) == (40, 0.75, 0.59806, 0.858129)
    # Who is right here is right everywhere.
    assert (row.discrimination, row.discrimination_n) == (1, 40)
    assert (row.seconds_median, row.seconds_lower, row.seconds_upper, row.seconds_n) == (10, 10, 10, 40)
    options = [option["id"] for option in row.version.shown["options"]]
    assert row.distractors == {
        "people": [10, 30, 0],
        "rows": [
            {"option": options[0], "picked": [0, 30, 0]},
            {"option": options[1], "picked": [10, 0, 0]},
            {"option": options[2], "picked": [0, 0, 0]},
            {"option": options[3], "picked": [0, 0, 0]},
            {"option": None, "picked": [0, 0, 0]},
        ],
    }


def test_exam_gets_reliability_and_the_error_of_a_score(exam: Exam) -> None:
    compute_statistics(at=EVENING)

    row = ExamStatistics.objects.get()
    assert (row.persons, row.mean, round(row.deviation or 0, 2)) == (40, 75, 43.85)
    # Everybody answers every question alike: no variance inside a paper.
    assert (row.reliability, row.standard_error) == (1, 0)


def test_same_answers_give_the_same_rows(exam: Exam) -> None:
    compute_statistics(at=EVENING)
    before = rows()

    done = compute_statistics(at=EVENING)

    assert rows() == before
    assert done == Computed(papers=40, versions=4, doubts=0)


def test_one_exam_gives_its_questions_what_all_exams_would(exam: Exam) -> None:
    other = sat_exam(people(10), right_for(2), at=AUTUMN, blueprint=exam.blueprint)
    sat_exam(people(1), right_for(1), blueprint__plan=((Kind.TRUE_FALSE, 1, 100),))
    compute_statistics(at=AUTUMN + timedelta(hours=8))
    whole = without_keys(rows())
    ItemStatistics.objects.all().delete()

    compute_statistics(at=AUTUMN + timedelta(hours=8), exam=other)

    assert without_keys(rows()) == [row for row in whole if row["version_id"] in {r["version_id"] for r in rows()}]
    assert len(rows()) == 12


def test_few_answers_give_no_number(county: Any) -> None:
    sat_exam(people(9), right_for(5), blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    row = one()
    assert (row.n, row.facility, row.discrimination, row.distractors, row.seconds_median) == (9, None, None, None, None)
    figures = ExamStatistics.objects.get()
    assert (figures.persons, figures.mean, figures.reliability, figures.standard_error) == (9, None, None, None)


def test_exam_that_runs_tells_nothing_yet(county: Any) -> None:
    sitters = people(12)
    exam = publish(ExamFactory.create(people=sitters, blueprint__plan=FOUR))
    for place, person in enumerate(sitters):
        answer_as(opened_attempt(exam, person), place, right_for(6), at=NOON)

    compute_statistics(at=NOON + timedelta(hours=1))
    running = [(row["n"], row["exposed_people"]) for row in rows()]
    compute_statistics(at=exam.closes_at)

    # Met it has everybody who opened a paper.
    assert running == [(0, 12)] * 4
    assert [row["n"] for row in rows()] == [12] * 8


def test_only_marks_that_stand_count(exam: Exam) -> None:
    attempt = Attempt.objects.order_by("pk").last()
    assert attempt
    by = administrator_of(exam)
    overrule_mark(attempt, 1, points=Decimal("12.50"), reason="答案也可以", by=by, at=EVENING)
    overrule_mark(attempt, 1, points=Decimal(25), reason="再核", by=by, at=EVENING)

    compute_statistics(at=EVENING)

    version = attempt.paper.rows()[0].version_id
    assert ItemStatistics.objects.get(version=version, quarter="").facility == 31 / 40


def test_only_the_first_paper_of_a_person_counts(county: Any) -> None:
    sitters = people(10)
    exam = publish(ExamFactory.create(people=sitters, attempts_allowed=2, blueprint__plan=FOUR))
    for at, habit in ((NOON, right_for(4)), (NOON + timedelta(hours=1), right_for(10))):
        for place, person in enumerate(sitters):
            answer_as(opened_attempt(exam, person, at=at), place, habit, at=at)

    compute_statistics(at=exam.closes_at)

    assert {(row["n"], row["facility"]) for row in rows()} == {(10, 0.4)}


def test_paper_that_waits_for_a_marker_does_not_count(county: Any) -> None:
    sat_exam(people(10), lambda place, version: [0], blueprint__plan=((Kind.SINGLE, 1, 60), (Kind.SHORT, 1, 40)))

    done = compute_statistics(at=EVENING)

    assert done.papers == 0


def test_what_was_credited_or_dropped_is_left_out_of_every_figure(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = QuestionVersion.objects.order_by("pk").first()
    assert dropped
    compute_statistics(at=EVENING)
    monkeypatch.setattr(evidence, "_providers", [lambda exams: [(exam.pk, dropped.pk)]])

    compute_statistics(at=EVENING + timedelta(days=1))

    assert without_evidence([exam.pk]) == {(exam.pk, dropped.pk)}
    # It was still met.
    left = ItemStatistics.objects.filter(version=dropped)
    assert [(row.quarter, row.n, row.exposed_people) for row in left] == [("", 0, 40)]
    # The rest is raised to the exam's total, as the scores are.
    assert ExamStatistics.objects.get().mean == 75


def test_papers_that_lost_a_question_are_held_against_the_others_on_one_scale(
    county: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the people know everything and half nothing: the papers differ in nothing but the dropped question."""
    blueprint = BlueprintFactory.create(plan=FOUR)
    stock_bank(blueprint)
    exam = sat_exam(people(40), right_for(20), blueprint=blueprint)
    dropped = exam.questions.order_by("pk")[0]
    assert 0 < dropped.papers < 40
    monkeypatch.setattr(evidence, "_providers", [lambda exams: [(exam.pk, dropped.version_id)]])

    compute_statistics(at=EVENING)

    row = ExamStatistics.objects.get()
    expected = stdev([100] * 20 + [0] * 20)
    assert (row.mean, row.deviation) == (50, pytest.approx(expected, abs=1e-5))
    assert (row.reliability, row.standard_error) == (1, 0)


def test_an_exam_of_which_nothing_counts_any_more_has_no_figures(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    compute_statistics(at=EVENING)
    everything = [(exam.pk, version) for version in exam.questions.values_list("version", flat=True)]
    monkeypatch.setattr(evidence, "_providers", [lambda exams: everything])

    compute_statistics(at=EVENING + timedelta(days=1), exam=exam)

    assert not ExamStatistics.objects.exists()
    assert {row.n for row in ItemStatistics.objects.all()} == {0}


def test_questions_without_an_answer_count_as_nothing_earned(county: Any) -> None:
    sat_exam(people(30), lambda place, _version: [0] if place < 15 else None, blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    row = one()
    assert row.facility == 0.5
    assert row.distractors["rows"][-1] == {"option": None, "picked": [15, 0, 0]}
    assert row.seconds_n == 15


def test_answers_that_came_together_have_no_time(county: Any) -> None:
    """As from a form without a script: four answers at one moment."""
    from tests.factories.exams import sat_attempt

    sitters = people(10)
    exam = publish(ExamFactory.create(people=sitters, blueprint__plan=FOUR))
    for person in sitters:
        sat_attempt(exam, person)

    compute_statistics(at=exam.closes_at)

    assert {(row["seconds_n"], row["seconds_median"]) for row in rows()} == {(0, None)}


def test_papers_of_one_question_have_no_rest_to_be_held_against(county: Any) -> None:
    sat_exam(people(30), right_for(15), blueprint__plan=((Kind.SINGLE, 1, 100),))

    compute_statistics(at=EVENING)

    row = one()
    assert (row.n, row.facility, row.discrimination, row.discrimination_n, row.distractors) == (30, 0.5, None, 0, None)


# -- flags --------------------------------------------------------------------------------------


def flags(quarter: str = "") -> dict[str, dict[str, Any]]:
    return {flag["code"]: flag for row in ItemStatistics.objects.filter(quarter=quarter) for flag in row.flags}


def test_key_that_the_best_do_not_pick_is_doubted(county: Any) -> None:
    """Those who are right elsewhere pick the second option of one question, the others its key."""
    odd: list[int] = []

    def habit(place: int, version: QuestionVersion) -> list[int]:
        odd[:] = odd or [version.pk]
        good = place < 15 if version.pk != odd[0] else place >= 15
        return [0] if good else [1]

    sat_exam(people(30), habit, blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    row = ItemStatistics.objects.get(version=odd[0], quarter="")
    second = row.version.shown["options"][1]["id"]
    assert row.flags[:2] == [
        {"code": "wrong_key", "option": second, "picked": 15, "key": 0},
        {"code": "negative_discrimination", "r": -1.0},
    ]
    doubt = Recheck.objects.get(question=row.version.question)
    assert (doubt.reason, doubt.asked_at, doubt.settled_at) == (RecheckReason.STATISTICS, EVENING, None)
    assert "乙项" in doubt.note
    entry = ModelLogEntry.objects.get(action="question_bank.open_recheck", object_id=str(row.version.question_id))
    assert entry.data["reason"] == "statistics"


def test_nobody_of_sixty_takes_a_distractor(county: Any) -> None:
    sat_exam(people(60), lambda place, _version: [place % 3], blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    last = one().version.shown["options"][3]["id"]
    assert flags()["idle_distractor"] | {"option": last} == {"code": "idle_distractor", "option": last, "n": 60}


def test_where_hardly_anybody_is_wrong_an_untouched_distractor_says_nothing(county: Any) -> None:
    """Seven were misled, all by one option: of three alike one would be left out by chance in six of a hundred."""
    sat_exam(people(60), right_for(53), blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    assert "idle_distractor" not in flags()


def test_words_that_hardly_anybody_finds_are_doubted(county: Any) -> None:
    sat_exam(people(20), lambda _place, _version: [0], blueprint__plan=((Kind.FILL, 4, 25),))

    compute_statistics(at=EVENING)

    assert flags()["wrong_key"] == {"code": "wrong_key", "facility": 0.0}
    assert "几乎无人得分" in Recheck.objects.order_by("pk")[0].note


def test_what_everybody_knows_is_too_easy(county: Any) -> None:
    sat_exam(people(80), right_for(80), blueprint__plan=FOUR)

    compute_statistics(at=EVENING)

    assert flags()["too_easy"] == {"code": "too_easy", "facility": 1.0}


def test_question_that_most_have_met_lately_and_more_than_others_is_over_exposed_for_so_many_days(exam: Exam) -> None:
    for kind in (Kind.TRUE_FALSE, Kind.MULTIPLE):
        sat_exam(people(10), right_for(5), blueprint__plan=((kind, 4, 25),))
    compute_statistics(at=EVENING)
    now = [(row.exposed_people, row.flags) for row in ItemStatistics.objects.filter(quarter="").flagged()]

    compute_statistics(at=EVENING + timedelta(days=91))

    assert now == [(40, [{"code": "over_exposed", "people": 40, "of": 60, "days": 90}])] * 4
    assert not ItemStatistics.objects.flagged().exists()


def test_where_all_have_been_met_alike_none_is_over_exposed(exam: Exam) -> None:
    compute_statistics(at=EVENING)

    assert [(row.exposed_people, row.flags) for row in ItemStatistics.objects.filter(quarter="")] == [(40, [])] * 4


def test_person_who_met_it_twice_is_exposed_once(county: Any) -> None:
    sitters = people(3)
    first = sat_exam(sitters, right_for(1), blueprint__plan=FOUR)
    sat_exam(sitters, right_for(1), at=NOON + timedelta(days=7), blueprint=first.blueprint)

    compute_statistics(at=NOON + timedelta(days=8))

    assert {(row.n, row.exposed_people) for row in ItemStatistics.objects.filter(quarter="")} == {(6, 3)}


def test_facility_that_moved_between_quarters_drifts(exam: Exam) -> None:
    sat_exam(people(40), right_for(10), at=AUTUMN, blueprint=exam.blueprint)

    compute_statistics(at=AUTUMN + timedelta(hours=8))

    assert flags()["drift"] == {"code": "drift", "from": ["2026Q2", 0.75], "to": ["2026Q3", 0.25]}


def test_move_that_chance_brings_to_one_question_of_fifty_is_no_drift(exam: Exam) -> None:
    """Beyond 95%, but within 99%: of a bank looked at every quarter that is nothing."""
    sat_exam(people(40), right_for(20), at=AUTUMN, blueprint=exam.blueprint)

    compute_statistics(at=AUTUMN + timedelta(hours=8))

    assert "drift" not in flags()


def test_task_that_waits_says_what_is_conspicuous_now(county: Any) -> None:
    exam = sat_exam(people(80), right_for(80), blueprint__plan=FOUR)
    compute_statistics(at=EVENING)
    opened = Recheck.objects.order_by("pk")[0]

    sat_exam(people(60), lambda place, _version: [place % 4], at=NOON + timedelta(days=1), blueprint=exam.blueprint)
    compute_statistics(at=EVENING + timedelta(days=1))

    doubt = Recheck.objects.get(pk=opened.pk)
    assert "几乎人人" in opened.note
    assert (doubt.note, doubt.settled_at) == ("按最新作答情况，已无异常。", None)
    assert Recheck.objects.count() == 4


def test_doubt_that_was_settled_comes_back_only_when_something_new_is_conspicuous(county: Any) -> None:
    exam = sat_exam(people(80), right_for(80), blueprint__plan=FOUR)
    first = compute_statistics(at=EVENING)
    repeated = compute_statistics(at=EVENING)
    Recheck.objects.update(settled_at=EVENING, settled_by=administrator_of(exam), outcome="confirmed")

    again = compute_statistics(at=EVENING + timedelta(days=1))
    sat_exam(people(40), right_for(10), at=AUTUMN, blueprint=exam.blueprint)
    drifted = compute_statistics(at=AUTUMN + timedelta(hours=8))

    assert [done.doubts for done in (first, repeated, again, drifted)] == [4, 0, 0, 4]
    assert Recheck.objects.count() == 8


def test_question_that_nobody_is_asked_any_more_opens_no_task(county: Any) -> None:
    sat_exam(people(80), right_for(80), blueprint__plan=FOUR)
    Question.objects.update(live=False)

    done = compute_statistics(at=EVENING)

    assert (done.doubts, Recheck.objects.count()) == (0, 0)
    assert ItemStatistics.objects.flagged().count() == 4


# -- cost ---------------------------------------------------------------------------------------


def test_more_people_cost_no_more_queries(county: Any) -> None:
    small = sat_exam(people(3), right_for(1), blueprint__plan=FOUR)
    with CaptureQueriesContext(connection) as few:
        compute_statistics(at=EVENING)
    sat_exam(people(9), right_for(1), blueprint=small.blueprint)

    with CaptureQueriesContext(connection) as more:
        compute_statistics(at=EVENING)

    assert len(more) == len(few)
