"""Writing down what was found of a quarter, and grading anew what is written down."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from common.evidence import Piece, Post
from members.models import Team, User
from performance.domain.appraisals import Appraisal, Card
from performance.domain.arithmetic import Graded, Limit, Line, Standing, graded
from performance.domain.schemes import grades_of, measure_below, thresholds_of
from performance.enums import CardState, Measure
from performance.models import Computation, Correction, Quarter, Scheme, Scorecard, ScoreLine

BATCH = 500


@dataclass(frozen=True)
class Labels:
    """What every scorecard of a scheme is labelled by, looked up once."""

    thresholds: Sequence[tuple[Measure, Decimal]]
    shows_ranks: bool
    teams: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scheme: Scheme, teams: Mapping[int, str] | None = None) -> "Labels":
        return cls(thresholds_of(scheme), scheme.shows_ranks, teams or {})


def store(quarter: Quarter, found: Appraisal, *, by: User, at: datetime) -> Computation:
    number = (quarter.computations.aggregate(last=Max("number"))["last"] or 0) + 1
    computation = Computation.objects.create(
        quarter=quarter,
        edition=quarter.edition,
        number=number,
        scheme=found.scheme,
        cutoff=at,
        people=len(found.cards),
        missing=list(found.missing),
        digest=_digest(found),
        computed_by=by,
        computed_at=at,
    )
    names = Team.objects.within_any([quarter.division.prefix]).values_list("pk", "name")
    labels = Labels.of(found.scheme, dict(names))
    cards = iter(found.cards)
    while batch := list(islice(cards, BATCH)):
        _store_cards(computation, found, batch, labels)
    return computation


def _store_cards(computation: Computation, found: Appraisal, batch: Sequence[Card], labels: Labels) -> None:
    rows = Scorecard.objects.bulk_create([_scorecard(computation, found, card, labels) for card in batch])
    lines = [line for row, card in zip(rows, batch, strict=True) for line in _score_lines(row, card)]
    ScoreLine.objects.bulk_create(lines, batch_size=BATCH)


def _scorecard(computation: Computation, found: Appraisal, card: Card, labels: Labels) -> Scorecard:
    last, grade = card.last, found.grades.get(card.person)
    row = Scorecard(
        computation=computation,
        person_id=card.person,
        team_id=last.team_id,
        division_code=last.division_code,
        role=last.role,
        staff_category=last.staff_category,
        days_served=sum(post.days for post in card.posts),
        posts=[_post(post, labels.teams) for post in card.posts],
    )
    if grade is None:
        row.state, row.remark = CardState.EXEMPT, card.exempt
        return row
    row.total = card.total
    set_grade(row, grade, card.vetoes, labels)
    return row


def set_grade(row: Scorecard, grade: Graded, vetoes: Sequence[Limit], labels: Labels) -> None:
    """Write grade, limits, measure and rank; all vetoes that are met are kept, whether or not they bite."""
    row.grade, row.grade_place = grade.label, grade.place
    biting = set(grade.limits)
    row.limits = [
        {"kind": limit.kind, "text": limit.text, "place": limit.place, "holds": limit in biting}
        for limit in dict.fromkeys([*vetoes, *grade.limits])
    ]
    row.measure = measure_below(labels.thresholds, row.total or Decimal(0))
    row.rank = grade.rank if labels.shows_ranks else None


def _post(post: Post, teams: Mapping[int, str]) -> dict[str, Any]:
    return {
        "team": teams.get(post.team_id, ""),
        "role": post.role,
        "category": post.staff_category,
        "from": post.starts_on.isoformat(),
        "to": post.ends_on.isoformat(),
    }


def _score_lines(row: Scorecard, card: Card) -> Iterator[ScoreLine]:
    for place, line in enumerate(card.lines):
        yield ScoreLine(
            scorecard=row,
            indicator_id=line.rule.indicator,
            weight=line.weight,
            percent=line.percent,
            points=line.points,
            explanation=_explanation(line),
            evidence=[_piece(piece) for piece in line.finding.pieces] if line.finding else [],
            sort_order=place,
        )
    indicators = {line.rule.title: line.rule.indicator for line in card.lines}
    for correction in card.corrections:
        if correction.indicator_title in indicators:
            yield correction_line(row, correction, indicators[correction.indicator_title], len(card.lines))


def correction_line(row: Scorecard, correction: Correction, indicator: int, place: int) -> ScoreLine:
    """The line that a correction adds to a scorecard."""
    return ScoreLine(
        scorecard=row,
        indicator_id=indicator,
        weight=Decimal(0),
        points=correction.points,
        explanation=correction.reason,
        sort_order=place,
        correction=correction,
    )


def _explanation(line: Line) -> str:
    if line.finding and line.finding.explanation:
        return line.finding.explanation
    return _("No evidence: the other indicators weigh more.") if not line.weight else _("No evidence: no points.")


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "label": piece.label,
        "ref": piece.ref,
        "on": piece.on.isoformat() if piece.on else None,
        "value": None if piece.value is None else str(piece.value),
        "of": None if piece.of is None else str(piece.of),
        "note": piece.note,
    }


def _digest(found: Appraisal) -> str:
    """Over everything that decides about somebody, in the order of staff numbers; no times, no ids of rows."""
    digest = sha256()
    for card in found.cards:
        grade = found.grades.get(card.person)
        facts = [
            card.person,
            [[line.rule.title, str(line.weight), str(line.points)] for line in card.lines],
            [str(correction.points) for correction in card.corrections],
            [grade.label, [limit.text for limit in grade.limits]] if grade else card.exempt,
        ]
        digest.update(json.dumps(facts, ensure_ascii=False).encode())
    return digest.hexdigest()


@transaction.atomic
def regrade(computation: Computation) -> list[int]:
    """Grades, limits and measures anew from the stored totals; ids of the people for whom something changed."""
    rows = list(computation.scorecards.filter(state=CardState.COUNTED))
    vetoes = {row.person_id: _stored_vetoes(row) for row in rows}
    standings = [
        Standing(row.person_id, row.staff_category, row.total, vetoes[row.person_id])
        for row in rows
        if row.total is not None
    ]
    with translation.override(settings.LANGUAGE_CODE):
        over_quota = _("More people reach this grade than it may have.")
    grades = graded(standings, grades_of(computation.scheme), over_quota=over_quota)
    labels = Labels.of(computation.scheme)
    changed = []
    for row in rows:
        before = (row.grade, row.measure, row.limits, row.rank)
        set_grade(row, grades[row.person_id], vetoes[row.person_id], labels)
        if before != (row.grade, row.measure, row.limits, row.rank):
            changed.append(row)
    Scorecard.objects.bulk_update(changed, ["grade", "grade_place", "limits", "measure", "rank"], batch_size=BATCH)
    return [row.person_id for row in changed]


def _stored_vetoes(row: Scorecard) -> tuple[Limit, ...]:
    return tuple(Limit(each["kind"], each["text"], each["place"]) for each in row.limits if each["kind"] == "veto")
