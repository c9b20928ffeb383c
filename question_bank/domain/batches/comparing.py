"""What every question of a file would do to the bank."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.utils.translation import gettext as _

from common.refusals import Refusal
from question_bank.domain.batches.checking import problems_of_draft
from question_bank.domain.batches.drafting import says_the_same, to_json
from question_bank.domain.batches.references import References
from question_bank.domain.duplicates import Likeness, Sought, comparable
from question_bank.domain.figures import digest_anew
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile, RefusedRow
from question_bank.enums import RowOutcome
from question_bank.models import AnswerOption, ImportBatch, ImportRow, Question, Topic

# Taken over unless a person says otherwise. A question much like another one waits for that person.
TAKEN = frozenset({RowOutcome.NEW, RowOutcome.CHANGED})
REASON_LENGTH, EXCERPT_LENGTH, PLACE_LENGTH = 500, 200, 120
# Rows of the bank that are in memory at once, and of the file with the questions they are.
CHUNK, ROWS_AT_ONCE = 2000, 500


@dataclass(slots=True)
class _Found:
    """What was found for a draft: its topic and entry, the question it is or is most like, what stands against it."""

    topic: Topic | None
    entry: int | None
    same: int | None = None
    near: Likeness | None = None
    near_question: int | None = None
    repeats: int | None = None
    problem: str = ""
    outcome: RowOutcome = RowOutcome.NEW


def compare(
    file: QuestionFile, batch: ImportBatch, references: References, *, tell: Callable[[int], object]
) -> Iterator[ImportRow]:
    """A row for each question of the file and for each one refused, in the order of the file's numbers; not stored.

    A draft is the question of the bank that has its key as uuid, or the same stem, kind and options; else it is new,
    and near to another one where ``duplicates`` says so. All of that is found, and told by how many rows are done,
    before the call returns; the rows themselves, which weigh more, are made one by one as they are asked for.
    """
    found = [_Found(references.topic_of(draft), references.entry_of(draft)) for draft in file.drafts]
    sought = Sought(_texts(file.drafts))
    _find_in_bank(file.drafts, found, sought)
    _find_repeats(found, sought)
    for start in range(0, len(found), ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        _judge(file.drafts[some], found[some])
        tell(start + len(found[some]))
    return _rows(file, found, batch)


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
    for repeat in sought.repeats():
        row = found[repeat.later]
        if row.repeats is None:
            row.repeats, row.near = repeat.earlier + 1, row.near or Likeness(repeat.earlier, repeat.percent)


def _judge(drafts: Sequence[QuestionDraft], found: Sequence[_Found]) -> None:
    """What would come of each draft."""
    rows = Question.objects.select_related("topic").prefetch_related("options", "blanks", "figures__figure")
    questions = rows.in_bulk(sorted({row.same for row in found if row.same}))
    for draft, row in zip(drafts, found, strict=True):
        row.problem = _problem(draft, row)
        if row.problem:
            continue
        if row.same:
            same = says_the_same(draft, questions[row.same], topic=row.topic if draft.topic else None, entry=row.entry)
            row.outcome = RowOutcome.IDENTICAL if same else RowOutcome.CHANGED
        elif row.near or row.repeats:
            row.outcome = RowOutcome.NEAR


def _rows(file: QuestionFile, found: Sequence[_Found], batch: ImportBatch) -> Iterator[ImportRow]:
    taken = (_row(draft, row, batch) for draft, row in zip(file.drafts, found, strict=True))
    refused = (_refused(batch, each) for each in file.refused)
    for number, row in enumerate(chain(taken, refused), start=1):
        row.number = number
        yield row


def _row(draft: QuestionDraft, found: _Found, batch: ImportBatch) -> ImportRow:
    if found.problem:
        return _refused(batch, RefusedRow(draft.place, found.problem, draft.stem))
    return ImportRow(
        batch=batch,
        place=draft.place[:PLACE_LENGTH],
        outcome=found.outcome,
        draft=to_json(draft),
        excerpt=draft.stem[:EXCERPT_LENGTH],
        question_id=found.same or found.near_question,
        repeats=None if found.same else found.repeats,
        likeness_percent=found.near.percent if found.near and not found.same else None,
        is_taken=found.outcome in TAKEN and not found.repeats,
    )


def _problem(draft: QuestionDraft, found: _Found) -> str:
    """What stands against taking the draft over; empty: nothing."""
    if found.topic is None and draft.topic:
        return _("There is no topic “%(topic)s”. Add it, or correct the file.") % {"topic": draft.topic[:60]}
    if found.topic is None:
        return _("It says no topic. Choose one for the whole file above.")
    try:
        for image in draft.images:
            digest_anew(image.content)
    except Refusal as refusal:
        return str(refusal)
    return " ".join(message for of_field in problems_of_draft(draft).values() for message in of_field)


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
