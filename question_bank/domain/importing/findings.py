"""What a reader gathers while it goes through a file."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.chinese import strip_controls
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile, RefusedRow
from question_bank.domain.importing.refusals import NoQuestions, QuestionFileTooLarge, TooManyQuestions

Words = str | Promise

MOST_BYTES = 30 * 1024 * 1024
MOST_QUESTIONS = 50_000
EXCERPT_LENGTH = 60
MOST_PICTURES = 20

POINTS = _("Points and penalties are not taken: they belong to the paper, not to the question.")
PARTIAL = _("Options and answers that earn a part of the points count as wrong.")
UNEVEN = _("Right options of unequal weight count alike.")
OPTION_FEEDBACK = _("Feedback on single options or on right and wrong answers is not taken.")
FORMATTING = _("Bold type, colours, lists and tables become plain lines.")
MARKDOWN = _("Markdown signs stay in the text as they were typed.")
ONE_TICKED = _("Questions that let people tick several options but have one right option become single choice.")
TEXTS_ALONE = _("Texts that ask nothing are left out.")
TOO_MANY_PICTURES = _("There are far too many pictures.")
CASE = _("Capital and small letters are not told apart in answers.")


class NotTaken(Exception):
    """This question cannot be taken. ``reason`` is for the person who brought the file."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Findings:
    """``losses`` keep the order in which they were first met."""

    drafts: list[QuestionDraft] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    losses: dict[Words, None] = field(default_factory=dict)

    def take(self, draft: QuestionDraft) -> None:
        self._count()
        self.drafts.append(draft)

    def refuse(self, place: str, reason: Words, excerpt: str = "") -> None:
        self._count()
        self.refused.append(RefusedRow(place, reason, " ".join(excerpt[: 4 * EXCERPT_LENGTH].split())[:EXCERPT_LENGTH]))

    def lose(self, loss: Words) -> None:
        self.losses[loss] = None

    def as_file(self, name: str) -> QuestionFile:
        """Refuses with ``NoQuestions`` when nothing in the file looks like one."""
        if not self.drafts and not self.refused:
            raise NoQuestions
        return QuestionFile(format=name, drafts=self.drafts, refused=self.refused, losses=list(self.losses))

    def _count(self) -> None:
        if len(self.drafts) + len(self.refused) >= MOST_QUESTIONS:
            raise TooManyQuestions


def check_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise QuestionFileTooLarge


def clean(text: str) -> str:
    """Text as it is stored: lines parted by ``\\n``, no control characters, nothing around it."""
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
