"""A bank of many thousand questions in every state, with re-checks, reports, reviews and an exam that asks some."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localdate
from wagtail.models import Workflow, WorkflowState

from members.models import User
from question_bank.domain.batches.drafting import Placed, question_from
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.loading import add_drafts, add_published_questions
from question_bank.enums import Difficulty, RecheckReason, ReportReason
from question_bank.models import Question, QuestionReport, QuestionVersion, Recheck, Topic
from tests.benchmarks.bank_content import written_questions

SEED = 1
CHUNK = 5_000
# Of ten questions so many are drafts; of a hundred published ones so many are retired, wait, are reported.
DRAFTS_OF_TEN = 3
RETIRED_OF_HUNDRED, RECHECKED_OF_HUNDRED, REPORTED_OF_HUNDRED = 10, 3, 1


def grow(count: int, *, by: User, at: datetime) -> None:
    """Make it ``count`` questions, those already there included."""
    topics = _topics()
    drafts = written_questions(count - Question.objects.count(), seed=SEED)
    for part, some in enumerate(_chunks(drafts)):
        questions = [question_from(draft, _placed(topics, place, part), at=at) for place, draft in enumerate(some)]
        for place, question in enumerate(questions):
            question.valid_to = localdate(at) + timedelta(days=place % 400 - 40) if place % 4 == 0 else None
        cut = len(questions) * DRAFTS_OF_TEN // 10
        add_drafts(questions[:cut])
        add_published_questions(questions[cut:], at=at)
        _live_through(questions, cut, by=by, at=at)


def _placed(topics: Sequence[Topic], place: int, part: int) -> Placed:
    return Placed(topics[place % len(topics)], list(Difficulty)[place % 3], source=f"第{part}册题库.xlsx")


def _topics() -> list[Topic]:
    """Five topics of five of four; the questions hang on the lowest."""
    codes = [f"6{a}" for a in range(5)]
    codes += [f"6{a}{b:02}" for a in range(5) for b in range(1, 6)]
    leaves = [f"6{a}{b:02}{c:02}" for a in range(5) for b in range(1, 6) for c in range(1, 5)]
    Topic.objects.bulk_create([Topic(code=code, title=f"知识点{code}") for code in [*codes, *leaves]])
    return list(Topic.objects.filter(code__in=leaves))


def _chunks(rows: Iterator[QuestionDraft]) -> Iterator[list[QuestionDraft]]:
    while some := list(islice(rows, CHUNK)):
        yield some


def _live_through(questions: list[Question], cut: int, *, by: User, at: datetime) -> None:
    """What years leave behind."""
    drafts, published = questions[:cut], questions[cut:]
    retired = [question.pk for question in published if question.pk % 100 < RETIRED_OF_HUNDRED]
    Question.objects.filter(pk__in=retired).update(live=False)
    living = [question for question in published if question.pk % 100 >= RETIRED_OF_HUNDRED]
    reasons = list(RecheckReason)
    Recheck.objects.bulk_create(
        Recheck(question=question, reason=reasons[question.pk % len(reasons)], asked_at=at)
        for question in living[: len(living) * RECHECKED_OF_HUNDRED // 100]
    )
    reported = [question.current_version_id for question in living[-len(living) * REPORTED_OF_HUNDRED // 100 :]]
    QuestionReport.objects.bulk_create(
        QuestionReport(version=version, person=by, reason=ReportReason.UNCLEAR, reported_at=at)
        for version in QuestionVersion.objects.filter(pk__in=reported)
    )
    kind, workflow = ContentType.objects.get_for_model(Question), Workflow.objects.order_by("pk").first()
    WorkflowState.objects.bulk_create(
        WorkflowState(content_type=kind, base_content_type=kind, object_id=str(question.pk), workflow=workflow)
        for question in drafts[::10]
    )
