"""Computing a quarter: repeatable, and the same from the same evidence."""

from datetime import datetime

from django.conf import settings
from django.db.utils import OperationalError
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.evidence import sources
from common.refusals import NotAllowed
from common.snapshots import snapshot
from members.models import User
from performance.domain.appraisals import appraise
from performance.domain.refusals import QuarterBusy, QuarterNotOpen, SchemeMissing
from performance.domain.schemes import inquiry_of
from performance.domain.storing import store
from performance.enums import QuarterState, SchemeState
from performance.models import Computation, Quarter, Scheme, Scorecard, ScoreLine
from performance.rules import may_manage_quarter


def compute_quarter(quarter: Quarter, *, by: User, at: datetime) -> Computation:
    """Appraise everybody who served in the quarter by the scheme in force, from what is known at ``at``.

    What is computed takes the place of an earlier computing that nobody was shown.
    Raises NotAllowed, QuarterNotOpen, SchemeMissing, QuarterBusy.
    """
    if not may_manage_quarter(by, quarter):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    scheme = adopted_scheme(quarter)
    for indicator in scheme.indicators.all():
        if source := sources().get(indicator.source):
            source.settle(inquiry_of(quarter, indicator, at=at))
    try:
        with snapshot():
            return _compute(quarter, scheme, by=by, at=at)
    except OperationalError as error:
        raise QuarterBusy(_("Somebody else is changing this quarter. Try again in a moment.")) from error


def changes_since(computation: Computation) -> list[str]:
    """What was put right in the evidence after it had been counted, each said once."""
    quarter, said = computation.quarter, dict[str, None]()
    for indicator in computation.scheme.indicators.all():
        if source := sources().get(indicator.source):
            inquiry = inquiry_of(quarter, indicator, at=computation.cutoff)
            said |= dict.fromkeys(source.changed_since(inquiry))
    return list(said)


def adopted_scheme(quarter: Quarter) -> Scheme:
    """The scheme in force. Raises SchemeMissing."""
    scheme = quarter.schemes.filter(state=SchemeState.ADOPTED).first()
    if scheme is None:
        raise SchemeMissing(_("This quarter has no scheme in force."))
    return scheme


def _compute(quarter: Quarter, scheme: Scheme, *, by: User, at: datetime) -> Computation:
    locked = Quarter.objects.select_for_update(of=("self",)).select_related("division").get(pk=quarter.pk)
    if not locked.takes_evidence():
        raise QuarterNotOpen(_("The results of this quarter have been published; they are not computed again."))
    # What is stored is read by everybody: in the language of the house, whoever pressed the button.
    with translation.override(settings.LANGUAGE_CODE):
        found = appraise(locked, scheme, at=at)
    computation = store(locked, found, by=by, at=at)
    _replace(locked, computation)
    quarter.refresh_from_db()
    log(
        quarter,
        "performance.compute",
        user=by,
        timestamp=at,
        data={"people": computation.people, "digest": computation.digest, "missing": len(computation.missing)},
    )
    return computation


def _replace(quarter: Quarter, computation: Computation) -> None:
    Quarter.objects.filter(pk=quarter.pk).update(state=QuarterState.COMPUTED, computation=computation)
    unseen = quarter.computations.filter(published_at=None, reports=None, documents=None).exclude(pk=computation.pk)
    lines = ScoreLine.objects.filter(scorecard__computation__in=unseen)
    cards = Scorecard.objects.filter(computation__in=unseen)
    # Nothing hangs on what nobody was shown, and Django would otherwise fetch a hundred thousand rows to find out.
    for rows in (lines, cards):
        rows._raw_delete(rows.db)
    unseen.delete()
