"""What is held about a person's quarters, for that person."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from common.refusals import NotAllowed
from members.models import User
from performance.domain.reporting.cards import issue_cards
from performance.domain.reporting.details import details
from performance.domain.reporting.words import limits_in_words
from performance.domain.reporting.writing import one_card
from performance.models import Scorecard, ScoreLine
from performance.rules import card_is_shown


def quarters_record(person: User) -> list[dict[str, Any]]:
    """Every scorecard with its lines that may be seen today: a download opens no door that the page keeps shut."""
    lines = ScoreLine.objects.select_related("indicator", "correction").order_by("sort_order", "pk")
    cards = (
        Scorecard.objects.of(person)
        .shown()
        .select_related("computation__quarter__division", "team")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("computation__quarter__starts_on", "computation__number")
    )
    return [_card_record(card) for card in cards]


def _card_record(card: Scorecard) -> dict[str, Any]:
    quarter = card.computation.quarter
    return {
        "quarter": quarter.name,
        "division": quarter.division.name,
        "edition": card.computation.edition,
        "counts_what_was_known_at": card.computation.cutoff,
        "team": card.team.name,
        "role": card.get_role_display(),
        "staff_category": card.get_staff_category_display(),
        "days_served": card.days_served,
        "posts": card.posts,
        "state": card.get_state_display(),
        "total": card.total,
        "grade": card.grade,
        "limits": limits_in_words(card.limits),
        "suggested_measure": card.get_measure_display(),
        "remark": card.remark,
        "lines": [_line_record(line) for line in card.lines.all()],
    }


def _line_record(line: ScoreLine) -> dict[str, Any]:
    return {
        "indicator": line.indicator.title,
        "weight": line.weight,
        "percent": line.percent,
        "points": line.points,
        "explanation": line.explanation,
        "correction": line.correction.reason if line.correction else "",
        "evidence": line.evidence,
    }


def scorecard_pdf(card: Scorecard, *, at: datetime) -> bytes:
    """The scorecard as its person takes it home: the same document, by number and digest, as in the office's files.

    Raises NotAllowed before it is shown to them.
    """
    if not card_is_shown(card):
        raise NotAllowed(_("This scorecard has not been published yet."))
    computation = card.computation
    (chunk,) = details(computation, Scorecard.objects.filter(pk=card.pk))
    ((detail, document),) = issue_cards(computation, chunk, by=card.person, at=at)
    return one_card(computation, detail, document)
