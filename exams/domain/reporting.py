"""Reports on questions by those who were asked them, as far as their own released results go."""

from datetime import datetime, timedelta
from typing import NamedTuple

from exams.models import Attempt, ExamQuestion
from exams.rules import may_see_result
from members.models import User
from question_bank.models import QuestionReport, QuestionVersion


class Told(NamedTuple):
    """A report that was answered, and where its question stands in a result of the person's own."""

    report: QuestionReport
    attempt: Attempt
    number: int


def asked_version(attempt: Attempt, number: int, *, at: datetime) -> QuestionVersion | None:
    """The version behind a number of a released result; None before the release, and for what is not on the paper."""
    if not may_see_result(attempt, at=at):
        return None
    wanted = next((item.version_id for item in attempt.paper.rows() if item.number == number), None)
    return QuestionVersion.objects.select_related("question").filter(pk=wanted).first() if wanted else None


def reports_in(attempt: Attempt) -> dict[int, QuestionReport]:
    """By the number of the question: the candidate's newest report on it. One query."""
    numbers = {item.version_id: item.number for item in attempt.paper.rows()}
    reports = QuestionReport.objects.filter(person=attempt.candidate.person_id, version__in=numbers)
    return {numbers[report.version_id]: report for report in reports.order_by("reported_at", "pk")}


def answered_reports(person: User, *, at: datetime, within: timedelta) -> list[Told]:
    """Answers of the last days to this person's reports, the newest first. Three queries at most."""
    settled = QuestionReport.objects.filter(person=person, settled_at__gt=at - within, settled_at__lte=at)
    reports = {report.version_id: report for report in settled.order_by("settled_at", "pk")}
    if not reports:
        return []
    exams = ExamQuestion.objects.filter(version__in=reports).values("exam")
    attempts = Attempt.objects.filter(candidate__person=person, candidate__exam__in=exams)
    places: dict[int, Told] = {}
    for attempt in attempts.select_related("candidate__exam", "paper").order_by("pk"):
        if may_see_result(attempt, at=at):
            for item in attempt.paper.rows():
                if item.version_id in reports:
                    places[item.version_id] = Told(reports[item.version_id], attempt, item.number)
    return sorted(places.values(), key=lambda told: told.report.settled_at or at, reverse=True)
