"""Answers as statistics need them, streamed: so many attempts at a time, four queries for them."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import FloatField, Q, QuerySet, TextField
from django.db.models.functions import Cast

from exams.domain.statistics.evidence import without_evidence
from exams.enums import AttemptState, ExamState
from exams.models import Attempt, Mark, Response

# Fifty questions each: ten thousand marks and answers in memory at a time.
BATCH = 200


class GivenAnswer(NamedTuple):
    """One question of one paper: points in hundredths; ``picked`` is None where no option was picked."""

    version: int
    earned: int
    worth: int
    picked: Sequence[str] | None
    seconds: int | None


class MarkedPaper(NamedTuple):
    """The paper of one person in one exam, without questions that were dropped or credited to everybody.

    ``worth`` is that of the whole paper in hundredths, with the questions that are left out.
    """

    exam: int
    answers: list[GivenAnswer]
    worth: int


def countable(*, at: datetime) -> QuerySet[Attempt]:
    """Attempts that tell something: wholly marked, the person's first in that exam, and the exam is over.

    Who sits an exam twice has met some of it before; an exam that runs tells nothing to anybody.
    """
    over = Q(candidate__exam__state=ExamState.CLOSED) | Q(
        candidate__exam__state=ExamState.PUBLISHED, candidate__exam__closes_at__lte=at
    )
    return Attempt.objects.filter(over, state=AttemptState.MARKED, paper__number=1)


def marked_papers(attempts: QuerySet[Attempt]) -> Iterator[MarkedPaper]:
    """The papers of ``attempts`` in the order of their keys."""
    last = 0
    rows = attempts.order_by("pk").values_list("pk", "candidate__exam_id", "opened_at", "paper__items")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield from _read(batch)
        last = batch[-1][0]


def _read(batch: Sequence[tuple[int, int, datetime, list[Any]]]) -> Iterator[MarkedPaper]:
    ids = [row[0] for row in batch]
    left_out = without_evidence({row[1] for row in batch})
    marks, given = _standing_marks(ids), _responses(ids)
    for pk, exam, opened_at, items in batch:
        earned, answered = marks.get(pk, {}), given.get(pk, {})
        seconds = _seconds(opened_at, answered)
        answers = [
            GivenAnswer(
                version=version,
                earned=earned[number],
                worth=_hundredths(worth),
                picked=_picked(answered[number][1]) if number in answered else None,
                seconds=seconds.get(number),
            )
            for number, (version, worth, _order) in enumerate(items, start=1)
            if number in earned and (exam, version) not in left_out
        ]
        yield MarkedPaper(exam, answers, sum(_hundredths(worth) for _version, worth, _order in items))


def _standing_marks(ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Hundredths of points by attempt and number; a correction comes later and takes the place of what it corrects."""
    rows = Mark.objects.filter(attempt__in=ids).annotate(earned=Cast("points", FloatField())).order_by("revision")
    found: dict[int, dict[int, int]] = {}
    for attempt, number, earned in rows.values_list("attempt_id", "number", "earned").iterator():
        found.setdefault(attempt, {})[number] = round(100 * earned)
    return found


def _responses(ids: Sequence[int]) -> dict[int, dict[int, tuple[datetime, str]]]:
    """When and what was answered last, by attempt and number, the answer as JSON text."""
    # As text: most answers are one of a few, and need be understood only once.
    rows = Response.objects.filter(attempt__in=ids).annotate(text=Cast("answer", TextField())).order_by()
    found: dict[int, dict[int, tuple[datetime, str]]] = {}
    for attempt, number, saved_at, text in rows.values_list("attempt_id", "number", "saved_at", "text").iterator():
        found.setdefault(attempt, {})[number] = (saved_at, text)
    return found


def _seconds(opened_at: datetime, answered: dict[int, tuple[datetime, str]]) -> dict[int, int]:
    """Seconds since the answer before, for answers that arrived by themselves.

    Only the last writing of an answer is kept. Several that came at one moment (from a form without a script, or after
    the network was away) are told by nothing which took how long.
    """
    moments = Counter(saved_at for saved_at, _text in answered.values())
    before, spans = opened_at, {}
    for number, (saved_at, _text) in sorted(answered.items(), key=lambda pair: pair[1][0]):
        if moments[saved_at] == 1:
            spans[number] = int((saved_at - before).total_seconds())
        before = saved_at
    return spans


@lru_cache(maxsize=4096)
def _hundredths(points: str) -> int:
    return round(100 * float(points))


def _picked(text: str) -> Sequence[str] | None:
    """Options out of an answer as JSON text; what was written in words is not even looked at."""
    return _options(text) if "options" in text[:12] else None


@lru_cache(maxsize=65_536)
def _options(text: str) -> Sequence[str] | None:
    return tuple(json.loads(text)["options"]) or None
