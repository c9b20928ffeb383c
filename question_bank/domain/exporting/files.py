"""Questions leaving the bank as a file, which holds their key: who takes it out says what for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from common.pictures import Picture
from common.refusals import Refusal
from members.models import User
from question_bank.domain.batches.drafting import draft_of
from question_bank.domain.citing import CitedEntries
from question_bank.domain.exporting.gift import write_gift
from question_bank.domain.exporting.moodle import write_moodle
from question_bank.domain.exporting.qti21 import write_qti21
from question_bank.domain.exporting.qti30 import write_qti30
from question_bank.domain.exporting.written import CITATIONS, TOO_MANY_PICTURES, WrittenFile
from question_bank.domain.figures import without_loss
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.template import write_table
from question_bank.domain.importing.word_export import write_word
from question_bank.models import Question

MOST_QUESTIONS = 10_000
# Of an office file: with more it would be too large to be brought in again.
MOST_PICTURE_BYTES = 15 * 1024 * 1024
REASON_LENGTH = 200
MAY_EXPORT = "question_bank.change_question"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ExportFormat(models.TextChoices):
    """The files that questions leave in."""

    XLSX = "xlsx", gettext_lazy("XLSX, our own table")
    GIFT = "gift", "GIFT"
    MOODLE = "moodle", "Moodle XML"
    QTI30 = "qti30", "QTI 3.0"
    QTI21 = "qti21", "QTI 2.1"
    DOCX = "docx", gettext_lazy("DOCX, to read and print")


class ExportRefused(Refusal):
    """No reason, no right, nothing to write, or too much of it."""

    code: ClassVar[str] = "question_export_refused"
    status: ClassVar[int] = 422


@dataclass(frozen=True, slots=True)
class QuestionExport:
    """A finished file."""

    name: str
    content_type: str
    content: bytes


def _as_table(drafts: Sequence[QuestionDraft]) -> WrittenFile:
    pictured, losses = _pictured(drafts)
    return WrittenFile(write_table(pictured), losses)


def _as_word(drafts: Sequence[QuestionDraft]) -> WrittenFile:
    pictured, losses = _pictured(drafts)
    return WrittenFile(write_word(pictured, _("Questions")), losses)


def _pictured(drafts: Sequence[QuestionDraft]) -> tuple[Sequence[QuestionDraft], Sequence[str | Promise]]:
    """The drafts with pictures that office programs show, or with none where nobody could open the file any more."""
    shown, left = [], MOST_PICTURE_BYTES
    converted: dict[str, Picture] = {}
    for draft in drafts:
        images = tuple(_for_office(image, converted) for image in draft.images)
        left -= sum(len(image.content) for image in images)
        # At once: what the others would weigh fills the memory and the time of a request.
        if left < 0:
            return [replace(draft, images=()) for draft in drafts], [TOO_MANY_PICTURES]
        shown.append(replace(draft, images=images))
    return shown, ()


def _for_office(image: Picture, converted: dict[str, Picture]) -> Picture:
    """The name is made of what the picture shows, so that the same one of many questions is converted once."""
    if image.name not in converted:
        content = without_loss(image.content)
        converted[image.name] = image._replace(name=f"{PurePath(image.name).stem}.png", content=content)
    return converted[image.name]._replace(description=image.description)


_WRITERS: Mapping[str, tuple[Callable[[Sequence[QuestionDraft]], WrittenFile], str, str]] = {
    ExportFormat.XLSX: (_as_table, "xlsx", XLSX_TYPE),
    ExportFormat.GIFT: (write_gift, "gift.txt", "text/plain; charset=utf-8"),
    ExportFormat.MOODLE: (write_moodle, "moodle.xml", "application/xml"),
    ExportFormat.QTI30: (write_qti30, "qti30.zip", "application/zip"),
    ExportFormat.QTI21: (write_qti21, "qti21.zip", "application/zip"),
    ExportFormat.DOCX: (_as_word, "docx", DOCX_TYPE),
}


def losses_of(questions: QuerySet[Question], *, format: str, by: User) -> list[str]:
    """What a file in ``format`` would not hold of these questions. Refuses with ``ExportRefused``."""
    return [str(loss) for loss in _written(questions, format, by=by).losses]


def export_questions(
    questions: QuerySet[Question], *, format: str, reason: str, by: User, at: datetime
) -> QuestionExport:
    """The questions as they are published, or as drafts where they never were, once it is written down who took them.

    Refuses with ``ExportRefused``. Memory grows with the questions, of which there are at most ``MOST_QUESTIONS``.
    """
    if not by.has_perm(MAY_EXPORT):
        raise ExportRefused(_("You may not take questions out."))
    if not (reason := reason.strip()):
        raise ExportRefused(_("Say what the file is for."))
    written = _written(questions, format, by=by)
    facts = {"format": format, "reason": reason[:REASON_LENGTH], "questions": questions.count()}
    with transaction.atomic():
        # Many questions, one entry: it stands with the person.
        log(by, "question_bank.export_questions", user=by, timestamp=at, data=facts)
    _write, ending, content_type = _WRITERS[format]
    return QuestionExport(f"{_('Questions')}-{timezone.localdate(at):%Y%m%d}.{ending}", content_type, written.content)


def _written(questions: QuerySet[Question], format: str, *, by: User) -> WrittenFile:
    found = list(_complete(questions)[: MOST_QUESTIONS + 1])
    entries = CitedEntries(by)
    drafts = [draft_of(question, entry=entries.name_of(question.entry_id)) for question in found]
    if not drafts:
        raise ExportRefused(_("There is no question to export. Change the filters."))
    if len(drafts) > MOST_QUESTIONS:
        text = _("These are more than %(most)s questions. Narrow the filters.")
        raise ExportRefused(text % {"most": MOST_QUESTIONS})
    written = _WRITERS[format][0](drafts)
    is_lost = any(question.entry_id and not draft.entry for question, draft in zip(found, drafts, strict=True))
    return replace(written, losses=[*written.losses, CITATIONS]) if is_lost else written


def _complete(questions: QuerySet[Question]) -> QuerySet[Question]:
    return questions.select_related("topic").prefetch_related("options", "blanks", "figures__figure")
