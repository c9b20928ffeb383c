"""The demonstration bank: reading the files under ``question_bank/demo/`` and bringing them in.

A file holds one ``[topic]`` and its ``[[questions]]``. Beside the fields of a question stand ``options`` (texts) with
``right`` and ``anchored`` (places from 1) and ``ordered``; ``right`` (true or false) for a statement; ``blanks`` (the
accepted answers of each) with ``free_order``; ``guide`` for a short answer.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from question_bank.domain.loading import add_published_questions
from question_bank.enums import Kind
from question_bank.models import AnswerOption, Blank, Question, Topic

FOLDER = Path(__file__).resolve().parent.parent / "demo"

_PLAIN_FIELDS = (
    "kind", "difficulty", "stem", "explanation", "basis", "document_number", "region", "valid_from", "valid_to",
)  # fmt: skip


class BankFile(NamedTuple):
    """One file as read: its topic, and its questions not yet tied to a stored topic."""

    code: str
    title: str
    questions: tuple[Mapping[str, Any], ...]


class Loaded(NamedTuple):
    """What a load brought in and what was there before."""

    topics: int
    questions: int
    already_there: int


@transaction.atomic
def load_demo_bank(*, at: datetime) -> Loaded:
    """Bring in what is missing; a question with the same topic and stem is there already and is left as it is.

    Refuses with ``QuestionIncomplete`` when a file holds a question that cannot be asked; then nothing is stored.
    """
    files = read_bank()
    topics, added = _add_topics(files)
    known = set(Question.objects.values_list("topic_id", "stem"))
    missing = [
        question
        for file in files
        for question in _questions_of(file, topics[file.code])
        if (question.topic_id, question.stem) not in known
    ]
    add_published_questions(missing, at=at)
    there = sum(len(file.questions) for file in files) - len(missing)
    return Loaded(topics=added, questions=len(missing), already_there=there)


@cache
def read_bank() -> tuple[BankFile, ...]:
    """Every file in the order of their names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def _read(path: Path) -> BankFile:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return BankFile(content["topic"]["code"], content["topic"]["title"], tuple(content["questions"]))


def _add_topics(files: Iterable[BankFile]) -> tuple[dict[str, Topic], int]:
    known = set(Topic.objects.values_list("code", flat=True))
    missing = [Topic(code=file.code, title=file.title) for file in files if file.code not in known]
    Topic.objects.bulk_create(missing)
    return {topic.code: topic for topic in Topic.objects.all()}, len(missing)


def _questions_of(file: BankFile, topic: Topic) -> Iterator[Question]:
    for row in file.questions:
        yield question_from(row, topic)


def question_from(row: Mapping[str, Any], topic: Topic) -> Question:
    """A question in memory with its options and blanks, not checked and not stored."""
    question = Question(
        topic=topic,
        options_in_order=row.get("ordered", False),
        blanks_in_any_order=row.get("free_order", False),
        marking_guide=row.get("guide", ""),
        statement_is_true=row["right"] if row["kind"] == Kind.TRUE_FALSE else None,
        **{name: row[name] for name in _PLAIN_FIELDS if name in row},
    )
    question.options = [
        AnswerOption(text=text, is_right=place in row["right"], is_anchored=place in row.get("anchored", []))
        for place, text in enumerate(row.get("options", []), start=1)
    ]
    question.figures = []
    question.blanks = [Blank(accepted="\n".join(accepted)) for accepted in row.get("blanks", [])]
    return question
