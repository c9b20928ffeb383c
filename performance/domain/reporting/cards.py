"""The scorecard of one person on one page: the result, a small chart, and what each line came from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from common.pdf.blocks import Prose, heading, note
from common.pdf.paper import BOTTOM, TOP, Paper
from common.pdf.tables import ruled_table
from common.tables import Column, SheetSpec, content_digest
from members.models import User
from performance.domain.reporting.blocks import Bar, Bars, Verification
from performance.domain.reporting.details import Detail, Line
from performance.domain.reporting.documents import Content, issue_all
from performance.domain.reporting.words import basis, quarter_title
from performance.enums import ReportKind
from performance.models import Computation, Document

_HUNDRED = Decimal(100)
_BETWEEN_FACTS = "\u3000\u3000"


def card_title(computation: Computation) -> str:
    """Stands in public beside the number of the document: it names nobody."""
    return _("%(quarter)s: scorecard") % {"quarter": quarter_title(computation.quarter)}


def facts(detail: Detail) -> list[str]:
    """Who, where, as what; and every post, for who had more than one."""
    row = detail.row
    named = {
        pgettext("person", "Name"): row.name,
        _("Staff number"): row.code,
        pgettext("report", "Days served"): str(row.days),
        _("Sending unit"): row.sending_unit,
        _("Team"): f"{row.township}·{row.team}",
        _("Role in the team"): f"{row.role}·{row.category}",
    }
    pair = pgettext("scorecard", "%(name)s: %(value)s")
    said = [pair % {"name": name, "value": value} for name, value in named.items()]
    words = [_BETWEEN_FACTS.join(said[:4]), _BETWEEN_FACTS.join(said[4:])]
    if len(detail.posts) > 1:
        words.append(_("Posts of the quarter: %(posts)s") % {"posts": "；".join(map(_post, detail.posts))})
    return words


def _post(post: Mapping[str, Any]) -> str:
    return f"{post.get('team', '')} {post.get('from', '')}–{post.get('to', '')}"


def outcome(detail: Detail) -> list[str]:
    row = detail.row
    if row.total is None:
        return [_("Exempt from appraisal: %(reason)s") % {"reason": row.remark}]
    words = [_("Total %(total)s. Grade: %(grade)s.") % {"total": f"{row.total:.2f}", "grade": row.grade or "–"}]
    if row.limits:
        words.append(_("What kept the grade from being better: %(limits)s") % {"limits": row.limits})
    if row.measure:
        words.append(_("Suggested measure, to be decided by people: %(measure)s") % {"measure": row.measure})
    return words


def lines_sheet(computation: Computation, detail: Detail) -> SheetSpec:
    """Line by line; the sum under them is the total."""
    total = detail.row.total
    return SheetSpec(
        name=pgettext("report", "Lines"),
        title=card_title(computation),
        notes=[*facts(detail), *outcome(detail), *basis(computation)],
        columns=[
            Column(pgettext("report", "Indicator")),
            Column(pgettext("indicator", "Weight"), kind="decimal", places=2),
            Column(pgettext("report", "Reached"), kind="percent", places=2),
            Column(_("Points"), kind="decimal", places=2),
            Column(pgettext("report", "How it came about")),
        ],
        rows=[_line_values(line) for line in detail.lines],
        totals=None if total is None else [pgettext("points", "Total"), None, None, total, ""],
    )


def _line_values(line: Line) -> list[object]:
    if line.is_correction:
        title = _("%(title)s (correction)") % {"title": line.title}
        return [title, None, None, line.points, line.explanation or line.reason or ""]
    share = None if line.percent is None else line.percent / _HUNDRED
    return [line.title, line.weight, share, line.points, line.explanation]


def evidence_sheet(detail: Detail) -> SheetSpec:
    """Every piece of evidence behind every line."""
    return SheetSpec(
        name=_("What each line came from"),
        columns=[
            Column(pgettext("report", "Indicator")),
            Column(pgettext("report", "Evidence")),
            Column(pgettext("report", "Day")),
            Column(pgettext("report", "Value")),
            Column(_("Remark")),
        ],
        rows=[_piece_values(line, piece) for line in detail.lines for piece in line.evidence],
    )


def _piece_values(line: Line, piece: Any) -> list[object]:
    value, of = _figure(piece.get("value")), _figure(piece.get("of"))
    return [
        line.title,
        str(piece.get("label") or ""),
        str(piece.get("on") or ""),
        f"{value} / {of}" if value and of else value,
        str(piece.get("note") or ""),
    ]


def _figure(value: object) -> str:
    """Figures of evidence are stored as JSON has them, numbers or texts; shown without idle zeros."""
    if value is None:
        return ""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)


def issue_cards(
    computation: Computation, chunk: Sequence[Detail], *, by: User, at: datetime
) -> list[tuple[Detail, Document]]:
    """The document of each scorecard; the same card has the same one by whatever road it leaves."""
    title = card_title(computation)
    contents = [
        Content(title, content_digest(lines_sheet(computation, detail), evidence_sheet(detail)), ReportKind.SCORECARDS)
        for detail in chunk
    ]
    return list(zip(chunk, issue_all(computation, contents, by=by, at=at), strict=True))


def card_paper(computation: Computation, document: Document | None = None, *, watermark: str = "") -> Paper:
    """``document``: where a file holds this one alone."""
    return Paper(
        title=card_title(computation),
        number=document.number if document else "",
        author=computation.quarter.division.name,
        digest=document.digest if document else "",
        watermark=watermark,
    )


def card_story(computation: Computation, detail: Detail, document: Document, paper: Paper) -> list[Flowable]:
    """One page: evidence that does not fit is counted instead of shown."""
    lines, evidence = lines_sheet(computation, detail), evidence_sheet(detail)
    width = paper.text_width
    opening = [
        heading(lines.title),
        *(Prose(text, size=10, leading=1.6, after=2) for text in facts(detail)),
        *_outcome_blocks(detail),
        Bars([Bar(line.title, line.points, line.weight) for line in detail.lines if not line.is_correction]),
        Spacer(1, 2 * mm),
        ruled_table(lines.columns, list(lines.rows), width=width, totals=lines.totals),
    ]
    closing = [Spacer(1, 3 * mm), *map(note, basis(computation)), Verification(document)]
    room = float(paper.size[1] - TOP - BOTTOM) - sum(block.wrap(width, 0)[1] for block in (*opening, *closing)) - 1
    return [*opening, *_evidence_blocks(evidence, width, room), *closing]


def _outcome_blocks(detail: Detail) -> list[Flowable]:
    result, *others = outcome(detail)
    return [
        Prose(result, size=14, leading=1.9, bold=True),
        *(Prose(text, size=9.5, leading=1.5, after=2) for text in others),
        Spacer(1, 2 * mm),
    ]


def _evidence_blocks(evidence: SheetSpec, width: float, room: float) -> list[Flowable]:
    rows = list(evidence.rows)
    for shown in range(len(rows), 0, -1):
        blocks = [
            Prose(evidence.name, size=11, leading=2, bold=True),
            ruled_table(evidence.columns, rows[:shown], width=width),
            *([_left_out(len(rows) - shown)] if shown < len(rows) else []),
        ]
        if sum(block.wrap(width, 0)[1] for block in blocks) <= room:
            return blocks
    return [_left_out(len(rows))] if rows else []


def _left_out(count: int) -> Flowable:
    text = ngettext(
        "%(count)s more piece of evidence is on the page of the quarter.",
        "%(count)s more pieces of evidence are on the page of the quarter.",
        count,
    )
    return note(text % {"count": count})
