"""The bulletin (通报): how the quarter went, for everybody to read. It names nobody for a low result."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from common.pdf.blocks import Letterhead, Prose, Signatures, heading, note
from common.pdf.paper import Paper, write_pdf
from common.pdf.tables import ruled_table
from common.tables import Column, SheetSpec, content_digest, local
from performance.domain.reporting.blocks import Verification
from performance.domain.reporting.documents import Content, issue
from performance.domain.reporting.order import Order
from performance.domain.reporting.scope import prefixes_within
from performance.domain.reporting.townships import Township, grade_labels, together, township_figures
from performance.domain.reporting.words import basis, quarter_title
from performance.enums import LedgerSign, ReportKind
from performance.models import LedgerEntry

# Of fewer people the distribution of grades would tell who is who.
FEWEST = 5


class Praise(NamedTuple):
    """A positive item of a whole team."""

    team: str
    item: str
    on: str
    description: str


def bulletin_title(order: Order) -> str:
    return _("%(quarter)s: bulletin on the appraisal") % {"quarter": quarter_title(order.computation.quarter)}


def write_bulletin(target: BinaryIO, order: Order) -> None:
    townships, labels = grouped_townships(township_figures(order)), grade_labels(order)
    total = together(townships, _("All together"))
    prose = list(paragraphs(order, total, labels))
    text = SheetSpec(
        name=pgettext("report", "Bulletin"),
        title=bulletin_title(order),
        notes=[*prose, *basis(order.computation)],
        columns=_columns(labels),
        rows=[_values(row, labels) for row in townships],
        totals=_values(total, labels),
    )
    praise = _praise_sheet(order)
    content = Content(text.title, content_digest(text, praise), ReportKind.BULLETIN, order.division)
    document = issue(order.computation, content, by=order.by, at=order.at)
    office = order.computation.quarter.division.name
    paper = Paper(title=text.title, number=document.number, author=office, digest=document.digest)
    story = [Letterhead(office, document.number), heading(text.title)]
    story += [Prose(words, size=12, leading=1.8, indent=2) for words in prose]
    story += _township_part(text, paper)
    story += _praise_part(praise, paper)
    story += [Spacer(1, 3 * mm), *map(note, basis(order.computation))]
    story.append(KeepTogether([_date_line(order), Signatures([_("Approved by")]), Verification(document)]))
    order.passed(total.people)
    write_pdf(target, paper, story)


def grouped_townships(townships: Sequence[Township]) -> list[Township]:
    """Townships in which few were appraised are one row: their grades alone would point at somebody."""
    large = [row for row in townships if row.appraised >= FEWEST]
    small = [row for row in townships if row.appraised < FEWEST]
    if not small:
        return large
    name = _("Townships with fewer than %(count)s people appraised") % {"count": FEWEST}
    return [*large, together(small, name)]


def paragraphs(order: Order, total: Township, labels: dict[int, str]) -> Iterator[str]:
    """The text of the bulletin: who was appraised, what came out, what follows from it."""
    quarter = order.computation.quarter
    yield _(
        "From %(first)s to %(last)s %(people)s people served in the teams of %(division)s. "
        "%(appraised)s were appraised, %(exempt)s were exempt."
    ) % {
        "first": quarter.starts_on.isoformat(),
        "last": quarter.ends_on.isoformat(),
        "people": total.people,
        "division": order.division.name,
        "appraised": total.appraised,
        "exempt": total.exempt,
    }
    if total.mean is not None:
        comma = pgettext("between grades", ", ")
        grades = comma.join(f"{label} {total.grades.get(place, 0)}" for place, label in labels.items())
        yield _("The mean total was %(mean)s. Grades: %(grades)s.") % {"mean": f"{total.mean:.2f}", "grades": grades}
    yield _("A result is one thing among others that people weigh; whoever doubts theirs may object to it.")


def _columns(labels: dict[int, str]) -> list[Column]:
    return [
        Column(_("Township")),
        Column(pgettext("count", "People"), kind="integer"),
        Column(_("Appraised"), kind="integer"),
        Column(pgettext("appraisal", "Participation"), kind="percent"),
        Column(_("Mean"), kind="decimal", places=2),
        *(Column(label, kind="integer") for label in labels.values()),
    ]


def _values(row: Township, labels: dict[int, str]) -> list[object]:
    share = row.appraised / row.people if row.people else None
    return [row.name, row.people, row.appraised, share, row.mean, *(row.grades.get(place, 0) for place in labels)]


def praised_teams(order: Order) -> list[Praise]:
    """Positive items of teams in this quarter that were confirmed when the evidence was counted."""
    quarter = order.computation.quarter
    entries = (
        LedgerEntry.objects.counting()
        .between(quarter.starts_on, quarter.ends_on)
        .within_any(prefixes_within(order.by, order.division))
        .filter(Q(decided_at__lte=order.computation.cutoff), kind__sign=LedgerSign.POSITIVE, team__isnull=False)
        .order_by("division_code", "occurred_on", "pk")
    )
    found = entries.values_list("team__name", "kind__title", "occurred_on", "description")
    return [Praise(team, item, on.isoformat(), text) for team, item, on, text in found.iterator()]


def _praise_sheet(order: Order) -> SheetSpec:
    return SheetSpec(
        name=_("Teams on the positive list"),
        columns=[
            Column(_("Team")),
            Column(pgettext("report", "Item")),
            Column(pgettext("report", "Day")),
            Column(pgettext("report", "What happened")),
        ],
        rows=praised_teams(order),
    )


def _township_part(spec: SheetSpec, paper: Paper) -> list[Flowable]:
    table = ruled_table(spec.columns, list(spec.rows), width=paper.text_width, totals=spec.totals)
    return [_part(_("By township")), table]


def _praise_part(spec: SheetSpec, paper: Paper) -> list[Flowable]:
    rows = list(spec.rows)
    if not rows:
        return []
    text = ngettext(
        "%(count)s item of a whole team was confirmed in this quarter.",
        "%(count)s items of whole teams were confirmed in this quarter.",
        len(rows),
    )
    opening = [_part(spec.name), Prose(text % {"count": len(rows)}, size=12, leading=1.8, indent=2)]
    return [*opening, ruled_table(spec.columns, rows, width=paper.text_width)]


def _part(text: str) -> Prose:
    return Prose(text, size=13, leading=2.2, bold=True)


def _date_line(order: Order) -> Prose:
    day = local(order.at)
    words = _("%(division)s, %(day)s") % {"division": order.computation.quarter.division.name, "day": f"{day:%Y-%m-%d}"}
    return Prose(words, size=12, leading=2.4, align="right")
