"""Objections against lines of a scorecard: filed, decided by somebody else, and the corrections that follow."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import AlreadyAsked, AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from members.models import User
from members.validators import validate_plain_text
from performance.domain.arithmetic import CENT, FULL
from performance.domain.refusals import PointsMissing, PointsOutOfRange, QuarterNotOpen, TermOver
from performance.domain.storing import correction_line, regrade
from performance.domain.telling import tell_decided, tell_objection
from performance.enums import AppealState, QuarterState
from performance.models import Appeal, Correction, Indicator, Quarter, Scorecard, ScoreLine
from performance.rules import may_decide_appeal, may_manage_quarter, may_object

LONGEST_TEXT = 2000


@transaction.atomic
def file_appeal(line: ScoreLine, *, text: str, file: File | None = None, by: User, at: datetime) -> Appeal:
    """Object to one line of one's own scorecard while the term runs; ``file`` has been checked by its content.

    Raises NotAllowed, TermOver, ReasonMissing, AlreadyAsked, ValidationError.
    """
    card = line.scorecard
    if card.person_id != by.pk:
        raise NotAllowed(_("This is not your scorecard."))
    if not may_object(by, card, at=at) or line.correction_id:
        raise TermOver(_("The term for objections does not run."))
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise ReasonMissing(_("Say what is wrong."))
    validate_plain_text(text.replace("\r", "").replace("\n", "").replace("\t", ""))
    try:
        with transaction.atomic():
            appeal = Appeal(line=line, text=text, filed_at=at)
            if file is not None:
                appeal.file, appeal.file_name = file, str(file.name)[:200]
            appeal.save()
    except IntegrityError as error:
        raise AlreadyAsked(_("Your objection against this line waits for a decision already.")) from error
    log(card.computation.quarter, "performance.file_appeal", user=by, timestamp=at, data=_of(appeal))
    tell_objection(appeal, at=at)
    return appeal


def also_affected(appeal: Appeal) -> list[Scorecard]:
    """Others whose line of the same indicator rests on the same evidence: the team of a ledger entry."""
    line = appeal.line
    refs = {piece["ref"] for piece in line.evidence if piece["ref"]}
    if not refs:
        return []
    rows = ScoreLine.objects.filter(
        scorecard__computation=line.scorecard.computation_id, indicator=line.indicator_id, correction=None
    ).exclude(scorecard=line.scorecard_id)
    pairs = rows.values_list("scorecard_id", "evidence").iterator(chunk_size=2000)
    shared = [card for card, evidence in pairs if any(piece["ref"] in refs for piece in evidence)]
    return list(Scorecard.objects.filter(pk__in=shared).select_related("person", "team"))


@transaction.atomic
def decide_appeal(
    appeal: Appeal,
    *,
    accept: bool,
    answer: str,
    points: Decimal | None = None,
    also: Iterable[User] = (),
    by: User,
    at: datetime,
) -> list[int]:
    """Answer an objection. Accepted, ``points`` are added to (or taken from) the line of its author and of ``also``.

    Grades of everybody are found anew, since quotas bind them together; the ids of people for whom something changed
    are given back. Raises NotAllowed, SecondPersonNeeded, QuarterNotOpen, AlreadyDecided, ReasonMissing,
    PointsMissing, PointsOutOfRange.
    """
    card = appeal.line.scorecard
    quarter = (
        Quarter.objects.select_for_update(of=("self",)).select_related("division").get(pk=card.computation.quarter_id)
    )
    _check_decision(appeal, quarter, answer=answer, by=by)
    state = AppealState.ACCEPTED if accept else AppealState.DECLINED
    waiting = Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN)
    if not waiting.update(state=state, answer=answer.strip(), decided_by=by, decided_at=at):
        raise AlreadyDecided(_("This has been decided already."))
    appeal.refresh_from_db()
    changed = (
        _correct(appeal, quarter, points, {card.person_id, *(each.pk for each in also)}, by=by, at=at) if accept else []
    )
    data = {**_of(appeal), "accepted": accept, "points": str(points) if accept else None, "changed": changed}
    log(quarter, "performance.decide_appeal", user=by, timestamp=at, data=data)
    tell_decided(appeal, changed=changed, at=at)
    return changed


def _check_decision(appeal: Appeal, quarter: Quarter, *, answer: str, by: User) -> None:
    if not may_manage_quarter(by, quarter):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    if not may_decide_appeal(by, appeal):
        raise SecondPersonNeeded(_("Whoever published the results or has decided before does not decide this."))
    if quarter.state != QuarterState.PUBLISHED or quarter.computation_id != appeal.line.scorecard.computation_id:
        raise QuarterNotOpen(_("The quarter is not published for objection."))
    if not answer.strip():
        raise ReasonMissing(_("Write an answer."))


def _correct(
    appeal: Appeal, quarter: Quarter, points: Decimal | None, people: set[int], *, by: User, at: datetime
) -> list[int]:
    if not points:
        raise PointsMissing(_("Say how many points are added or taken off."))
    line = appeal.line
    cards = _correctable(line).filter(person__in=people)
    if {card.person_id for card in cards} != people or by.pk in people:
        raise NotAllowed(_("Somebody of these people has no such line."))
    for card in cards:
        _require_room(card, line.indicator, points)
    for card in cards:
        correction = Correction.objects.create(
            quarter=quarter,
            person_id=card.person_id,
            indicator_title=line.indicator.title,
            points=points,
            reason=appeal.answer[:500],
            appeal=appeal,
            entered_by=by,
            entered_at=at,
        )
        correction_line(card, correction, line.indicator_id, line.sort_order).save()
    Scorecard.objects.filter(pk__in=[card.pk for card in cards]).update(total=F("total") + points)
    regraded = regrade(line.scorecard.computation)
    return sorted(people.union(regraded))


def _require_room(card: Scorecard, indicator: Indicator, points: Decimal) -> None:
    """A line is worth nothing at least and its weight at most, with every correction of it; and so is a total."""
    lines = list(card.lines.filter(indicator=indicator))
    # What was left out weighs nothing: it is worth at most what it would have weighed.
    most = max(line.weight for line in lines) or indicator.weight
    line, total = sum((line.points for line in lines), points), (card.total or Decimal(0)) + points
    if not (0 <= line <= most and 0 <= total <= FULL):
        said = _(
            "%(name)s would have %(points)s points in this line, which is worth 0 to %(most)s, and %(total)s in all."
        )
        figures = {"name": card.person, "points": line, "total": total, "most": most.quantize(CENT)}
        raise PointsOutOfRange(said % figures)


def _correctable(line: ScoreLine) -> QuerySet[Scorecard]:
    computation = line.scorecard.computation
    cards = computation.scorecards.filter(lines__indicator=line.indicator_id, lines__correction=None)
    return cards.select_related("person")


def _of(appeal: Appeal) -> dict[str, Any]:
    return {
        "appeal": str(appeal.uuid),
        "line": appeal.line.indicator.title,
        "person": appeal.line.scorecard.person.code,
    }
