"""Score files in each of their formats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.pdf.blocks import Letterhead, Prose, Signatures, digest_line, heading, note
from common.pdf.paper import Paper, write_pdf
from common.pdf.tables import ruled_table
from common.spreadsheets.csv_out import CsvEncoding, csv_lines
from common.spreadsheets.writing import Properties, write_workbook
from common.tables import SheetSpec, content_digest, local
from exams.domain.exporting.columns import FILE_FIELDS, PAPER_FIELDS, township_columns, township_values, values
from exams.domain.scores import ScoreRow, TownshipScores
from exams.enums import ExportFormat
from exams.models import Exam
from members.models import User

EXTENSIONS: dict[str, str] = {
    ExportFormat.XLSX: ".xlsx",
    ExportFormat.CSV: ".csv",
    ExportFormat.CSV_GB18030: ".csv",
    ExportFormat.PDF: ".pdf",
}
CONTENT_TYPES: dict[str, str] = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.CSV_GB18030: "text/csv; charset=gb18030",
    ExportFormat.PDF: "application/pdf",
}
_FROZEN_COLUMNS = 2


@dataclass(frozen=True)
class Export:
    """What is written: the rows once through, the townships, and who takes it out when and what for."""

    exam: Exam
    rows: Iterable[ScoreRow]
    townships: Sequence[TownshipScores]
    total: TownshipScores
    reason: str
    by: User
    at: datetime

    @property
    def watermark(self) -> str:
        return f"{self.by.name} {_minute(self.at)}"

    def notes(self) -> list[str]:
        """What stands under the title: when the exam was and what it was worth, and who took the file out."""
        exam = self.exam
        return [
            _("Exam from %(opens)s to %(closes)s. Points in all: %(total)s, to pass: %(pass)s.")
            % {
                "opens": _minute(exam.opens_at),
                "closes": _minute(exam.closes_at),
                "total": f"{exam.total_points.normalize():f}",
                "pass": f"{exam.pass_points.normalize():f}",
            },
            _("Exported by %(name)s on %(moment)s. Used for: %(reason)s")
            % {"name": self.by.name, "moment": _minute(self.at), "reason": self.reason},
        ]

    def people(self) -> SheetSpec:
        return SheetSpec(
            name=_("Scores"),
            title=_("%(exam)s: scores") % {"exam": self.exam.title},
            notes=self.notes(),
            columns=[field.column() for field in FILE_FIELDS],
            rows=values(self.rows, FILE_FIELDS),
            signatures=_signatures(),
            watermark=self.watermark,
            frozen_columns=_FROZEN_COLUMNS,
        )

    def by_township(self) -> SheetSpec:
        return SheetSpec(
            name=_("By township"),
            title=_("%(exam)s: scores by township") % {"exam": self.exam.title},
            notes=self.notes(),
            columns=township_columns(),
            rows=[township_values(row) for row in self.townships],
            totals=township_values(self.total),
            signatures=_signatures(),
            watermark=self.watermark,
            frozen_columns=1,
        )


def write(target: BinaryIO, export: Export, format: ExportFormat) -> str:
    """Write ``export`` to ``target``; for paper, the digest of its content that is printed on it."""
    if format == ExportFormat.PDF:
        return _write_pdf(target, export)
    if format == ExportFormat.XLSX:
        title = _("%(exam)s: scores") % {"exam": export.exam.title}
        write_workbook(target, [export.people(), export.by_township()], Properties(title=title, author=export.by.name))
    else:
        encoding: CsvEncoding = "gb18030" if format == ExportFormat.CSV_GB18030 else "utf-8-sig"
        target.writelines(csv_lines([str(field.title) for field in FILE_FIELDS], _as_texts(export), encoding))
    return ""


def _as_texts(export: Export) -> Iterator[list[object]]:
    """CSV knows no times: they are written as they are read."""
    for row in values(export.rows, FILE_FIELDS):
        yield [_minute(value) if isinstance(value, datetime) else value for value in row]


def _write_pdf(target: BinaryIO, export: Export) -> str:
    """Townships first, then people: a meeting reads the first page."""
    people = SheetSpec(
        name=_("Scores"),
        columns=[field.column() for field in PAPER_FIELDS],
        rows=list(values(export.rows, PAPER_FIELDS)),
    )
    townships = export.by_township()
    digest = content_digest(townships, people)
    title = _("%(exam)s: scores") % {"exam": export.exam.title}
    paper = Paper(title=title, watermark=export.watermark, digest=digest, landscape=True)
    story = [
        Letterhead(_("Test results of %(division)s") % {"division": export.exam.division.name}),
        heading(title),
        *map(note, export.notes()),
        _part(_("By township")),
        ruled_table(townships.columns, list(townships.rows), width=paper.text_width, totals=townships.totals),
        _part(_("Person by person")),
        ruled_table(people.columns, list(people.rows), width=paper.text_width),
        Signatures(_signatures()),
        digest_line(digest),
    ]
    write_pdf(target, paper, story)
    return digest


def _part(text: str) -> Prose:
    return Prose(text, size=12, leading=2, bold=True)


def _minute(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M")


def _signatures() -> list[str]:
    return [_("Prepared by"), _("Checked by"), _("Approved by")]
