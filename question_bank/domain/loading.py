"""Bringing in many questions at once: for the demo bank and for importers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from modelsearch.backends import get_search_backends_with_name

from question_bank.domain.freezing import BATCH, QuestionIncomplete, freeze_many, problems_of
from question_bank.models import AnswerOption, Blank, Question, QuestionFigure


@transaction.atomic
def add_published_questions(questions: Sequence[Question], *, at: datetime) -> list[Question]:
    """Store new questions with their options and blanks, freeze and publish them: all or none.

    Options and blanks are those set in memory (``question.options = [...]``). Refuses with ``QuestionIncomplete``.
    A few queries per 400 questions: no revision is written for any of them, and the search index is brought up to
    date once at the end. One save each would cost thousands of queries, and on PostgreSQL thousands of dead rows.
    """
    _check(questions)
    for question in questions:
        question.live = True
        question.first_published_at = question.last_published_at = at
    _store(questions)
    freeze_many(questions, at=at)
    return list(questions)


@transaction.atomic
def add_drafts(questions: Sequence[Question], *, are_checked: bool = False) -> list[Question]:
    """Store new questions that nobody is asked yet. As ``add_published_questions``, without freezing them.

    ``are_checked``: somebody has asked ``problems_of`` about each already, as the dry run of a file does.
    """
    if not are_checked:
        _check(questions)
    for question in questions:
        question.live, question.has_unpublished_changes = False, True
    _store(questions)
    return list(questions)


def _store(questions: Sequence[Question]) -> None:
    Question.objects.bulk_create(questions, batch_size=BATCH)
    AnswerOption.objects.bulk_create([row for question in questions for row in _placed(question, "options")])
    Blank.objects.bulk_create([row for question in questions for row in _placed(question, "blanks")])
    QuestionFigure.objects.bulk_create([row for question in questions for row in _placed(question, "figures")])
    _index(questions)


def _check(questions: Sequence[Question]) -> None:
    # Before anything is stored: a database refuses what is too long in words that help nobody.
    for question in questions:
        if problems := problems_of(question):
            raise QuestionIncomplete(question, problems)


def _placed(question: Question, rows: str) -> list[Any]:
    """The rows of a question in their order, tied to it now that it has a number."""
    placed = list(getattr(question, rows).all())
    for place, row in enumerate(placed):
        row.question_id, row.sort_order = question.pk, place
    return placed


def _index(questions: Sequence[Question]) -> None:
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(Question, list(questions))
