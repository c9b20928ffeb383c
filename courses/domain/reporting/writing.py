"""Reports in each of their formats."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from reportlab.platypus import Flowable

from common.pdf.blocks import Letterhead, Prose, Signatures, digest_line, heading, note
from common.pdf.paper import Paper, write_pdf
from common.pdf.tables import ruled_table
from common.spreadsheets.csv_out import CsvEncoding, csv_lines
from common.spreadsheets.writing import Properties, write_workbook
from common.tables import SheetSpec, content_digest, local
from courses.domain.reporting.sheets import Report, TakenOut, signatures
from exams.enums import ExportFormat


def write(target: BinaryIO, report: Report, format: ExportFormat, out: TakenOut) -> str:
    """Write ``report`` to ``target``; for paper, the digest of its content that is printed on it."""
    if format == ExportFormat.PDF:
        return _write_pdf(target, report, out)
    if format == ExportFormat.XLSX:
        write_workbook(target, report.sheets, Properties(title=report.title, author=out.by.name))
    else:
        encoding: CsvEncoding = "gb18030" if format == ExportFormat.CSV_GB18030 else "utf-8-sig"
        first = report.sheets[0]
        target.writelines(csv_lines([column.title for column in first.columns], _as_texts(first.rows), encoding))
    return ""


def _as_texts(rows: Iterable[Iterable[object]]) -> Iterator[list[object]]:
    """CSV knows no times, and a share to a ten-thousandth is exact enough."""
    for row in rows:
        yield [_as_text(value) for value in row]


def _as_text(value: object) -> object:
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    return round(value, 4) if isinstance(value, float) else value


def _write_pdf(target: BinaryIO, report: Report, out: TakenOut) -> str:
    digest = content_digest(*report.paper)
    paper = Paper(title=report.title, watermark=out.watermark, digest=digest, landscape=True)
    story: list[Flowable] = [Letterhead(report.office)]
    for place, sheet in enumerate(report.paper):
        story += _part(sheet, paper, is_first=place == 0, is_last=place == len(report.paper) - 1)
    write_pdf(target, paper, [*story, Signatures(signatures()), digest_line(digest)])
    return digest


def _part(sheet: SheetSpec, paper: Paper, *, is_first: bool, is_last: bool) -> list[Flowable]:
    """Notes stand once, under the title; signatures and digest follow the last table."""
    opening = [heading(sheet.title), *map(note, sheet.notes)] if is_first else [_subtitle(sheet.title)]
    ending = [Signatures(signatures()), digest_line(paper.digest)] if is_last else []
    followed_by = sum(block.wrap(paper.text_width, 0)[1] for block in ending)
    table = ruled_table(
        sheet.columns, list(sheet.rows), width=paper.text_width, totals=sheet.totals, followed_by=followed_by
    )
    return [*opening, table]


def _subtitle(text: str) -> Prose:
    return Prose(text, size=12, leading=2.4, bold=True)
