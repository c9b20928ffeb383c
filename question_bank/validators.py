"""What makes a question complete: used by the editor, the demo bank and importers alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.chinese import is_control_free
from question_bank.enums import CHOICE_KINDS, Kind

if TYPE_CHECKING:
    from question_bank.models import AnswerOption, Blank, Question

BLANK_MARK = "____"
FEWEST_OPTIONS, MOST_OPTIONS = 2, 11


def validate_plain_text(text: str) -> None:
    """Refuse control characters other than line breaks and tabs; databases, XML and PDF do not take them."""
    if not is_control_free(text):
        raise ValidationError(_("The text contains control characters."), code="control_characters")


def check_question_fields(question: "Question") -> None:
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


def check_options(kind: str, options: "Sequence[AnswerOption]") -> None:
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


def check_blanks(question: "Question", blanks: "Sequence[Blank]") -> None:
    """Refuse blanks that do not match the marks in the stem, or that accept nothing."""
    if len(blanks) != question.blank_count:
        raise ValidationError(
            _("The stem has %(marked)s blanks, but answers are given for %(given)s.")
            % {"marked": question.blank_count, "given": len(blanks)},
            code="blank_count",
        )
    if any(not blank.accepted_answers() for blank in blanks):
        raise ValidationError(_("Every blank needs at least one accepted answer."), code="blank_without_answer")
