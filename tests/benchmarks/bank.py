"""Figures of a large question bank: its list, its search, likeness, and files brought in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from urllib.parse import quote

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.clock import now
from exams.models import Exam
from members.models import User
from question_bank.domain.batches import commit_batch, read_batch, request_commit, upload_batch
from question_bank.domain.duplicates import Sought, comparable
from question_bank.domain.exporting.gift import write_gift
from question_bank.domain.neighbours import neighbours_of
from question_bank.models import Question, Topic
from tests.benchmarks import interchange
from tests.benchmarks.bank_content import alike, written_questions
from tests.benchmarks.bank_growth import grow
from tests.benchmarks.client import Browser, session_cookie
from tests.benchmarks.county import make_exam, publish
from tests.benchmarks.server import forget_peak, peak_mib, serving, spent

Figure = tuple[str, float, str]

MANY = 100_000
A_FILE = 10_000
LOOKS = 10
WARM = 4


def figures(*, by: User, many: int = MANY) -> Iterator[Figure]:
    """Files first into a small bank, then lists, likeness and one more file with ``many`` questions."""
    yield from interchange.figures()
    yield from _brought_in(seed=2)
    before = time.process_time()
    grow(many, by=by, at=now())
    yield f"a bank of {many} made in bulk", time.process_time() - before, "CPU s"
    exam = publish(make_exam("大题库测试", by=by, at=now()), by=by, at=now())
    yield from _pages(by, exam)
    yield from _likeness()
    yield from _brought_in(seed=3)


def _addresses(exam: Exam) -> dict[str, str]:
    questions = reverse("wagtailsnippets_question_bank_question:list")
    topic, some = Topic.objects.get(code="62"), Question.objects.filter(live=True).order_by("pk")[500:501].get()
    asked = {
        "first page": "",
        "page 1000": "p=1000",
        "by date": "ordering=-valid_to",
        "topic subtree": f"topic={topic.pk}",
        "kind": "kind=single",
        "difficulty": "difficulty=hard",
        **{f"state {name}": f"state={name}" for name in ("draft", "review", "published", "recheck", "retired")},
        "expired": "validity=expired",
        "ends soon": "validity=soon",
        "source": f"source={quote('第3册')}",
        "used in any exam": "used=all",
        "used in one exam": f"used={exam.pk}",
        "used in none": "used=none",
        "reported": "flagged=report",
        "flagged by validity": "flagged=validity",
        "waits": "waits=yes",
        "waits not": "waits=no",
        "search of a frequent word": f"q={quote('监测对象')}",
        "search of a rare one": f"q={quote('1000321')}",
        "search of a sentence": f"q={quote(some.stem[:12])}",
        "search within topic, kind, state": f"q={quote('监测')}&topic={topic.pk}&kind=single&state=published",
    }
    pages = {f"list, {name}": f"{questions}?{query}" for name, query in asked.items()}
    pages["re-checks"] = reverse("question_rechecks:index")
    pages["reports of members"] = reverse("question_reports:index")
    pages["coverage"] = reverse("question_coverage:index")
    pages["review page"] = reverse("wagtailsnippets_question_bank_question:review", args=[some.pk])
    return pages


def _pages(reader: User, exam: Exam) -> Iterator[Figure]:
    """CPU of server and database for one look, and how many queries it takes."""
    count, client = Question.objects.count(), Client(SERVER_NAME="127.0.0.1")
    client.force_login(reader)
    with serving() as server:
        browser = Browser(server, session_cookie(reader))
        for name, address in _addresses(exam).items():
            moments = []
            for _look in range(LOOKS):
                moments.append(server.cpu_seconds())
                browser.page(address)
            moments.append(server.cpu_seconds())
            # The first looks of each worker load templates.
            costs = [late - early for early, late in pairwise(moments)][WARM:]
            yield f"{count} questions: {name}", 1000 * mean(costs), "CPU ms"
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            yield f"{count} questions: {name}", len(queries), "queries"


def _likeness() -> Iterator[Figure]:
    """Which of many texts are nearly the same, and the neighbours of one question."""
    drafts = written_questions(MANY, seed=1)
    texts = [comparable(draft.stem, [option.text for option in draft.options]) for draft in drafts]
    for sought, among in ((A_FILE, A_FILE), (A_FILE, len(texts))):
        before = time.process_time()
        known = Sought(texts[:sought])
        found = sum(1 for text in texts[:among] for _likeness in known.like(text))
        yield f"likeness of {sought} among {among}", time.process_time() - before, "CPU s"
        yield f"likeness of {sought} among {among}: found besides themselves", found - min(sought, among), "pairs"
    count = Question.objects.count()
    some = Question.objects.order_by("-pk")[: count - 1000 : count // 20]
    before = spent()
    for question in some:
        neighbours_of(question)
    yield "neighbours of one question", 1000 * (spent() - before) / len(some), "CPU ms"


def _brought_in(*, seed: int) -> Iterator[Figure]:
    """A GIFT file, read, compared, taken over: in a process of its own as the worker would."""
    count, topic = Question.objects.count(), Topic.objects.order_by("code").first()
    assert topic
    drafts = [replace(draft, topic=topic.code) for draft in written_questions(A_FILE, seed=seed)]
    # Every hundredth question is in the file twice, in slightly other words.
    drafts[99::100] = [alike(draft) for draft in drafts[98::100]]
    with TemporaryDirectory() as folder:
        path = Path(folder, "questions.gift")
        path.write_bytes(write_gift(drafts).content)
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.bank", str(path)], capture_output=True, text=True, check=True
        )
    read, stored, memory, taken = map(float, output.stdout.split())
    name = f"{A_FILE} GIFT questions into a bank of {count}"
    yield f"{name}: dry run", read, "CPU s"
    yield f"{name}: taking over", stored, "CPU s"
    yield f"{name}: all of it", read + stored, "CPU s"
    yield f"{name}: memory grew by", memory, "MiB"
    yield f"{name}: taken over", taken, "questions"


def _bring_in(path: Path) -> None:
    """Run in a process of its own: CPU seconds of the dry run and of taking over, MiB, questions."""
    by = User.objects.get(username="office")
    forget_peak()
    before, began = peak_mib(), spent()
    batch = upload_batch(path.read_bytes(), file_name=path.name, by=by, at=now())
    read_batch(batch.pk, at=now())
    read = spent() - began
    request_commit(batch, by=by, at=now())
    taken = commit_batch(batch.pk, at=now())
    print(read, spent() - began - read, peak_mib() - before, taken)


if __name__ == "__main__":
    _bring_in(Path(sys.argv[1]))
