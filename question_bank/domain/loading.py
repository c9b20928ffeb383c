"""Bringing in many questions at once: for the demo bank and for importers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from modelsearch.backends import get_search_backends_with_name

from common.storing import store_rows
from question_bank.domain.freezing import QuestionIncomplete, freeze_many, problems_of
from question_bank.models import AnswerOption, Blank, Question, QuestionFigure


class Written(NamedTuple):
    """A new question with its rows, neither stored nor tied to each other; the rows in their order."""

    question: Question
    options: list[AnswerOption]
    blanks: list[Blank]
    figures: list[QuestionFigure]


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
    _store([_written(question) for question in questions])
    freeze_many(questions, at=at)
    return list(questions)


@transaction.atomic
def add_drafts(questions: Sequence[Question]) -> list[Question]:
    """Store new questions that nobody is asked yet. As ``add_published_questions``, without freezing them."""
    _check(questions)
    return add_checked_drafts([_written(question) for question in questions])


@transaction.atomic
def add_checked_drafts(written: Sequence[Written]) -> list[Question]:
    """``add_drafts`` for questions that were found complete already, as the dry run of a file does."""
    questions = [each.question for each in written]
    for question in questions:
        question.live, question.has_unpublished_changes = False, True
    _store(written)
    return questions


def _store(written: Sequence[Written]) -> None:
    questions = [each.question for each in written]
    store_rows(questions)
    for each in written:
        _place(each.question, each.options)
        _place(each.question, each.blanks)
        _place(each.question, each.figures)
    store_rows([row for each in written for row in each.options])
    store_rows([row for each in written for row in each.blanks])
    store_rows([row for each in written for row in each.figures])
    _index(questions)


def _check(questions: Sequence[Question]) -> None:
    # Before anything is stored: a database refuses what is too long in words that help nobody.
    for question in questions:
        if problems := problems_of(question):
            raise QuestionIncomplete(question, problems)


def _written(question: Question) -> Written:
    return Written(question, *(list(getattr(question, rows).all()) for rows in ("options", "blanks", "figures")))


def _place(question: Question, rows: Sequence[AnswerOption | Blank | QuestionFigure]) -> None:
    for place, row in enumerate(rows):
        row.question_id, row.sort_order = question.pk, place


def _index(questions: Sequence[Question]) -> None:
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(Question, list(questions))
