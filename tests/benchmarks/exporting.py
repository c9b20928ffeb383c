"""Figures of taking out the scores of a city."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

import django

django.setup()

from exams.enums import AttemptState, HandIn
from exams.models import Attempt, Candidate, Exam, Paper
from tests.benchmarks.server import forget_peak, peak_mib

Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    """Scores of the largest exam in the database, each format in a process of its own."""
    exam = Exam.objects.order_by("-pk").first()
    assert exam
    _sit_all(exam)
    people = exam.candidates.count()
    for wanted in ("xlsx", "csv"):
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.exporting", str(exam.pk), wanted],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, memory, size = output.stdout.split()
        yield f"scores of {people} as {wanted.upper()}", float(seconds), "CPU s"
        yield f"scores of {people} as {wanted.upper()}, peak memory of the process", float(memory), "MiB"
        yield f"scores of {people} as {wanted.upper()}, size", float(size) / 1024, "MiB"


def _sit_all(exam: Exam) -> None:
    """Everybody has sat the exam: the rows a finished attempt leaves behind, written in bulk."""
    chance = Random(1)
    papers = Paper.objects.filter(candidate__exam=exam, attempt=None).only("pk", "candidate_id")
    began = exam.opens_at
    attempts = []
    for number, paper in enumerate(papers.iterator()):
        score = Decimal(chance.randint(30, 100))
        attempts.append(
            Attempt(
                candidate_id=paper.candidate_id,
                paper_id=paper.pk,
                state=AttemptState.MARKED,
                opened_at=began,
                closes_at=began + timedelta(hours=1),
                submitted_at=began + timedelta(minutes=chance.randint(5, 59)),
                hand_in=HandIn.MEMBER,
                receipt=f"B{exam.pk}-{number}",
                score=score,
                objective_score=score,
                subjective_score=0,
            )
        )
    Attempt.objects.bulk_create(attempts, batch_size=2000)
    Candidate.objects.filter(exam=exam).update(attempts_used=1, score=Decimal(80))


def _export(exam_id: int, wanted: str) -> None:
    """Run in a process of its own: print CPU seconds, peak MiB and KiB."""
    from common.clock import now
    from exams.domain.exporting import export_scores
    from exams.enums import ExportFormat
    from members.models import User

    forget_peak()
    exam, office = Exam.objects.get(pk=exam_id), User.objects.get(username="office")
    before = time.process_time()
    file = export_scores(exam, format=ExportFormat(wanted), reason="bench", with_phones=False, by=office, at=now())
    size = file.file.seek(0, 2)
    cost = time.process_time() - before
    print(cost, peak_mib(), size / 1024)


if __name__ == "__main__":
    _export(int(sys.argv[1]), sys.argv[2])
