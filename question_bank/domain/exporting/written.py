"""What every writer hands back, and what it says about what a format cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.enums import Kind

PICTURES = _("Pictures are not in the file.")
TOO_MANY_PICTURES = _("More than 15 MB of pictures: they are not in the file. Narrow the filters, or take QTI.")
GUIDES = _("Other programs do not see the marking guides of short answers.")
SEVERAL_BLANKS = _("Other programs see the blanks of one question as one answer.")
ANY_ORDER = _("Other programs want the blanks in the order given here.")
NOTES = _(
    "Other programs do not see difficulty, basis, document number, region, validity and the entry that is tested."
)
TOPICS = _("Other programs do not see the topics.")
CITATIONS = _(
    "Some of the entries that the questions test are not named in the file; questions that are here keep theirs."
)
ORDER = _("Other programs may shuffle options that should keep their order or place.")


_NOTED = ("difficulty", "basis", "document_number", "region", "valid_from", "valid_to", "entry")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """``losses`` say what other programs will not see; only pictures are truly left out, and only where it says so."""

    content: bytes
    losses: Sequence[str | Promise]


def has_notes(draft: QuestionDraft) -> bool:
    """Does it say something that no other program has a field for?"""
    return any(getattr(draft, name) for name in _NOTED)


def keeps_order(draft: QuestionDraft) -> bool:
    return draft.options_in_order or any(option.is_anchored for option in draft.options)


def is_in_any_order(draft: QuestionDraft) -> bool:
    return draft.kind == Kind.FILL and draft.blanks_in_any_order and len(draft.blanks) > 1
