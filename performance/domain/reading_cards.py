"""A scorecard as people read it: each line with what it came from, and what would have made it more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q
from django.urls import NoReverseMatch
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.evidence import Source, source_of
from members.enums import PostingRole, StaffCategory
from members.models import User
from performance.enums import Measure, WhenEmpty
from performance.models import Appeal, Document, Scorecard, ScoreLine

# What a tenth more of an indicator is worth is easily said.
_TENTH = Decimal(10)


class EvidenceRow(NamedTuple):
    """One piece a line rests on; ``link`` is empty where there is no page to look at."""

    label: str
    on: Any
    value: str
    of: str
    note: str
    link: str


@dataclass
class LineRow:
    """One line of a scorecard with everything there is to say about it."""

    line: ScoreLine
    evidence: list[EvidenceRow]
    would_change: str
    appeals: list[Appeal] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.line.indicator.title

    @property
    def is_correction(self) -> bool:
        return self.line.correction_id is not None

    @property
    def is_left_out(self) -> bool:
        return self.line.percent is None and not self.is_correction

    @property
    def open_appeal(self) -> Appeal | None:
        return next((appeal for appeal in self.appeals if appeal.state == "open"), None)


class PostRow(NamedTuple):
    """One post of the quarter, in words."""

    team: str
    role: str
    category: str
    starts_on: Any
    ends_on: Any


class QuarterPoint(NamedTuple):
    """What one quarter came to for one person."""

    card: Scorecard
    is_this: bool


def lines_of(card: Scorecard, *, for_office: bool = False) -> list[LineRow]:
    """Every line in order with its evidence, corrections and objections. Two queries.

    Links lead to where the person it is about looks at a piece, or for the office to where it does.
    """
    appeals = Appeal.objects.select_related("decided_by").order_by("filed_at")
    lines = card.lines.select_related("indicator", "correction").prefetch_related(Prefetch("appeals", appeals))
    return [
        LineRow(
            line=line,
            evidence=[_evidence(piece, for_office=for_office) for piece in line.evidence],
            would_change=what_would_change(line),
            appeals=list(line.appeals.all()),
        )
        for line in lines
    ]


def _evidence(piece: Mapping[str, Any], *, for_office: bool) -> EvidenceRow:
    ref = str(piece.get("ref") or "")
    return EvidenceRow(
        label=str(piece.get("label") or ""),
        on=parse_date(str(piece["on"])) if piece.get("on") else None,
        value=_number(piece.get("value")),
        of=_number(piece.get("of")),
        note=str(piece.get("note") or ""),
        link=_link(source_of(ref), ref, for_office=for_office),
    )


def _link(source: Source | None, ref: str, *, for_office: bool) -> str:
    if source is None:
        return ""
    try:
        return source.office_link(ref) if for_office else source.link(ref)
    except NoReverseMatch:
        # What somebody scored is shown even where the pages of a source are not mounted.
        return ""


def _number(value: Any) -> str:
    return "" if value in (None, "") else plain(Decimal(str(value)))


def plain(value: Decimal) -> str:
    """``25.80`` as ``25.8``."""
    return f"{value.normalize() + 0:f}"


def what_would_change(line: ScoreLine) -> str:
    """In a sentence or two: what would have made this line more; said kindly, from the figures alone."""
    if line.correction_id is not None:
        return ""
    if line.percent is None:
        return _("Nothing is known here, so it was left out and the other indicators weigh more.")
    missed = (line.weight - line.points).quantize(Decimal("0.01"))
    if missed <= 0:
        return _("All points were reached; nothing would add to it.")
    if not line.evidence and line.indicator.when_empty == WhenEmpty.ZERO:
        return _("Nothing is known here, which counts as no points. Something on record would add up to %(n)s.") % {
            "n": plain(line.weight)
        }
    said = _("%(missed)s points were not reached. Ten per cent more here would add %(tenth)s points to the total.") % {
        "missed": plain(missed),
        "tenth": plain((line.weight / _TENTH).quantize(Decimal("0.01"))),
    }
    most = _largest_gap(line.evidence)
    # Translators: two sentences, one after the other.
    return pgettext("sentences", "%(first)s %(second)s") % {"first": said, "second": most} if most else said


def _largest_gap(evidence: Iterable[Mapping[str, Any]]) -> str:
    """The piece at which most was missed, or that took most away."""
    gaps = [(gap, piece) for piece in evidence if (gap := _gap(piece)) > 0]
    if len(gaps) < 2:
        return ""
    piece = max(gaps, key=lambda pair: pair[0])[1]
    return _("Most was lost at “%(label)s”.") % {"label": piece.get("label", "")}


def _gap(piece: Mapping[str, Any]) -> Decimal:
    value, of = (Decimal(str(piece[name])) if piece.get(name) is not None else None for name in ("value", "of"))
    if value is None:
        return Decimal(0)
    if of is None:
        return max(-value, Decimal(0))
    return (of - value) / of if of > 0 else Decimal(0)


def posts_of(card: Scorecard) -> list[PostRow]:
    roles, categories = dict(PostingRole.choices), dict(StaffCategory.choices)
    return [
        PostRow(
            team=str(post.get("team", "")),
            role=str(roles.get(post.get("role"), "")),
            category=str(categories.get(post.get("category"), "")),
            starts_on=parse_date(str(post.get("from", ""))),
            ends_on=parse_date(str(post.get("to", ""))),
        )
        for post in card.posts
    ]


def cards_of(person: User) -> list[Scorecard]:
    """Everything of this person that was shown to them, the newest quarter and edition first. One query."""
    cards = Scorecard.objects.of(person).shown().select_related("computation__quarter__division", "computation__scheme")
    order = ("-computation__quarter__year", "-computation__quarter__number", "-computation__number")
    return list(cards.order_by(*order))


def newest_of_each_quarter(cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Of ``cards``, newest first, one for each quarter of each division."""
    found: dict[int, Scorecard] = {}
    for card in cards:
        found.setdefault(card.computation.quarter_id, card)
    return list(found.values())


def trend_of(card: Scorecard, cards: Iterable[Scorecard], *, most: int = 6) -> list[QuarterPoint]:
    """This quarter and the person's own earlier ones, the oldest first; quarters without a total are left out."""
    this = card.computation.quarter
    own = [card, *(each for each in newest_of_each_quarter(cards) if each.computation.quarter_id != this.pk)]
    until = [
        each
        for each in own
        if each.total is not None
        and (each.computation.quarter.year, each.computation.quarter.number) <= (this.year, this.number)
    ]
    until.sort(key=lambda each: (each.computation.quarter.year, each.computation.quarter.number))
    return [QuarterPoint(each, each is card) for each in until[-most:]]


# -- said kindly ------------------------------------------------------------------------------


def measure_in_words(measure: str) -> str:
    """What a suggested measure means for the person it is about."""
    if not measure:
        return ""
    names = {
        Measure.REMIND: _("The office may remind you of what is still missing."),
        Measure.TALK: _("The office may want to talk with you about what would help."),
        Measure.ADMONISH: _("The office may consider an admonition; you are heard first."),
        Measure.RECALL: _("The office may consider whether another post suits better; you are heard first."),
    }
    return names[Measure(measure)]


def limits_in_words(card: Scorecard) -> list[str]:
    """What kept the grade from being better."""
    kinds = {
        "veto": pgettext("limit of a grade", "Veto condition"),
        "quota": pgettext("limit of a grade", "Quota of the grade"),
    }
    return [
        _("%(kind)s: %(text)s") % {"kind": kinds.get(limit.get("kind"), ""), "text": limit.get("text", "")}
        if limit.get("kind") in kinds
        else str(limit.get("text", ""))
        for limit in card.limits
    ]


# -- up to the paper that is signed ---------------------------------------------------------------

MOST_SHEETS = 5


def sheets_of(card: Scorecard, *, since: datetime | None = None) -> list[Document]:
    """The official sheets on which the card stands, the newest first; ``since``: of those issued from then on."""
    sheets = Document.objects.sheets_about(card)
    return list((sheets.filter(issued_at__gte=since) if since else sheets)[:MOST_SHEETS])


# -- which cards are whose ------------------------------------------------------------------------


def own_card(person: User, uuid: Any) -> Scorecard | None:
    """The card if it is this person's and was shown to them."""
    cards = Scorecard.objects.of(person).shown().filter(uuid=uuid)
    return cards.select_related("computation__quarter__division", "computation__scheme", "team", "person").first()


def newer_card(card: Scorecard, *, person: User) -> Scorecard | None:
    """The person's newest shown card of the same quarter, where it is another one."""
    same = Scorecard.objects.of(person).shown().filter(computation__quarter=card.computation.quarter_id)
    return same.filter(computation__number__gt=card.computation.number).order_by("-computation__number").first()


def to_look_at(person: User, *, at: datetime) -> list[Scorecard]:
    """Cards of quarters that are published for objection now."""
    published = Q(computation__quarter__state="published", computation__quarter__objections_until__gt=at)
    cards = Scorecard.objects.of(person).shown().current().filter(published)
    return list(cards.select_related("computation__quarter").order_by("computation__quarter__objections_until"))
