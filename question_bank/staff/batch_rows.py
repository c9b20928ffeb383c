"""Rows of a dry run in words: what they say, what differs, what they are like."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from members.models import User
from question_bank.domain.batches.deciding import CHOOSABLE
from question_bank.domain.batches.drafting import SAID, draft_of, from_json, shows_the_same
from question_bank.domain.citing import CitedEntries
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.options import LETTERS
from question_bank.enums import CHOICE_KINDS, Kind, RowOutcome
from question_bank.models import ImportBatch, ImportRow

_FIELD_LABELS = {
    "kind": gettext_lazy("Kind"),
    "stem": gettext_lazy("Stem"),
    "options": gettext_lazy("Options and key"),
    "blanks": gettext_lazy("Answers of the blanks"),
    "difficulty": gettext_lazy("Difficulty"),
    "topic": gettext_lazy("Topic"),
    "entry": gettext_lazy("tests the entry"),
    "images": gettext_lazy("Pictures"),
    "options_in_order": gettext_lazy("Keep the order of the options"),
    "statement_is_true": pgettext_lazy("question", "Key"),
    "blanks_in_any_order": gettext_lazy("Blanks in any order"),
    "marking_guide": gettext_lazy("Marking guide"),
    "explanation": gettext_lazy("Explanation"),
    "basis": pgettext_lazy("law", "Basis"),
    "document_number": gettext_lazy("Document number"),
    "region": gettext_lazy("Region"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_to": gettext_lazy("Valid to"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a question as shown: an option, an answer; ``is_key`` where it is (a part of) the key."""

    text: str
    is_key: bool = False


@dataclass(slots=True)
class RowShown:
    """One row with everything that the page says of it."""

    row: ImportRow
    draft: QuestionDraft | None
    lines: Sequence[Line] = ()
    differences: Sequence[tuple[Any, str, str]] = ()
    other: QuestionDraft | None = None
    other_lines: Sequence[Line] = field(default_factory=list)

    @property
    def may_be_chosen(self) -> bool:
        return self.row.outcome in CHOOSABLE


def outcomes_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """For every outcome how many rows have it, and how many of these are to be taken; in the order of the list."""
    rows = batch.rows.order_by().values("outcome").annotate(n=Count("pk"), taken=Count("pk", filter=Q(is_taken=True)))
    found = {row["outcome"]: row for row in rows}
    return [
        {"outcome": str(each), "label": each.label, "n": found[each]["n"], "taken": found[each]["taken"]}
        for each in RowOutcome
        if each in found
    ]


def shown_rows(batch: ImportBatch, rows: Sequence[ImportRow], *, to: User) -> list[RowShown]:
    """A page of rows; the number of queries does not depend on how many."""
    earlier = _earlier_rows(batch, {row.repeats for row in rows if row.repeats})
    entries = CitedEntries(to)
    return [_shown(row, earlier, entries) for row in rows]


def with_questions(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    return rows.select_related("question__topic", "made").prefetch_related(
        "question__options", "question__blanks", "question__figures__figure"
    )


def _earlier_rows(batch: ImportBatch, numbers: set[int]) -> dict[int, QuestionDraft]:
    rows = batch.rows.filter(number__in=numbers, draft__isnull=False)
    return {row.number: from_json(row.words()) for row in rows}


def _shown(row: ImportRow, earlier: Mapping[int, QuestionDraft], entries: CitedEntries) -> RowShown:
    if not row.draft:
        return RowShown(row, None)
    draft = _as_seen(from_json(row.words()), entries)
    shown = RowShown(row, draft, lines_of(draft))
    if row.outcome == RowOutcome.NEAR:
        other = draft_of(row.question) if row.question else earlier.get(row.repeats or 0)
        if other is not None:
            other = _as_seen(other, entries)
            shown.other, shown.other_lines = other, lines_of(other)
    elif row.outcome == RowOutcome.CHANGED and row.question:
        there = draft_of(row.question, entry=entries.name_of(row.question.entry_id))
        shown.differences = differences(draft, there)
    return shown


def _as_seen(draft: QuestionDraft, entries: CitedEntries) -> QuestionDraft:
    """Without an entry that is not here, or closed to whoever looks: of that one the file tells nothing either."""
    return replace(draft, entry=entries.name_of(entries.find(draft.entry))) if draft.entry else draft


def lines_of(draft: QuestionDraft) -> list[Line]:
    pictures = [Line(_("Picture: %(words)s") % {"words": _LINES["images"](image)}) for image in draft.images]
    entry = [Line(_("Tests the entry %(entry)s") % {"entry": draft.entry})] if draft.entry else []
    return [*_answers_of(draft), *pictures, *entry]


def _answers_of(draft: QuestionDraft) -> list[Line]:
    if draft.options:
        return [
            Line(f"{letter}. {option.text}", option.is_right)
            for letter, option in zip(LETTERS, draft.options, strict=False)
        ]
    if draft.kind == Kind.TRUE_FALSE:
        return [Line(in_words("statement_is_true", draft.statement_is_true), True)]
    if draft.blanks:
        return [Line(" / ".join(accepted), True) for accepted in draft.blanks]
    return [Line(draft.marking_guide, True)] if draft.marking_guide else []


def differences(draft: QuestionDraft, there: QuestionDraft) -> list[tuple[Any, str, str]]:
    """Field by field what the question says and what the file says; what the file leaves open is no difference."""
    return [
        (_FIELD_LABELS[name], in_words(name, before), in_words(name, after))
        for name, before, after in _pairs(draft, there)
        if before != after
    ]


def _pairs(draft: QuestionDraft, there: QuestionDraft) -> Iterator[tuple[str, Any, Any]]:
    yield "kind", there.kind, draft.kind
    yield "stem", there.stem, draft.stem
    if draft.kind in CHOICE_KINDS:
        yield "options", _options(there, draft), _options(draft, draft)
    yield "blanks", there.blanks, draft.blanks
    for name in ("difficulty", *SAID):
        if getattr(draft, name) not in ("", None):
            yield name, getattr(there, name), getattr(draft, name)
    if draft.topic:
        yield "topic", *_topics(draft.topic, there.topic)
    if draft.entry:
        yield "entry", there.entry, draft.entry
    if draft.images and not shows_the_same(draft.images, there.images):
        yield "images", there.images, draft.images


def _options(draft: QuestionDraft, written: QuestionDraft) -> list[tuple[str, bool, bool]]:
    """In the file's order where that counts; else the order is no difference."""
    options = [(option.text, option.is_right, option.is_anchored) for option in draft.options]
    return options if written.options_in_order else sorted(options)


def _topics(written: str, code: str) -> tuple[str, str]:
    """A topic that is written by its code and title is no other one than the code alone."""
    last = written.replace("／", "/").rpartition("/")[2].strip()
    return code, code if last.partition(" ")[0] == code else last


_LINES: Mapping[str, Callable[[Any], str]] = {
    "options": lambda option: f"{'✓' if option[1] else '　'} {option[0]}",
    "blanks": " / ".join,
    "images": lambda image: image.description or image.name,
}


def in_words(name: str, value: Any) -> str:
    if name == "statement_is_true":
        return pgettext("statement", "Right") if value else pgettext("statement", "Wrong") if value is not None else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in _LINES:
        return "\n".join(map(_LINES[name], value))
    if isinstance(value, date):
        return value.isoformat()
    return str(getattr(value, "label", value) if value is not None else "")
