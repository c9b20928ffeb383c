"""Between drafts, what is stored of them, and questions."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from common.pictures import Picture
from question_bank.domain.figures import is_same_picture, keep_figure
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.loading import Written
from question_bank.enums import CHOICE_KINDS, Difficulty, Kind
from question_bank.models import AnswerOption, Blank, Question, QuestionFigure, Topic

# Fields of a draft and of a question that have the same name and meaning.
PLAIN = ("explanation", "basis", "document_number", "region", "valid_from", "valid_to")
SAID = ("options_in_order", "statement_is_true", "blanks_in_any_order", "marking_guide", *PLAIN)


_NAMES = tuple(field.name for field in fields(QuestionDraft))


def _as_dict(row: DraftOption) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def to_json(draft: QuestionDraft) -> dict[str, Any]:
    """A draft as plain JSON; ``from_json`` gives the same draft back."""
    # Not ``asdict``, which copies every text of every option and takes a third of a dry run.
    stored = {name: getattr(draft, name) for name in _NAMES}
    stored["options"] = [_as_dict(option) for option in draft.options]
    stored["images"] = [image._asdict() for image in draft.images]
    for name in ("valid_from", "valid_to"):
        stored[name] = stored[name].isoformat() if stored[name] else None
    for image in stored["images"]:
        image["content"] = base64.b64encode(image["content"]).decode("ascii")
    return stored


def from_json(stored: Mapping[str, Any]) -> QuestionDraft:
    words = {name: value for name, value in stored.items() if name in _NAMES}
    return QuestionDraft(
        **words
        | {
            "kind": Kind(stored["kind"]),
            "difficulty": Difficulty(stored["difficulty"]) if stored["difficulty"] else None,
            "options": tuple(DraftOption(**option) for option in stored["options"]),
            "blanks": tuple(tuple(accepted) for accepted in stored["blanks"]),
            "valid_from": _day(stored["valid_from"]),
            "valid_to": _day(stored["valid_to"]),
            "images": tuple(_image(image) for image in stored["images"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _image(stored: Mapping[str, Any]) -> Picture:
    return Picture(stored["name"], base64.b64decode(stored["content"]), stored["description"])


@dataclass(frozen=True, slots=True)
class Placed:
    """What a new question says beside its draft: its topic, how hard it is if the file does not say, what it cites."""

    topic: Topic
    difficulty: str
    entry: int | None = None
    source: str = ""


def draft_of(question: Question, *, place: str = "", entry: str = "") -> QuestionDraft:
    """What a question says, as a draft: for comparing and for exporting. Options, blanks, figures as prefetched.

    ``entry`` is the name of the entry it cites (``citing.CitedEntries``).
    """
    return QuestionDraft(
        place=place,
        kind=Kind(question.kind),
        stem=question.stem,
        options=tuple(DraftOption(row.text, row.is_right, row.is_anchored) for row in question.options.all()),
        blanks=tuple(tuple(row.accepted_answers()) for row in question.blanks.all()),
        difficulty=Difficulty(question.difficulty),
        topic=question.topic.code,
        entry=entry,
        key=str(question.uuid),
        images=tuple(_exported(row) for row in question.figures.all()),
        **{name: getattr(question, name) for name in SAID},
    )


def _exported(row: QuestionFigure) -> Picture:
    ending = row.figure.content_type.rpartition("/")[2]
    return Picture(f"{row.figure.digest[:16]}.{ending}", bytes(row.figure.content), row.description)


def question_from(draft: QuestionDraft, placed: Placed, *, at: datetime) -> Question:
    """A new question in memory with its options, blanks and figures; pictures are stored already.

    Refuses with ``FigureUnreadable``.
    """
    question = _question_from(draft, placed)
    question.options, question.blanks = _options_from(draft), _blanks_from(draft)
    question.figures = _figures_from(draft, at=at)
    return question


def written_from(draft: QuestionDraft, placed: Placed, *, at: datetime) -> Written:
    """As ``question_from``, with what its rows will say beside it."""
    question = _question_from(draft, placed)
    return Written(question, draft.options, _accepted(draft), _figures_from(draft, at=at))


def _question_from(draft: QuestionDraft, placed: Placed) -> Question:
    question = Question(kind=draft.kind, topic=placed.topic, stem=draft.stem)
    question.difficulty = draft.difficulty or placed.difficulty
    question.entry_id = placed.entry
    question.source, question.source_key = placed.source[:200], draft.key[:120]
    for name in SAID:
        setattr(question, name, getattr(draft, name))
    return question


def overwrite(
    question: Question, draft: QuestionDraft, *, topic: Topic | None, entry: int | None, at: datetime
) -> None:
    """Let ``question`` (in memory) say what the draft says; what the draft does not say stays as it was."""
    question.stem, question.kind = draft.stem, draft.kind
    question.topic = topic or question.topic
    question.entry_id = entry or question.entry_id
    question.difficulty = draft.difficulty or question.difficulty
    for name in SAID:
        said = getattr(draft, name)
        if said not in ("", None):
            setattr(question, name, said)
    question.options, question.blanks = _options_from(draft), _blanks_from(draft)
    if draft.images:
        question.figures = _figures_from(draft, list(question.figures.all()), at=at)


def _options_from(draft: QuestionDraft) -> list[AnswerOption]:
    return [
        AnswerOption(text=option.text, is_right=option.is_right, is_anchored=option.is_anchored, sort_order=place)
        for place, option in enumerate(draft.options)
    ]


def _blanks_from(draft: QuestionDraft) -> list[Blank]:
    return [Blank(accepted=accepted, sort_order=place) for place, accepted in enumerate(_accepted(draft))]


def _accepted(draft: QuestionDraft) -> list[str]:
    """What counts as right for each blank, one a line."""
    return ["\n".join(accepted) for accepted in draft.blanks]


def _figures_from(draft: QuestionDraft, there: Sequence[QuestionFigure] = (), *, at: datetime) -> list[QuestionFigure]:
    """``there`` are the figures in whose place they come: the same picture stays, and so do its words."""
    figures = []
    for place, image in enumerate(draft.images):
        kept = next((row for row in there if is_same_picture(image.content, bytes(row.figure.content))), None)
        words = image.description or (kept.description if kept else image.name)
        figure = kept.figure if kept else keep_figure(image.content, at=at)
        figures.append(QuestionFigure(figure=figure, description=words[:200], sort_order=place))
    return figures


def says_the_same(draft: QuestionDraft, question: Question, *, topic: Topic | None, entry: int | None) -> bool:
    """Would taking the draft over change nothing? What the draft does not say is no difference."""
    there = draft_of(question)
    if (draft.stem, draft.kind, draft.blanks) != (there.stem, there.kind, there.blanks):
        return False
    if draft.kind in CHOICE_KINDS and _options(draft) != _options(there):
        return False
    said = [name for name in SAID if getattr(draft, name) not in ("", None)]
    if draft.difficulty:
        said.append("difficulty")
    same = all(getattr(draft, name) == getattr(there, name) for name in said)
    same &= topic in (None, question.topic) and entry in (None, question.entry_id)
    return same and (not draft.images or shows_the_same(draft.images, there.images))


def shows_the_same(brought: Sequence[Picture], there: Sequence[Picture]) -> bool:
    """The same pictures in the same order; one that is brought without words leaves those that are there."""
    return len(brought) == len(there) and all(
        image.description in ("", kept.description) and is_same_picture(image.content, kept.content)
        for image, kept in zip(brought, there, strict=True)
    )


def _options(draft: QuestionDraft) -> Sequence[tuple[str, bool, bool]]:
    rows = [(option.text, option.is_right, option.is_anchored) for option in draft.options]
    return rows if draft.options_in_order else sorted(rows)
