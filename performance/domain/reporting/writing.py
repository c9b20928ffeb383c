"""Files of a quarter in each of their kinds."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from common.file_names import in_file_name
from common.pdf.paper import Section, write_pdf
from common.spreadsheets.csv_out import CsvEncoding, csv_lines
from common.spreadsheets.writing import Properties, write_workbook
from common.tables import SheetSpec, digest_of
from performance.domain.reporting.bulletin import bulletin_title, write_bulletin
from performance.domain.reporting.cards import card_paper, card_story, card_title, issue_cards
from performance.domain.reporting.details import Detail, details
from performance.domain.reporting.documents import Content, issue
from performance.domain.reporting.order import Order
from performance.domain.reporting.rows import groups_of, titles_of
from performance.domain.reporting.schemes import scheme_sheet
from performance.domain.reporting.sheets import sheet_title, write_sheets
from performance.domain.reporting.tables import group_sheet, person_columns, plain_rows
from performance.domain.reporting.townships import township_sheet
from performance.domain.reporting.words import number_line, quarter_title
from performance.enums import ReportKind
from performance.models import Computation, Document


class FileType(NamedTuple):
    extension: str
    content_type: str


_PDF = FileType(".pdf", "application/pdf")
FILE_TYPES: dict[str, FileType] = {
    ReportKind.WORKBOOK: FileType(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ReportKind.CSV: FileType(".csv", "text/csv; charset=utf-8"),
    ReportKind.CSV_GB18030: FileType(".csv", "text/csv; charset=gb18030"),
    ReportKind.SHEETS: _PDF,
    ReportKind.SCORECARDS: _PDF,
    ReportKind.SCORECARDS_ZIP: FileType(".zip", "application/zip"),
    ReportKind.BULLETIN: _PDF,
}


class FiguresChanged(Exception):
    """A correction came in while the file was being written: its two halves would not be of one thing."""


def write(target: BinaryIO, order: Order, kind: ReportKind) -> None:
    """Write the file. Raises FiguresChanged; and whatever ``order.passed`` raises to stop it."""
    _WRITERS[kind](target, order)


def file_name(order: Order, kind: ReportKind) -> str:
    title = _titles(order, kind)
    if order.division.pk != order.computation.quarter.division_id:
        title = f"{title}-{order.division.name}"
    return f"{in_file_name(title)}{FILE_TYPES[kind].extension}"


def _titles(order: Order, kind: ReportKind) -> str:
    named = {
        ReportKind.SHEETS: sheet_title,
        ReportKind.BULLETIN: bulletin_title,
        ReportKind.SCORECARDS: lambda order: card_title(order.computation),
        ReportKind.SCORECARDS_ZIP: lambda order: card_title(order.computation),
    }
    return str(named.get(kind, workbook_title)(order))


# -- tables ----------------------------------------------------------------------------------------


def workbook_title(order: Order) -> str:
    return _("%(quarter)s: scores") % {"quarter": quarter_title(order.computation.quarter)}


def _write_workbook(target: BinaryIO, order: Order) -> None:
    """Read twice: what stands on top of the sheets, number and digest, is known when the last row has been seen."""
    before = order.fingerprint()
    digest = digest_of(_workbook_sheets(order.silent()))
    content = Content(workbook_title(order), digest, ReportKind.WORKBOOK, order.division)
    document = issue(order.computation, content, by=order.by, at=order.at)
    written = [_issued(sheet, order, document) for sheet in _workbook_sheets(order)]
    properties = Properties(title=content.title, subject=document.number, author=order.by.name)
    write_workbook(target, written, properties)
    if order.fingerprint() != before:
        raise FiguresChanged


def _workbook_sheets(order: Order) -> Iterator[SheetSpec]:
    for group in groups_of(order.cards):
        yield group_sheet(order, group)
    yield township_sheet(order)
    yield scheme_sheet(order)


def _issued(sheet: SheetSpec, order: Order, document: Document) -> SheetSpec:
    digest = _("SHA-256 of the content: %(digest)s") % {"digest": document.digest}
    notes = [number_line(document.number), *sheet.notes, digest, *order.taken_out()]
    return replace(sheet, notes=notes, watermark=order.watermark)


def _write_csv(target: BinaryIO, order: Order, encoding: CsvEncoding) -> None:
    titles = titles_of(order.computation, order.cards)
    header = [column.title for column in person_columns(titles, ranked=order.scheme.shows_ranks)]
    target.writelines(csv_lines(header, plain_rows(order, titles), encoding))


# -- scorecards ------------------------------------------------------------------------------------


def _write_cards(target: BinaryIO, order: Order) -> None:
    """Each on a page of its own, with a number of its own."""
    computation = order.computation
    paper = card_paper(computation, watermark=order.watermark)
    story: list[Flowable] = []
    for chunk in details(computation, order.cards, passed=order.passed):
        for detail, document in issue_cards(computation, chunk, by=order.by, at=order.at):
            name = f"{detail.row.name} {document.number}"
            story += Section.of(name, is_first=not story, on_new_sheet=False)
            story += card_story(computation, detail, document, paper)
    write_pdf(target, paper, story)


def _write_cards_apart(target: BinaryIO, order: Order) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for chunk in details(order.computation, order.cards, passed=order.passed):
            for detail, document in issue_cards(order.computation, chunk, by=order.by, at=order.at):
                order.passed(0)
                name = in_file_name(f"{detail.row.code}-{detail.row.name}")
                content = one_card(order.computation, detail, document, watermark=order.watermark)
                archive.writestr(f"{name}.pdf", content)


def one_card(computation: Computation, detail: Detail, document: Document, *, watermark: str = "") -> bytes:
    """A scorecard as a file of its own."""
    target = BytesIO()
    paper = card_paper(computation, document, watermark=watermark)
    write_pdf(target, paper, card_story(computation, detail, document, paper))
    return target.getvalue()


_WRITERS = {
    ReportKind.WORKBOOK: _write_workbook,
    ReportKind.CSV: lambda target, order: _write_csv(target, order, "utf-8-sig"),
    ReportKind.CSV_GB18030: lambda target, order: _write_csv(target, order, "gb18030"),
    ReportKind.SHEETS: write_sheets,
    ReportKind.SCORECARDS: _write_cards,
    ReportKind.SCORECARDS_ZIP: _write_cards_apart,
    ReportKind.BULLETIN: write_bulletin,
}
