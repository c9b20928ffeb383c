"""What stands in the ledger about a question, and what it all adds up to."""

from decimal import Decimal

from exams.models import Attempt
from question_bank.models import QuestionVersion
from tests.factories.repairs import (
    number_of,
)


def ledger(attempt: Attempt, version: QuestionVersion) -> list[tuple[int, str, Decimal]]:
    marks = attempt.marks.filter(number=number_of(attempt, version)).order_by("revision")
    return list(marks.values_list("revision", "source", "points"))


def scores(attempt: Attempt) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Of attempt and candidate, and what the standing marks add up to."""
    fresh = Attempt.objects.select_related("candidate").get(pk=attempt.pk)
    points = list(fresh.marks.standing().values_list("points", flat=True))
    return fresh.score, fresh.candidate.score, sum(points, Decimal(0))
