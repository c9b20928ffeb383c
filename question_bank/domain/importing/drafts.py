"""What every reader makes of a file: drafts of questions, what was refused, and what the format could not carry.

Readers know nothing of the database. They guess nothing: a question whose answer cannot be read for certain is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from common.pictures import Picture
from question_bank.enums import Difficulty, Kind


@dataclass(frozen=True, slots=True)
class DraftOption:
    """One option as written, without its letter."""

    text: str
    is_right: bool = False
    is_anchored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """One question of a file, in the shape of ``Question`` and not checked against the bank.

    ``place`` says where it stands for the person who brought the file ("Sheet 2, row 14", "line 120"). Blanks in
    ``stem`` are written ``____``; ``blanks`` are the accepted answers of each, in their order. ``topic`` is as written:
    a code, a title, or a path of titles parted by ``/``; empty when the file does not say. ``key`` is the identifier
    that the file gives the question, if it gives one: the same key brought again is the same question. ``entry`` is the
    entry that holds the answer, as 《title of its handbook》第 number 条.
    """

    place: str
    kind: Kind
    stem: str
    options: tuple[DraftOption, ...] = ()
    options_in_order: bool = False
    statement_is_true: bool | None = None
    blanks: tuple[tuple[str, ...], ...] = ()
    blanks_in_any_order: bool = False
    marking_guide: str = ""
    explanation: str = ""
    basis: str = ""
    document_number: str = ""
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    difficulty: Difficulty | None = None
    topic: str = ""
    entry: str = ""
    key: str = ""
    images: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """Something that looks like a question and was not taken: where, why, and how it begins."""

    place: str
    reason: str | Promise
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFile:
    """A file as it was understood.

    ``losses`` say once each what the format holds and the bank does not (points, penalties, feedback of an option).
    """

    format: str
    drafts: Sequence[QuestionDraft]
    refused: Sequence[RefusedRow] = ()
    losses: Sequence[str | Promise] = ()
