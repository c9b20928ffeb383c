"""The official quarterly sheets: for each township a table with signatures, a number and a code."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.platypus import Flowable, KeepTogether

from common.pdf.blocks import Letterhead, Signatures, heading, note
from common.pdf.paper import Paper, Section, write_pdf
from common.pdf.tables import ruled_table
from common.tables import Column, SheetSpec, content_digest
from performance.domain.reporting.blocks import Verification
from performance.domain.reporting.documents import Content, issue
from performance.domain.reporting.order import Order
from performance.domain.reporting.rows import TOWNSHIP_DIGITS, CardRow, card_rows, titles_of
from performance.domain.reporting.tables import PLACES
from performance.domain.reporting.townships import Township, township_figures
from performance.domain.reporting.words import basis, quarter_title, signatures
from performance.enums import ReportKind
from performance.models import Document


def sheet_title(order: Order) -> str:
    return _("%(quarter)s: appraisal sheet") % {"quarter": quarter_title(order.computation.quarter)}


def write_sheets(target: BinaryIO, order: Order) -> None:
    """A sheet for each township in the order of codes; all of them are one document."""
    figures = township_figures(order)
    titles = titles_of(order.computation, order.cards)
    specs = [_township_spec(order, township, titles) for township in figures]
    content = Content(sheet_title(order), content_digest(*specs), ReportKind.SHEETS, order.division)
    document = issue(order.computation, content, by=order.by, at=order.at)
    paper = Paper(
        title=content.title,
        number=document.number,
        author=order.computation.quarter.division.name,
        digest=document.digest,
        watermark=order.watermark,
        landscape=True,
    )
    story = [
        block
        for place, (spec, township) in enumerate(zip(specs, figures, strict=True))
        for block in _sheet(order, spec, township, document, paper, is_first=place == 0)
    ]
    write_pdf(target, paper, story)


def _township_spec(order: Order, township: Township, titles: Sequence[str]) -> SheetSpec:
    ranked = order.scheme.shows_ranks
    inside = order.cards.filter(division_code__startswith=township.code[:TOWNSHIP_DIGITS])
    rows = [_values(row, titles, ranked=ranked) for row in card_rows(order.computation, inside, passed=order.passed)]
    return SheetSpec(
        name=township.name,
        title=f"{sheet_title(order)}·{township.name}",
        notes=[_summary(township), *basis(order.computation)],
        columns=_columns(titles, ranked=ranked),
        rows=rows,
        signatures=signatures(),
    )


def _columns(titles: Sequence[str], *, ranked: bool) -> list[Column]:
    return [
        Column(_("Staff number")),
        Column(pgettext("person", "Name")),
        Column(_("Sending unit")),
        Column(_("Village")),
        Column(_("Role in the team")),
        Column(_("Staff category")),
        Column(pgettext("appraisal sheet", "Days"), kind="integer"),
        *(Column(title, kind="decimal", places=PLACES) for title in titles),
        Column(pgettext("points", "Corrections"), kind="decimal", places=PLACES),
        Column(pgettext("points", "Total"), kind="decimal", places=PLACES),
        Column(pgettext("appraisal", "Grade")),
        *([Column(pgettext("appraisal", "Rank"), kind="integer")] if ranked else []),
        Column(pgettext("report", "Suggested measure")),
        Column(_("Remark")),
    ]


def _values(row: CardRow, titles: Sequence[str], *, ranked: bool) -> list[object]:
    remark = "；".join(text for text in (row.limits, row.remark) if text)
    return [
        *(row.code, row.name, row.sending_unit, row.village, row.role, row.category, row.days),
        *row.parts(titles),
        *(row.corrections, row.total, row.grade),
        *([row.rank] if ranked else []),
        *(row.measure, remark),
    ]


def _summary(township: Township) -> str:
    figures = {
        "people": township.people,
        "appraised": township.appraised,
        "exempt": township.exempt,
        "mean": "–" if township.mean is None else f"{township.mean:.2f}",
    }
    return _("People: %(people)s, appraised: %(appraised)s, exempt: %(exempt)s, mean: %(mean)s.") % figures


def _sheet(
    order: Order, spec: SheetSpec, township: Township, document: Document, paper: Paper, *, is_first: bool
) -> Iterator[Flowable]:
    yield from Section.of(f"{township.name} {document.number}", is_first=is_first, on_new_sheet=False)
    yield Letterhead(order.computation.quarter.division.name, document.number)
    yield heading(spec.title)
    yield from map(note, spec.notes)
    closing: list[Flowable] = [Signatures(spec.signatures), Verification(document)]
    height = sum(block.wrap(paper.text_width, 0)[1] for block in closing)
    yield ruled_table(spec.columns, list(spec.rows), width=paper.text_width, followed_by=height)
    yield KeepTogether(closing)
