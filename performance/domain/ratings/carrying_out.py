"""Scores become those in force: a whole sheet or nothing of it, or one by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.chinese import strip_controls
from common.refusals import ReasonMissing
from common.spreadsheets.headings import Line
from members.models import User
from performance.domain.evidence_days import lock_open_quarter
from performance.domain.ratings.planning import PlannedScore, RatingPlan, RowState, plan
from performance.domain.ratings.present import known_people, plan_rating_sheet
from performance.domain.ratings.reading import require_rating
from performance.domain.refusals import ScoreRefused, SheetHasBadRows, SheetOutdated
from performance.models import Quarter, Rating, RatingKind, RatingSheet

_LONGEST_REASON = 200
_BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """How many scores are new, replace another, or were there already."""

    new: int
    changed: int
    identical: int


def commit_rating_sheet(sheet: RatingSheet, *, shown: str, reason: str = "", by: User, at: datetime) -> Outcome:
    """Do what the dry run showed; ``shown`` is the digest of the plan (without ``reason``) that the person agreed to.

    One transaction. A sheet that was carried out before changes nothing, and neither does the same file brought
    again. Every changed score needs a reason: its row's, else ``reason``. Refuses with ``NotAllowed``,
    ``KindNotUsable``, ``QuarterNotOpen``, ``SheetHasBadRows``, ``SheetOutdated``, ``ReasonMissing``.
    """
    try:
        with transaction.atomic():
            outcome = _commit(sheet, shown=shown, reason=_clean(reason), by=by, at=at)
    except IntegrityError as error:
        # Somebody else wrote between planning and writing; the database held its constraints.
        raise _outdated() from error
    sheet.refresh_from_db()
    return outcome


def _commit(sheet: RatingSheet, *, shown: str, reason: str, by: User, at: datetime) -> Outcome:
    sheets = RatingSheet.objects.select_for_update(of=("self",)).select_related("kind__division", "quarter__division")
    locked = sheets.get(pk=sheet.pk)
    require_rating(locked.quarter, locked.kind, by=by)
    if locked.committed_at:
        return _recorded(locked)
    locked.quarter = lock_open_quarter(locked.quarter)
    _require_agreed(plan_rating_sheet(locked, by=by), shown)
    planned = plan_rating_sheet(locked, reason=reason, by=by)
    if planned.without_reason:
        raise ReasonMissing(
            _("Scores change that were entered before: give the reason."), rows=len(planned.without_reason)
        )
    _write(planned.to_write, quarter=locked.quarter, kind=locked.kind, sheet=locked, by=by, at=at)
    counts = planned.counts()
    locked.committed_by, locked.committed_at = by, at
    locked.save(update_fields=["committed_by", "committed_at"])
    log(locked, "performance.commit_rating_sheet", user=by, timestamp=at, data={"counts": counts, "reason": reason})
    return Outcome(counts["new"], counts["changed"], counts["identical"])


def _require_agreed(planned: RatingPlan, shown: str) -> None:
    if planned.refused:
        raise SheetHasBadRows(_("There are rows that must be mended first."), rows=len(planned.refused))
    if planned.digest() != shown:
        raise _outdated()


def _outdated() -> SheetOutdated:
    return SheetOutdated(_("Something has changed since the file was checked. Look at it again first."))


def _recorded(sheet: RatingSheet) -> Outcome:
    """What carrying it out did at the time."""
    written = sheet.ratings.count()
    changed = sheet.ratings.exclude(replaces=None).count()
    scored = sum(1 for row in sheet.rows if row["values"].get("score"))
    return Outcome(written - changed, changed, scored - written)


def _write(
    rows: Sequence[PlannedScore],
    *,
    quarter: Quarter,
    kind: RatingKind,
    sheet: RatingSheet | None,
    by: User,
    at: datetime,
) -> None:
    replaced = [row.old_id for row in rows if row.old_id is not None]
    for start in range(0, len(replaced), _BATCH):
        chunk = replaced[start : start + _BATCH]
        # The row count tells whether somebody else replaced one of them meanwhile.
        if Rating.objects.in_force().filter(pk__in=chunk).update(is_current=False) != len(chunk):
            raise _outdated()
    Rating.objects.bulk_create(
        (
            Rating(
                quarter=quarter,
                kind=kind,
                person_id=row.person_id,  # type: ignore[misc]  # a row to write has a person and a score
                score=row.score,  # type: ignore[misc]
                sheet=sheet,
                place=row.place,
                replaces_id=row.old_id,
                reason=row.reason,
                entered_by=by,
                entered_at=at,
            )
            for row in rows
        ),
        batch_size=_BATCH,
    )


# -- by hand --------------------------------------------------------------------------------


def rate(
    quarter: Quarter,
    kind: RatingKind,
    person: User,
    score: Decimal | str,
    *,
    reason: str = "",
    by: User,
    at: datetime,
) -> Rating:
    """Enter one score; the score in force again is that one. One that differs needs a reason and replaces it.

    Refuses with ``NotAllowed``, ``KindNotUsable``, ``QuarterNotOpen``, ``ScoreRefused`` (its ``reason`` is
    that of a row in a file), ``ReasonMissing``, ``SheetOutdated``.
    """
    try:
        with transaction.atomic():
            return _rate(quarter, kind, person, str(score), reason=_clean(reason), by=by, at=at)
    except IntegrityError as error:
        raise _outdated() from error


def _rate(
    quarter: Quarter, kind: RatingKind, person: User, score: str, *, reason: str, by: User, at: datetime
) -> Rating:
    require_rating(quarter, kind, by=by)
    quarter = lock_open_quarter(quarter)
    line = Line("", {"code": person.code, "name": person.name, "score": score, "reason": reason})
    people = known_people([line], quarter=quarter, kind=kind)
    (row,) = plan([line], people, highest=kind.highest, by_id=by.pk).rows
    if row.state == RowState.EMPTY:
        raise ScoreRefused(_("Give a score."), reason="not_a_number")
    if row.state == RowState.REFUSED:
        raise ScoreRefused(row.text, reason=row.refusal)
    if row.state == RowState.CHANGED and not row.reason:
        raise ReasonMissing(_("%(name)s has a score already: give the reason why it changes.") % {"name": person})
    if row.state != RowState.IDENTICAL:
        _write([row], quarter=quarter, kind=kind, sheet=None, by=by, at=at)
    rating = Rating.objects.in_force().get(quarter=quarter, kind=kind, person=person)
    if row.state != RowState.IDENTICAL:
        data = {"score": str(row.score), "old": "" if row.old_score is None else str(row.old_score), "reason": reason}
        log(rating, "performance.rate", user=by, timestamp=at, data=data)
    return rating


def _clean(reason: str) -> str:
    cleaned = strip_controls(reason).strip()
    if len(cleaned) > _LONGEST_REASON:
        raise ReasonMissing(_("At most %(most)s characters.") % {"most": _LONGEST_REASON})
    return cleaned
