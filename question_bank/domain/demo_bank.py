"""The demonstration bank: reading the files under ``question_bank/demo/`` and bringing them in.

A file holds one ``[topic]`` and its ``[[questions]]``. Beside the fields of a question stand ``options`` (texts) with
``right`` and ``anchored`` (places from 1) and ``ordered``; ``right`` (true or false) for a statement; ``blanks`` (the
accepted answers of each) with ``free_order``; ``guide`` for a short answer; ``entry`` (the title of the entry of a
demonstration handbook that holds the answer).
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from cms.models import EntryPage
from question_bank.domain.freezing import BATCH
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

    Citations are tied to the handbooks that are there: ``load_demo_knowledge`` comes first. A question from the time
    before citations gets its own as long as nobody has edited it.
    Refuses with ``QuestionIncomplete`` when a file holds a question that cannot be asked; then nothing is stored.
    """
    files = read_bank()
    topics, added = _add_topics(files)
    entries = _entries_cited(files)
    wanted = [question for file in files for question in _questions_of(file, topics[file.code], entries)]
    known = set(Question.objects.values_list("topic_id", "stem"))
    missing = [question for question in wanted if (question.topic_id, question.stem) not in known]
    _cite_belatedly(wanted)
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


def _entries_cited(files: Iterable[BankFile]) -> dict[str, EntryPage]:
    """By title; of two with the same one the first in the tree."""
    titles = {row["entry"] for file in files for row in file.questions if "entry" in row}
    return {entry.title: entry for entry in EntryPage.objects.filter(title__in=titles).order_by("-path")}


def _questions_of(file: BankFile, topic: Topic, entries: Mapping[str, EntryPage]) -> Iterator[Question]:
    for row in file.questions:
        question = question_from(row, topic)
        question.entry = entries.get(row.get("entry", ""))
        yield question


def _cite_belatedly(wanted: Iterable[Question]) -> None:
    cited = {(question.topic_id, question.stem): question.entry for question in wanted if question.entry}
    untouched = Question.objects.filter(entry=None, latest_revision=None)
    found = [question for question in untouched if (question.topic_id, question.stem) in cited]
    for question in found:
        question.entry = cited[question.topic_id, question.stem]
    Question.objects.bulk_update(found, ["entry"], batch_size=BATCH)


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
