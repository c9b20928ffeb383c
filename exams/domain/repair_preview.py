"""Who is affected by the repair of a key: marks, scores, pass and band before and after.

The same rows are shown before the repair is approved and written when it is carried out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q

from exams.domain.marking import counting_score
from exams.domain.rulings import Rulings, is_dropped, marking_rule, points_by, rulings_of, shares
from exams.domain.scoring import NOTHING, MarkingRule
from exams.enums import CLOSED_ATTEMPT_STATES, AttemptState, Band, CountingAttempt, MarkSource
from exams.models import Attempt, Candidate, Exam, Item, KeyRepair, Mark, Response
from question_bank.enums import Kind

# People read at once: memory does not grow with the county.
BATCH = 500


class Standing(NamedTuple):
    """The mark of a question that counts now."""

    revision: int
    points: Decimal
    source: str


@dataclass
class Affected:
    """One attempt that was asked the question: what it earns on it and in all, before and after.

    ``new_points`` is None where it follows from answers that still wait for a marker. ``marks`` are the marks that
    the ledger gets: ``{number: (revision, points)}``; a dropped question may follow another that is repaired.
    """

    exam: Exam
    candidate: Candidate
    attempt: Attempt
    number: int
    old_points: Decimal | None
    new_points: Decimal | None
    new_score: Decimal | None
    by_hand: bool = False
    objective: Decimal | None = None
    subjective: Decimal | None = None
    old_counted: Decimal | None = None
    new_counted: Decimal | None = None
    marks: dict[int, tuple[int, Decimal]] = field(default_factory=dict)

    @property
    def old_score(self) -> Decimal | None:
        return self.attempt.score

    @property
    def is_waiting(self) -> bool:
        return self.attempt.state == AttemptState.SUBMITTED

    @property
    def is_changed(self) -> bool:
        return self.old_points != self.new_points or bool(self.marks)

    @property
    def passes_now(self) -> bool:
        return bool(self.new_passed and not self.old_passed)

    @property
    def fails_now(self) -> bool:
        return bool(self.old_passed and not self.new_passed)

    @property
    def old_band(self) -> Band | None:
        return None if self.old_counted is None else self.exam.band(self.old_counted)

    @property
    def new_band(self) -> Band | None:
        return None if self.new_counted is None else self.exam.band(self.new_counted)

    @property
    def old_passed(self) -> bool | None:
        return None if self.old_counted is None else self.old_counted >= self.exam.pass_points

    @property
    def new_passed(self) -> bool | None:
        return None if self.new_counted is None else self.new_counted >= self.exam.pass_points


@dataclass
class Summary:
    """How many attempts were asked the question, and for how many people something changes."""

    asked: int = 0
    changed: int = 0
    higher: int = 0
    lower: int = 0
    now_pass: int = 0
    now_fail: int = 0
    band_changed: int = 0
    waiting: int = 0
    by_hand: int = 0

    def count(self, row: Affected, told: set[int]) -> None:
        self.asked += 1
        self.changed += row.is_changed
        self.waiting += row.is_waiting
        self.by_hand += row.by_hand
        # Of a person's several attempts the counting score is one.
        if row.candidate.pk in told or row.old_counted is None or row.new_counted is None:
            return
        told.add(row.candidate.pk)
        self.higher += row.new_counted > row.old_counted
        self.lower += row.new_counted < row.old_counted
        self.now_pass += row.passes_now
        self.now_fail += row.fails_now
        self.band_changed += row.new_band != row.old_band


def preview_repair(repair: KeyRepair, exams: Iterable[Exam] | None = None) -> Iterator[Affected]:
    """A row for every ended attempt of ``exams`` (the repair's own) that was asked the version; by exam and person.

    Nothing is written and ``repair`` may be unsaved. Five queries for every 500 people, streamed.
    """
    chosen = exams if exams is not None else repair.exams.select_related("blueprint").order_by("opens_at", "pk")
    return chain.from_iterable(chain.from_iterable(affected_batches(repair, exam)) for exam in chosen)


def summary_of(rows: Iterable[Affected]) -> Summary:
    summary, told = Summary(), set[int]()
    for row in rows:
        summary.count(row, told)
    return summary


def carried_out_rows(repair: KeyRepair) -> list[Affected]:
    """What a repair did, read from what was noted when it was carried out. One query."""
    outcomes = repair.outcomes.select_related("attempt__candidate__person", "attempt__candidate__exam")
    return [
        Affected(
            exam=outcome.attempt.exam,
            candidate=outcome.attempt.candidate,
            attempt=outcome.attempt,
            number=outcome.number,
            old_points=outcome.old_points,
            new_points=outcome.new_points,
            new_score=outcome.new_score,
            old_counted=outcome.old_counted,
            new_counted=outcome.new_counted,
        )
        for outcome in outcomes.order_by("attempt__candidate__exam_id", "attempt__candidate_id", "attempt_id")
    ]


def affected_batches(repair: KeyRepair, exam: Exam, *, lock: bool = False) -> Iterator[list[Affected]]:
    """The rows of ``exam``, 500 people at a time. ``lock`` holds their ended attempts for the transaction."""
    remarking = _Remarking(repair, exam, rulings_of(exam) | {repair.version_id: repair}, marking_rule(exam))
    last = 0
    while people := list(_people(exam, after=last)):
        last = people[-1].pk
        yield remarking.rows(people, lock=lock)


def _people(exam: Exam, *, after: int) -> Iterable[Candidate]:
    sat = Candidate.objects.filter(exam=exam, attempts_used__gt=0, pk__gt=after)
    return sat.select_related("person", "team").order_by("pk")[:BATCH]


def _attempts(people: Sequence[Candidate], *, lock: bool) -> Mapping[int, list[Attempt]]:
    attempts = Attempt.objects.filter(candidate__in=people, state__in=CLOSED_ATTEMPT_STATES).select_related("paper")
    if lock:
        attempts = attempts.select_for_update(of=("self",))
    by_person = defaultdict(list)
    for attempt in attempts.order_by("candidate_id", "opened_at", "pk"):
        by_person[attempt.candidate_id].append(attempt)
    return by_person


def _pairs(pairs: Iterable[tuple[int, int]]) -> Q:
    """Rows of these (attempt, number): grouped by number, since each paper has its own order."""
    by_number = defaultdict(list)
    for attempt, number in pairs:
        by_number[number].append(attempt)
    wanted = Q(attempt__in=[])
    for number, attempts in by_number.items():
        wanted |= Q(number=number, attempt__in=attempts)
    return wanted


@dataclass
class _Asked:
    """The repaired question of a paper, and the dropped ones beside it, with the marks that stand on them."""

    item: Item
    dropped: list[Item]
    answer: Mapping[str, Any] = field(default_factory=dict)
    marks: dict[int, Standing] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        return [self.item, *(item for item in self.dropped if item != self.item)]


@dataclass
class _Remarking:
    """One repair of one exam: what every attempt of a batch of people earns by it."""

    repair: KeyRepair
    exam: Exam
    rulings: Rulings
    rule: MarkingRule

    def rows(self, people: Sequence[Candidate], *, lock: bool) -> list[Affected]:
        by_person = _attempts(people, lock=lock)
        attempts = chain.from_iterable(by_person.values())
        asked = {attempt.pk: found for attempt in attempts if (found := self._asked(attempt))}
        self._read(asked)
        rows: list[Affected] = []
        for person in people:
            own = [self._row(person, row, asked[row.pk]) for row in by_person[person.pk] if row.pk in asked]
            self._count(person, by_person[person.pk], own)
            rows += own
        return rows

    def _asked(self, attempt: Attempt) -> _Asked | None:
        versions = {item[0] for item in attempt.paper.items}
        if self.repair.version_id not in versions:
            return None
        items = attempt.paper.rows()
        own = next(item for item in items if item.version_id == self.repair.version_id)
        return _Asked(own, [item for item in items if is_dropped(item.version_id, self.rulings)])

    def _read(self, asked: Mapping[int, _Asked]) -> None:
        """Marks and answers of the whole batch, two queries; only those of the questions concerned."""
        wanted = _pairs((attempt, item.number) for attempt, row in asked.items() for item in row.items)
        marks = Mark.objects.filter(wanted).order_by("revision")
        for attempt, number, *mark in marks.values_list("attempt_id", "number", "revision", "points", "source"):
            asked[attempt].marks[number] = Standing._make(mark)
        given = Response.objects.filter(_pairs((attempt, row.item.number) for attempt, row in asked.items()))
        for attempt, answer in given.values_list("attempt_id", "answer"):
            asked[attempt].answer = answer

    def _row(self, person: Candidate, attempt: Attempt, asked: _Asked) -> Affected:
        last = asked.marks.get(asked.item.number)
        points = last.points if last else None
        row = Affected(self.exam, person, attempt, asked.item.number, points, points, attempt.score)
        row.objective, row.subjective = attempt.objective_score, attempt.subjective_score
        row.by_hand = last is not None and last.source == MarkSource.OVERRULED
        if row.by_hand:
            return row
        kind = self.repair.version.kind
        earned = points_by(self.repair, kind, asked.answer, asked.item.points, self.rule)
        if attempt.score is None:
            row.new_points = earned
            return row
        new = {number: mark.points for number, mark in asked.marks.items()}
        if earned is not None:
            new[asked.item.number] = earned
        new |= _new_shares(attempt, asked, new)
        row.new_points = new[asked.item.number]
        for item in asked.items:
            if new[item.number] != asked.marks[item.number].points:
                kind = self.rulings[item.version_id].version.kind
                _carry(row, asked.marks[item.number], item.number, new[item.number], kind)
        return row

    def _count(self, person: Candidate, attempts: Sequence[Attempt], rows: Sequence[Affected]) -> None:
        """What counts of all the person's attempts, before and after."""
        new = {row.attempt.pk: row.new_score for row in rows}
        scores = [new.get(attempt.pk, attempt.score) for attempt in attempts if attempt.state == AttemptState.MARKED]
        marked = [score for score in scores if score is not None]
        counted = counting_score(CountingAttempt(self.exam.counting_attempt), marked)
        for row in rows:
            row.old_counted, row.new_counted = person.score, counted


def _new_shares(attempt: Attempt, asked: _Asked, new: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What the dropped questions of a marked attempt earn once ``new`` stands on the repaired one."""
    dropped = [item for item in asked.dropped if asked.marks[item.number].source != MarkSource.OVERRULED]
    if not dropped:
        return {}
    numbers = {item.number for item in dropped}
    earned = (attempt.score or NOTHING) - sum((asked.marks[number].points for number in numbers), NOTHING)
    earned += sum((new[number] - mark.points for number, mark in asked.marks.items() if number not in numbers), NOTHING)
    worth = sum((Decimal(item[1]) for item in attempt.paper.items), NOTHING) - sum(item.points for item in dropped)
    points = shares(earned, worth, [item.points for item in dropped])
    return {item.number: share for item, share in zip(dropped, points, strict=True)}


def _carry(row: Affected, mark: Standing, number: int, points: Decimal, kind: str) -> None:
    difference = points - mark.points
    row.marks[number] = (mark.revision + 1, points)
    row.new_score = (row.new_score or NOTHING) + difference
    if kind == Kind.SHORT:
        row.subjective = (row.subjective or NOTHING) + difference
    else:
        row.objective = (row.objective or NOTHING) + difference
