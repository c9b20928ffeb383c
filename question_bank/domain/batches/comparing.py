"""What every question of a file would do to the bank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from common.chinese import fold
from common.refusals import Refusal
from question_bank.domain.batches.drafting import question_from, says_the_same, to_json
from question_bank.domain.duplicates import Likeness, Sought, comparable
from question_bank.domain.figures import write_anew
from question_bank.domain.freezing import problems_of
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile, RefusedRow
from question_bank.enums import RowOutcome
from question_bank.models import AnswerOption, ImportBatch, ImportRow, Question, Topic

# Taken over unless a person says otherwise. A question much like another one waits for that person.
TAKEN = frozenset({RowOutcome.NEW, RowOutcome.CHANGED})
REASON_LENGTH, EXCERPT_LENGTH, PLACE_LENGTH = 500, 200, 120
# Rows of the bank that are in memory at once.
CHUNK = 2000


@dataclass(slots=True)
class _Found:
    """What was found for a draft: its topic, the question it is, or the one it is most like."""

    topic: Topic | None
    same: int | None = None
    near: Likeness | None = None
    near_question: int | None = None
    repeats: int | None = None


def compare(file: QuestionFile, batch: ImportBatch, *, at: datetime) -> Iterator[ImportRow]:
    """A row for each question of the file and for each one refused, in the order of the file's numbers; not stored.

    A draft is the question of the bank that has its key as uuid, or the same stem, kind and options; else it is new,
    and near to another one where ``duplicates`` says so.
    """
    topics = topics_by_name()
    drafts = list(file.drafts)
    found = [_Found(topic_of(draft, topics, batch)) for draft in drafts]
    sought = Sought(_texts(drafts))
    _find_in_bank(drafts, found, sought)
    _find_repeats(found, sought)
    questions = _questions({row.same for row in found if row.same})
    rows = [_row(draft, row, questions, batch, at=at) for draft, row in zip(drafts, found, strict=True)]
    for number, row in enumerate([*rows, *(_refused(batch, refused) for refused in file.refused)], start=1):
        row.number = number
        yield row


def topics_by_name() -> dict[str, Topic]:
    """Every topic by its code and by its title as typed titles are compared."""
    return {name: topic for topic in Topic.objects.all() for name in (topic.code, fold(topic.title))}


def topic_of(draft: QuestionDraft, topics: Mapping[str, Topic], batch: ImportBatch) -> Topic | None:
    """By code, by title, or by the last title of a path; the topic chosen for the file where the draft says none."""
    if not draft.topic.strip():
        return batch.default_topic
    last = draft.topic.replace("／", "/").rpartition("/")[2]
    code, _space, title = last.strip().partition(" ")
    return topics.get(code) or topics.get(fold(last)) or topics.get(fold(title))


def _texts(drafts: Sequence[QuestionDraft]) -> list[str]:
    return [comparable(draft.stem, [option.text for option in draft.options]) for draft in drafts]


def _find_in_bank(drafts: Sequence[QuestionDraft], found: Sequence[_Found], sought: Sought) -> None:
    """One pass over the bank, whatever its size."""
    by_key = {draft.key: place for place, draft in enumerate(drafts) if _is_uuid(draft.key)}
    exact: dict[str, list[int]] = {}
    for place, text in enumerate(sought.texts):
        exact.setdefault(f"{drafts[place].kind}\n{text}", []).append(place)
    for pk, uuid, kind, text in _bank():
        if uuid in by_key:
            found[by_key[uuid]].same = pk
        for twin in exact.get(f"{kind}\n{text}", ()):
            found[twin].same = found[twin].same or pk
        for likeness in sought.like(text):
            row = found[likeness.place]
            if row.near is None or likeness.percent > row.near.percent:
                row.near, row.near_question = likeness, pk


def _bank() -> Iterator[tuple[int, str, str, str]]:
    """Every question as (id, uuid, kind, comparable text); options of a few thousand at a time."""
    questions = Question.objects.order_by("pk").values_list("pk", "uuid", "kind", "stem")
    last = 0
    while chunk := list(questions.filter(pk__gt=last)[:CHUNK]):
        options: dict[int, list[str]] = {}
        last = chunk[-1][0]
        rows = AnswerOption.objects.filter(question__gte=chunk[0][0], question__lte=last)
        for question, text in rows.values_list("question_id", "text"):
            options.setdefault(question, []).append(text)
        for pk, uuid, kind, stem in chunk:
            yield pk, str(uuid), kind, comparable(stem, options.get(pk, []))


def _find_repeats(found: Sequence[_Found], sought: Sought) -> None:
    """Questions that the file itself holds twice, or nearly: the later one names the earlier."""
    for place, text in enumerate(sought.texts):
        for likeness in sought.like(text):
            row = found[likeness.place]
            if likeness.place > place and row.repeats is None:
                row.repeats, row.near = place + 1, row.near or Likeness(place, likeness.percent)


def _questions(ids: set[int]) -> dict[int, Question]:
    rows = Question.objects.select_related("topic").prefetch_related("options", "blanks", "figures__figure")
    wanted = sorted(ids)
    questions: dict[int, Question] = {}
    for start in range(0, len(wanted), CHUNK):
        questions |= rows.in_bulk(wanted[start : start + CHUNK])
    return questions


def _row(
    draft: QuestionDraft, found: _Found, questions: Mapping[int, Question], batch: ImportBatch, *, at: datetime
) -> ImportRow:
    if reason := _problem(draft, found, batch, at=at):
        return _refused(batch, RefusedRow(draft.place, reason, draft.stem))
    if found.same:
        question = questions[found.same]
        same = says_the_same(draft, question, topic=found.topic if draft.topic else None)
        outcome = RowOutcome.IDENTICAL if same else RowOutcome.CHANGED
    else:
        outcome = RowOutcome.NEAR if found.near or found.repeats else RowOutcome.NEW
    return ImportRow(
        batch=batch,
        place=draft.place[:PLACE_LENGTH],
        outcome=outcome,
        draft=to_json(draft),
        excerpt=draft.stem[:EXCERPT_LENGTH],
        question_id=found.same or found.near_question,
        repeats=None if found.same else found.repeats,
        likeness_percent=found.near.percent if found.near and not found.same else None,
        is_taken=outcome in TAKEN and not found.repeats,
    )


def _problem(draft: QuestionDraft, found: _Found, batch: ImportBatch, *, at: datetime) -> str:
    """What stands against taking the draft over; empty: nothing."""
    if found.topic is None and draft.topic:
        return _("There is no topic “%(topic)s”. Add it, or correct the file.") % {"topic": draft.topic[:60]}
    if found.topic is None:
        return _("It says no topic. Choose one for the whole file above.")
    try:
        for image in draft.images:
            write_anew(image.content)
    except Refusal as refusal:
        return str(refusal)
    bare = replace(draft, images=())
    question = question_from(
        bare, topic=found.topic, difficulty=batch.default_difficulty, source=batch.file_name, at=at
    )
    return " ".join(message for of_field in problems_of(question).values() for message in of_field)


def _refused(batch: ImportBatch, refused: RefusedRow) -> ImportRow:
    return ImportRow(
        batch=batch,
        place=refused.place[:PLACE_LENGTH],
        outcome=RowOutcome.REFUSED,
        reason=str(refused.reason)[:REASON_LENGTH],
        excerpt=refused.excerpt[:EXCERPT_LENGTH],
    )


def _is_uuid(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False
