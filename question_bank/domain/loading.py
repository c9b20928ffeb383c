"""Bringing in many questions at once: for the demo bank and for importers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from modelsearch.backends import get_search_backends_with_name

from common.storing import store_rows, store_values
from question_bank.domain.freezing import QuestionIncomplete, freeze_many, problems_of
from question_bank.domain.importing.drafts import DraftOption
from question_bank.models import AnswerOption, Blank, Question, QuestionFigure


class Written(NamedTuple):
    """A new question and what is stored beside it, each in its order; nothing is tied to the question yet.

    Options and blanks (their accepted answers) are not made rows of a model: that takes longer than storing them.
    """

    question: Question
    options: Sequence[DraftOption]
    blanks: Sequence[str]
    figures: Sequence[QuestionFigure]


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
def add_drafts(questions: Sequence[Question]) -> list[Question]:
    """Store new questions that nobody is asked yet. As ``add_published_questions``, without freezing them."""
    _check(questions)
    _mark_as_drafts(questions)
    _store(questions)
    return list(questions)


@transaction.atomic
def add_checked_drafts(written: Sequence[Written]) -> list[Question]:
    """``add_drafts`` for questions that were found complete already, as the dry run of a file does."""
    questions = [each.question for each in written]
    _mark_as_drafts(questions)
    store_rows(questions)
    store_values(
        AnswerOption,
        ("question_id", "sort_order", "text", "is_right", "is_anchored"),
        (
            (each.question.pk, place, option.text, option.is_right, option.is_anchored)
            for each in written
            for place, option in enumerate(each.options)
        ),
    )
    store_values(
        Blank,
        ("question_id", "sort_order", "accepted"),
        ((each.question.pk, place, accepted) for each in written for place, accepted in enumerate(each.blanks)),
    )
    store_rows([row for each in written for row in _placed(each.question, each.figures)])
    _index(questions)
    return questions


def _mark_as_drafts(questions: Iterable[Question]) -> None:
    for question in questions:
        question.live, question.has_unpublished_changes = False, True


def _store(questions: Sequence[Question]) -> None:
    store_rows(questions)
    for rows in ("options", "blanks", "figures"):
        store_rows([row for each in questions for row in _placed(each, getattr(each, rows).all())])
    _index(questions)


def _check(questions: Sequence[Question]) -> None:
    # Before anything is stored: a database refuses what is too long in words that help nobody.
    for question in questions:
        if problems := problems_of(question):
            raise QuestionIncomplete(question, problems)


def _placed(question: Question, rows: Iterable[Any]) -> Iterator[Any]:
    for place, row in enumerate(rows):
        row.question_id, row.sort_order = question.pk, place
        yield row


def _index(questions: Sequence[Question]) -> None:
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(Question, list(questions))
