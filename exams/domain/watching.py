"""How an exam is going, by township."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from exams.enums import AttemptState
from exams.models import Attempt, Candidate, Exam
from exams.rules import score_scope
from members.models import Division, User

TOWNSHIP_DIGITS = 9


class TownshipProgress(NamedTuple):
    """People of one township: how many should come, are or were at it, and have handed in."""

    code: str
    name: str
    expected: int
    started: int
    submitted: int

    @property
    def absent(self) -> int:
        return self.expected - self.started


def township_progress(exam: Exam, *, by: User, at: datetime) -> list[TownshipProgress]:
    """A row for every township whose people ``by`` may see, in the order of codes. Two queries, however many people.

    ``submitted`` counts people without an open attempt whose time still runs.
    """
    attempts = Attempt.objects.filter(candidate=OuterRef("pk"))
    sitting = attempts.filter(state=AttemptState.OPEN, closes_at__gt=at)
    rows = (
        Candidate.objects.filter(exam=exam)
        .within_any(score_scope(by))
        .annotate(
            township=Substr("division_code", 1, TOWNSHIP_DIGITS), has_begun=Exists(attempts), is_sitting=Exists(sitting)
        )
        .values("township")
        .annotate(
            expected=Count("pk"),
            started=Count("pk", filter=Q(has_begun=True)),
            submitted=Count("pk", filter=Q(has_begun=True, is_sitting=False)),
        )
        .order_by("township")
    )
    found = [(row["township"].ljust(12, "0"), row["expected"], row["started"], row["submitted"]) for row in rows]
    names = dict(Division.objects.filter(code__in=[row[0] for row in found]).values_list("code", "name"))
    return [TownshipProgress(code, names.get(code, code), *counts) for code, *counts in found]


def missing_people(exam: Exam, *, by: User) -> QuerySet[Candidate]:
    """Candidates who have not started, with person and team."""
    candidates = Candidate.objects.filter(exam=exam).within_any(score_scope(by)).absent()
    return candidates.select_related("person", "team").order_by("division_code", "person__code")
