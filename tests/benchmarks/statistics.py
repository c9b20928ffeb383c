"""Figures of computing a quarter's statistics: a county's people, a test a week, fifty questions each."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import django

django.setup()

from exams.domain.statistics.quarters import span_of
from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Candidate, Exam, Mark, Paper, Response
from members.models import User
from question_bank.models import QuestionVersion
from tests.benchmarks.county import make_exam, publish
from tests.benchmarks.server import forget_peak, peak_mib

Figure = tuple[str, float, str]

QUARTER = "2026Q2"
TESTS = 12
BATCH = 2000


def figures(*, by: User) -> Iterator[Figure]:
    """The quarter is computed in a process of its own, once half of it is there and once all of it."""
    half = TESTS // 2
    sit_quarter(by=by, tests=range(half))
    yield from _measured(f"statistics of {half} tests of a quarter")
    sit_quarter(by=by, tests=range(half, TESTS))
    yield from _measured(f"statistics of {TESTS} tests of a quarter")


def _measured(name: str) -> Iterator[Figure]:
    output = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.statistics"], capture_output=True, text=True, check=True
    )
    seconds, wall, before, peak, papers, answers = map(float, output.stdout.split())
    yield f"{name}: papers", papers, "papers"
    yield f"{name}: answers", answers, "answers"
    yield f"{name}", seconds, "CPU s"
    yield f"{name}, with the database", wall, "s"
    yield f"{name}, memory before it", before, "MiB"
    yield f"{name}, peak memory of the process", peak, "MiB"


def sit_quarter(*, by: User, tests: range) -> list[Exam]:
    """Tests, a week apart, that everybody sat: published by the product, answers and marks written in bulk."""
    return [_sit_test(number, by=by) for number in tests]


def _sit_test(number: int, *, by: User) -> Exam:
    opens = span_of(QUARTER)[0] + timedelta(days=7 * number, hours=9)
    exam = publish(make_exam(f"第{number + 1}周测试", by=by, at=opens), by=by, at=opens)
    keys = {version.pk: version for version in QuestionVersion.objects.only("pk", "shown", "key").iterator()}
    chance = Random(number)
    papers = Paper.objects.filter(candidate__exam=exam, number=1).order_by("candidate_id")
    rows = list(papers.values_list("pk", "candidate_id", "candidate__person_id", "items"))
    attempts = Attempt.objects.bulk_create(
        (_attempt(paper, candidate, opens, number) for paper, candidate, _person, _items in rows), batch_size=BATCH
    )
    marks, responses = [], []
    for attempt, (_paper, _candidate, person, items) in zip(attempts, rows, strict=True):
        score = Decimal(0)
        for place, (version, points, _order) in enumerate(items, start=1):
            option, is_right = _answer(keys[version], person, chance)
            earned = Decimal(points) if is_right else Decimal(0)
            score += earned
            at = opens + timedelta(seconds=place * 20 + chance.randint(0, 15))
            marks.append(Mark(attempt=attempt, number=place, source="automatic", points=earned, marked_at=at))
            responses.append(
                Response(attempt=attempt, number=place, sequence=1, saved_at=at, answer={"options": [option]})
            )
        attempt.score = attempt.objective_score = score
    Mark.objects.bulk_create(marks, batch_size=BATCH)
    Response.objects.bulk_create(responses, batch_size=BATCH)
    Attempt.objects.bulk_update(attempts, ["score", "objective_score"], batch_size=500)
    candidates = [Candidate(pk=attempt.candidate_id, score=attempt.score, attempts_used=1) for attempt in attempts]
    Candidate.objects.bulk_update(candidates, ["score", "attempts_used"], batch_size=500)
    return exam


def _attempt(paper: int, candidate: int, opens: datetime, number: int) -> Attempt:
    return Attempt(
        candidate_id=candidate,
        paper_id=paper,
        state=AttemptState.MARKED,
        opened_at=opens,
        closes_at=opens + timedelta(hours=1),
        submitted_at=opens + timedelta(minutes=30),
        hand_in=HandIn.MEMBER,
        receipt=f"S{number}-{paper}",
        subjective_score=0,
    )


def _answer(version: QuestionVersion, person: int, chance: Random) -> tuple[str, bool]:
    """People differ, questions differ, and who does not know guesses among the first three options."""
    ability, ease = (person * 37 % 100) / 100, (version.pk * 53 % 100) / 100
    right = version.key["options"][0]
    if chance.random() < 0.1 + 0.45 * ability + 0.4 * ease:
        return right, True
    picked = chance.choice([option["id"] for option in version.shown["options"]][:3])
    return picked, picked == right


def _compute() -> None:
    """Run in a process of its own: CPU seconds, seconds, MiB before, peak MiB, papers, answers."""
    from exams.domain.statistics import compute_statistics

    forget_peak()
    before = peak_mib()
    cpu, wall = time.process_time(), time.perf_counter()
    done = compute_statistics(at=span_of(QUARTER)[1])
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(cpu, wall, before, peak_mib(), done.papers, Mark.objects.count())


if __name__ == "__main__":
    _compute()
