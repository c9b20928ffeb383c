"""Freezing: making the version of a question that papers point at.

A version is made from what the question says at that moment and never changes afterwards. Freezing an unchanged
question makes nothing new, so it is safe to repeat.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from common.refusals import Refusal
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import Question, QuestionVersion
from question_bank.validators import check_blanks, check_figures, check_options, check_question_fields

# Neither 0 and o nor 1, i and l: an id may be read out on the telephone.
ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 4
# Rows handled at once: SQLite takes a bounded number of parameters in one statement.
BATCH = 400

_COPIED = ("topic_id", "kind", "difficulty", "explanation", "basis", "document_number", "region")
_COPIED_DATES = ("valid_from", "valid_to")
_RELATIONS = {field.name for field in Question._meta.get_fields() if field.is_relation}


class QuestionIncomplete(Refusal):
    """A question that cannot be asked. ``members["errors"]`` is ``{field: [message, ...]}``."""

    code: ClassVar[str] = "question_incomplete"
    status: ClassVar[int] = 422

    def __init__(self, question: Question, errors: dict[str, list[str]]) -> None:
        messages = " ".join(message for of_field in errors.values() for message in of_field)
        text = _("The question “%(question)s” is not complete. %(messages)s")
        super().__init__(text % {"question": question, "messages": messages}, errors=errors)


def freeze_question(question: Question, *, at: datetime) -> QuestionVersion:
    """The version that says what ``question`` says now: a new one, or the current one when nothing changed.

    Sets ``question.current_version``. Refuses with ``QuestionIncomplete``. Atomic.
    """
    return freeze_many([question], at=at)[0]


@transaction.atomic
def freeze_many(questions: Iterable[Question], *, at: datetime) -> list[QuestionVersion]:
    """Freeze thousands of questions in a few queries per 400 of them; returns the current version of each, in order.

    All or none: the first incomplete question refuses the whole call with ``QuestionIncomplete``. Options, blanks and
    figures are read as they stand in memory or as prefetched; prefetch them, or each question asks for its own.
    """
    versions: list[QuestionVersion] = []
    for batch in _batches(questions):
        versions += _freeze_batch(batch, at=at)
    return versions


def problems_of(question: Question) -> dict[str, list[str]]:
    """What stands against asking this question, by field (``options``, ``blanks``, ``figures`` too); empty: none."""
    options, blanks = list(question.options.all()), list(question.blanks.all())
    return problems_told_by(
        ("", lambda: question.clean_fields(exclude=_RELATIONS)),
        ("", lambda: check_question_fields(question)),
        ("options", lambda: [option.clean_fields(exclude={"question"}) for option in options]),
        ("options", lambda: check_options(question.kind, options)),
        ("figures", lambda: check_figures([row.description for row in question.figures.all()])),
        ("blanks", lambda: [blank.clean_fields(exclude={"question"}) for blank in blanks]),
        ("blanks", lambda: check_blanks(question.blank_count, [blank.accepted for blank in blanks])),
    )


def problems_told_by(*checks: tuple[str, Callable[[], object]]) -> dict[str, list[str]]:
    """What the checks refuse, by the field each of them is about; one without a field names its own."""
    problems: dict[str, list[str]] = {}
    for field, check in checks:
        try:
            check()
        except ValidationError as error:
            named = {field: error.messages} if field else error.message_dict
            for name, messages in named.items():
                problems[name] = problems.get(name, []) + messages
    return problems


def keep_current_version(question: Question) -> None:
    """Let ``question`` point at its newest version again.

    A revision carries the pointer of the day it was written, so publishing or withdrawing one would turn it back.
    """
    _point_at_newest([question])
    question.current_version = question.versions.first()


def says(question: Question) -> tuple[str, int | None]:
    """Equal for two states of a question that ask, teach and cite the same."""
    return _digest(question), question.entry_id


def _batches(questions: Iterable[Question]) -> Iterator[list[Question]]:
    remaining = iter(questions)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _freeze_batch(questions: Sequence[Question], *, at: datetime) -> list[QuestionVersion]:
    for question in questions:
        if problems := problems_of(question):
            raise QuestionIncomplete(question, problems)
    _lock(questions)
    newest = _newest_versions(questions)
    fresh = {}
    for question in questions:
        digest, last = _digest(question), newest.get(question.pk)
        if last is None or last.digest != digest:
            fresh[question.pk] = _version_of(question, number=last.number + 1 if last else 1, digest=digest, at=at)
    QuestionVersion.objects.bulk_create(fresh.values())
    _point_at_newest(questions)
    current = [fresh.get(question.pk) or newest[question.pk] for question in questions]
    for question, version in zip(questions, current, strict=True):
        question.current_version = version
    return current


def _lock(questions: Sequence[Question]) -> None:
    """Two people who publish the same question at once get one version after the other."""
    list(
        Question.objects.select_for_update()
        .filter(pk__in=[question.pk for question in questions])
        .order_by("pk")
        .values_list("pk")
    )


def _newest_versions(questions: Sequence[Question]) -> dict[int, QuestionVersion]:
    newest = (
        QuestionVersion.objects.filter(question__in=[question.pk for question in questions])
        .annotate(last=Max("question__versions__number"))
        .filter(number=F("last"))
    )
    return {version.question_id: version for version in newest}


def _point_at_newest(questions: Sequence[Question]) -> None:
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number").values("pk")[:1]
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(current_version=Subquery(newest))


def _version_of(question: Question, *, number: int, digest: str, at: datetime) -> QuestionVersion:
    ids = _option_ids(question)
    return QuestionVersion(
        question=question,
        number=number,
        shown=question.shown_content(ids),
        key=_key(question, ids),
        digest=digest,
        frozen_at=at,
        **{name: getattr(question, name) for name in (*_COPIED, *_COPIED_DATES)},
    )


def _option_ids(question: Question) -> list[str]:
    """A random name for each option. Names carry no order: neither place nor rightness can be read from them."""
    if question.kind == Kind.TRUE_FALSE:
        return ["true", "false"]
    count = len(question.options.all())
    ids: list[str] = []
    while len(ids) < count:
        drawn = "".join(secrets.choice(ID_ALPHABET) for _place in range(ID_LENGTH))
        if drawn not in ids:
            ids.append(drawn)
    return ids


def _key(question: Question, option_ids: Sequence[str]) -> dict[str, Any]:
    """The key in the shape of ``QuestionVersion.key``."""
    if question.kind == Kind.TRUE_FALSE:
        return {"options": ["true" if question.statement_is_true else "false"]}
    if question.kind in CHOICE_KINDS:
        rows = zip(option_ids, question.options.all(), strict=True)
        return {"options": [name for name, option in rows if option.is_right]}
    if question.kind == Kind.FILL:
        blanks = [blank.accepted_answers() for blank in question.blanks.all()]
        return {"blanks": blanks, "any_order": question.blanks_in_any_order}
    return {"guide": question.marking_guide}


def _digest(question: Question) -> str:
    """SHA-256 over everything a version holds, with the options called by their place: their ids are drawn anew."""
    places = [option["id"] for option in question.shown_content()["options"]]
    content = {
        "shown": question.shown_content(),
        "key": _key(question, places),
        **{name: getattr(question, name) for name in _COPIED},
        **{name: str(getattr(question, name) or "") for name in _COPIED_DATES},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
