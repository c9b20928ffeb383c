"""The figures of questions and exams, for a timer of one's own or by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.clock import now
from exams.domain.statistics import compute_statistics
from exams.models import Exam


class Command(BaseCommand):
    help = "Compute the statistics of questions and exams from all answers that count. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exam", metavar="UUID", help="Only the questions of this exam.")

    def handle(self, *args: Any, exam: str | None = None, **options: Any) -> None:
        done = compute_statistics(at=now(), exam=self.exam(exam) if exam else None)
        self.stdout.write(f"{done.papers} papers, {done.versions} questions, {done.doubts} new doubts")

    def exam(self, uuid: str) -> Exam:
        try:
            return Exam.objects.get(uuid=uuid)
        except (Exam.DoesNotExist, ValidationError) as error:
            raise CommandError(f"There is no exam {uuid}.") from error
