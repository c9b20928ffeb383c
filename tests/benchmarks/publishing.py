"""Figures of publishing: 312 papers, and 25,000 with their memory."""

import time
from collections.abc import Iterator

from common.clock import now
from exams.models import Paper
from members.models import User
from tests.benchmarks.county import make_exam, publish
from tests.benchmarks.server import cpu_seconds, database_pid, forget_peak, peak_mib

Figure = tuple[str, float, str]


def figures(people: int, *, by: User) -> Iterator[Figure]:
    """One publication for everybody in the database, in this process."""
    database = database_pid()
    before = time.process_time() + (cpu_seconds(database) if database else 0)
    forget_peak()
    memory = peak_mib()
    exam = publish(make_exam(f"{people} 份试卷", by=by, at=now()), by=by, at=now())
    cost = time.process_time() + (cpu_seconds(database) if database else 0) - before
    made = Paper.objects.filter(candidate__exam=exam).count()
    if made != people:
        raise RuntimeError(f"{made} papers instead of {people}")
    yield f"publishing {people} papers", cost, "CPU s"
    yield f"publishing {people} papers, peak memory above the start", peak_mib() - memory, "MiB"
