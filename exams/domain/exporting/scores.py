"""Exporting the scores of an exam."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.file_names import in_file_name
from exams.domain.closing import close_overdue
from exams.domain.exporting.writing import CONTENT_TYPES, EXTENSIONS, Export, write
from exams.domain.refusals import NotAllowed, ReasonMissing
from exams.domain.scores import ScoreRow, score_rows, total_of, township_table
from exams.enums import ExportFormat
from exams.models import Exam, ScoreExport
from exams.rules import may_export_scores, may_see_phones
from members.models import User


class ScoreFile(NamedTuple):
    """A finished file, open at its beginning; it is gone from the disk when it is closed."""

    name: str
    content_type: str
    file: BinaryIO


def export_scores(
    exam: Exam, *, format: ExportFormat, reason: str, with_phones: bool, by: User, at: datetime
) -> ScoreFile:
    """The scores that ``by`` may see as a file, after it has been written down who takes them out and what for.

    Phone numbers are masked; ``with_phones`` shows those of people whom ``by`` administers. What is overdue is
    closed first. Raises NotAllowed, ReasonMissing. Memory does not grow with the people, except for PDF.
    """
    if not may_export_scores(by, exam):
        raise NotAllowed(_("You may not see the scores of this exam."))
    if not reason.strip():
        raise ReasonMissing(_("Say what the file is for."))
    close_overdue(at=at, exam=exam)
    with_phones = with_phones and may_see_phones(by, exam)
    rows = _Counted(score_rows(exam, by=by, at=at, with_phones=with_phones))
    townships = township_table(exam, by=by, at=at)
    export = Export(exam, rows, townships, total_of(townships, _("All together")), reason.strip(), by, at)
    # The file outlives this function: whoever sends it closes it.
    target = TemporaryFile(suffix=EXTENSIONS[format])  # noqa: SIM115
    try:
        digest = write(target, export, format)
        _write_down(export, format, rows=rows.count, with_phones=with_phones, digest=digest)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return ScoreFile(_file_name(exam, format, at=at), CONTENT_TYPES[format], target)


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[ScoreRow]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[ScoreRow]:
        for row in self._rows:
            self.count += 1
            yield row


@transaction.atomic
def _write_down(export: Export, format: ExportFormat, *, rows: int, with_phones: bool, digest: str) -> None:
    record = ScoreExport.objects.create(
        exam=export.exam,
        format=format,
        reason=export.reason[:200],
        rows=rows,
        with_phones=with_phones,
        exported_by=export.by,
        exported_at=export.at,
    )
    facts = {
        "export": str(record.uuid),
        "format": format,
        "reason": record.reason,
        "rows": rows,
        "with_phones": with_phones,
    }
    # The digest printed on paper, so that a sheet can be held against what was exported.
    log(
        export.exam,
        "exams.export_scores",
        user=export.by,
        timestamp=export.at,
        data=facts | ({"digest": digest} if digest else {}),
    )


def _file_name(exam: Exam, format: ExportFormat, *, at: datetime) -> str:
    title = in_file_name(exam.title) or _("exam")
    word = _("scores")
    return f"{title}-{word}-{timezone.localdate(at):%Y%m%d}{EXTENSIONS[format]}"
