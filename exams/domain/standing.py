"""Where a candidate stands in an exam: may they start, must they go on, is there a result to read?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from exams.enums import AttemptState, ReleaseRule
from exams.models import Attempt, Candidate, Exam
from exams.rules import may_start
from members.models import User


class Standing(StrEnum):
    RUNNING = "running"  # an attempt is open: go on
    OPEN = "open"  # may start now
    COMING = "coming"
    HANDED_IN = "handed_in"  # nothing left to do, the result is not out
    RESULT = "result"
    MISSED = "missed"  # over without an attempt


@dataclass(frozen=True)
class Place:
    """A candidate's standing, with the attempts it follows from, newest first."""

    candidate: Candidate
    standing: Standing
    running: Attempt | None
    ended: tuple[Attempt, ...]

    @property
    def exam(self) -> Exam:
        return self.candidate.exam

    @property
    def attempts_left(self) -> int:
        return max(self.exam.attempts_allowed - self.candidate.attempts_used, 0)


def places_of(person: User, *, at: datetime) -> list[Place]:
    """Every exam this person is or was a candidate of, newest first. Two queries, whatever their number."""
    candidates = Candidate.objects.filter(person=person, exam__in=Exam.objects.settled())
    rows = candidates.select_related("exam").prefetch_related("attempts").order_by("-exam__opens_at", "-pk")
    return [place_of(candidate, at=at) for candidate in rows]


def place_of(candidate: Candidate, *, at: datetime) -> Place:
    """An attempt whose time has ended counts as ended, although nobody may have closed it yet."""
    attempts = list(candidate.attempts.all())
    running = next((row for row in attempts if row.is_open() and not row.is_overdue(at=at)), None)
    ended = tuple(row for row in attempts if row is not running)
    return Place(candidate, _standing(candidate, running, ended, at=at), running, ended)


def _standing(candidate: Candidate, running: Attempt | None, ended: tuple[Attempt, ...], *, at: datetime) -> Standing:
    exam = candidate.exam
    if running:
        return Standing.RUNNING
    if may_start(candidate, at=at):
        return Standing.OPEN
    if ended:
        return Standing.RESULT if exam.results_are_out(at=at) else Standing.HANDED_IN
    return Standing.MISSED if exam.is_over(at=at) else Standing.COMING


def result_since(place: Place) -> datetime | None:
    """Since when the newest result can be read, as far as the exam's rule tells; None while it is not marked."""
    exam, newest = place.exam, place.ended[0] if place.ended else None
    if newest is None or newest.state != AttemptState.MARKED:
        return None
    if exam.released_at:
        return exam.released_at
    if exam.release_rule == ReleaseRule.AFTER_CLOSE:
        return min(exam.closed_at, exam.closes_at) if exam.closed_at else exam.closes_at
    return newest.submitted_at
