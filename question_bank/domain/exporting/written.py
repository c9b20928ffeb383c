"""What every writer hands back, and what it says about what a format cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.enums import Kind

PICTURES = _("Pictures are not in the file.")
GUIDES = _("Other programs do not see the marking guides of short answers.")
SEVERAL_BLANKS = _("Other programs see the blanks of one question as one answer.")
ANY_ORDER = _("Other programs want the blanks in the order given here.")
NOTES = _("Other programs do not see difficulty, basis, document number, region and validity.")
TOPICS = _("Other programs do not see the topics.")
CITATIONS = _("Which entries the questions cite is not in the file; questions that are here already keep theirs.")
ORDER = _("Other programs may shuffle options that should keep their order or place.")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """``losses`` say what other programs will not see; only pictures are truly left out, and only where it says so."""

    content: bytes
    losses: Sequence[str | Promise]


def has_notes(draft: QuestionDraft) -> bool:
    """Does it say something that no other program has a field for?"""
    return bool(
        draft.difficulty or draft.basis or draft.document_number or draft.region or draft.valid_from or draft.valid_to
    )


def keeps_order(draft: QuestionDraft) -> bool:
    return draft.options_in_order or any(option.is_anchored for option in draft.options)


def is_in_any_order(draft: QuestionDraft) -> bool:
    return draft.kind == Kind.FILL and draft.blanks_in_any_order and len(draft.blanks) > 1
