"""What makes a question complete: used by the editor, the demo bank and importers alike."""

from collections.abc import Sequence
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.chinese import is_control_free
from question_bank.enums import CHOICE_KINDS, Kind

BLANK_MARK = "____"
FEWEST_OPTIONS, MOST_OPTIONS = 2, 11


class Asked(Protocol):
    """A question of the bank, or one that a file holds."""

    @property
    def kind(self) -> str: ...
    @property
    def stem(self) -> str: ...
    @property
    def statement_is_true(self) -> bool | None: ...
    @property
    def marking_guide(self) -> str: ...


class Offered(Protocol):
    """One of its options."""

    @property
    def text(self) -> str: ...
    @property
    def is_right(self) -> bool: ...


def validate_plain_text(text: str) -> None:
    """Refuse control characters other than line breaks and tabs; databases, XML and PDF do not take them."""
    if not is_control_free(text):
        raise ValidationError(_("The text contains control characters."), code="control_characters")


def blanks_marked(kind: str, stem: str) -> int:
    """How many blanks a stem has; only fill-in questions have any."""
    return stem.count(BLANK_MARK) if kind == Kind.FILL else 0


def answers_in(accepted: str) -> list[str]:
    """What one blank accepts, written one a line."""
    return [line.strip() for line in accepted.splitlines() if line.strip()]


def check_question_fields(question: Asked) -> None:
    """Refuse a question whose own fields contradict its kind."""
    errors: dict[str, str] = {}
    if question.kind == Kind.TRUE_FALSE and question.statement_is_true is None:
        errors["statement_is_true"] = _("Say whether the statement is true.")
    if question.kind == Kind.FILL and BLANK_MARK not in question.stem:
        errors["stem"] = _("A fill-in question has at least one blank, written as ____.")
    if question.kind == Kind.SHORT and not question.marking_guide.strip():
        errors["marking_guide"] = _("A short answer needs a guide for those who mark it.")
    if errors:
        raise ValidationError(errors)


def check_options(kind: str, options: Sequence[Offered]) -> None:
    """Refuse options that leave no certain key."""
    if kind not in CHOICE_KINDS - {Kind.TRUE_FALSE}:
        if options:
            raise ValidationError(_("Only single and multiple choice questions have options."), code="options_not_used")
        return
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise ValidationError(_("Give two to eleven options."), code="option_count")
    texts = [option.text.strip() for option in options]
    if len(set(texts)) != len(texts):
        raise ValidationError(_("Two options say the same."), code="options_alike")
    right = sum(option.is_right for option in options)
    if kind == Kind.SINGLE and right != 1:
        raise ValidationError(_("A single choice question has exactly one right option."), code="right_count")
    if kind == Kind.MULTIPLE and right < 2:
        raise ValidationError(_("A multiple choice question has at least two right options."), code="right_count")


def check_blanks(marked: int, blanks: Sequence[str]) -> None:
    """Refuse blanks (what each accepts) that are not as many as the stem has marks, or that accept nothing."""
    if len(blanks) != marked:
        raise ValidationError(
            _("The stem has %(marked)s blanks, but answers are given for %(given)s.")
            % {"marked": marked, "given": len(blanks)},
            code="blank_count",
        )
    if not all(map(answers_in, blanks)):
        raise ValidationError(_("Every blank needs at least one accepted answer."), code="blank_without_answer")


def check_figures(descriptions: Sequence[str]) -> None:
    """Refuse a picture that whoever cannot see it is told nothing about."""
    if not all(description.strip() for description in descriptions):
        raise ValidationError(_("Say what each picture shows."), code="figure_without_words")
