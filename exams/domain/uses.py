"""In which exams questions are asked: what the question bank's list asks of this storey."""

from django.db.models import Exists, OuterRef, QuerySet

from exams.models import Exam, ExamQuestion
from question_bank.models import QuestionVersion

# An office has a dozen exams a quarter; older ones are found through their own page.
MOST = 100


def exam_choices() -> list[tuple[str, str]]:
    """The newest first: number and title. One query."""
    # Not joined and made distinct: an exam may draw from a thousand questions.
    has_questions = Exists(ExamQuestion.objects.filter(exam=OuterRef("pk")))
    exams = Exam.objects.filter(has_questions).order_by("-opens_at", "-pk")
    return [(str(pk), title) for pk, title in exams.values_list("pk", "title")[:MOST]]


def versions_asked(use: str) -> QuerySet[QuestionVersion]:
    """The versions that papers of the exam carry; ``all``: of any exam."""
    asked = ExamQuestion.objects.all()
    if use != "all":
        asked = asked.filter(exam=int(use)) if use.isascii() and use.isdigit() else asked.none()
    return QuestionVersion.objects.filter(pk__in=asked.values("version"))
