"""A quarter from its opening to its end: opened, published for objection, closed, reopened."""

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import AlreadyAsked, NotAllowed, ReasonMissing, SecondPersonNeeded
from members.domain.two_persons import decide_request
from members.enums import RequestState
from members.models import Division, User
from performance.domain.computing import changes_since
from performance.domain.refusals import QuarterExists, QuarterIncomplete, QuarterNotOpen, TermOver
from performance.domain.telling import tell_published
from performance.enums import QuarterState, SchemeState
from performance.models import Appeal, Exemption, Quarter, Reopening
from performance.models.quarter import bounds
from performance.rules import may_manage_quarter, may_open_quarter


@transaction.atomic
def open_quarter(division: Division, year: int, number: int, *, by: User, at: datetime) -> Quarter:
    """A calendar quarter of the division's appraisal. Raises NotAllowed, QuarterExists, ValidationError."""
    if not may_open_quarter(by, division):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    quarter = Quarter(division=division, year=year, number=number, created_by=by, created_at=at)
    quarter.clean_fields(exclude=["starts_on", "ends_on"])
    quarter.starts_on, quarter.ends_on = bounds(year, number)
    try:
        with transaction.atomic():
            quarter.save()
    except IntegrityError as error:
        raise QuarterExists(_("This quarter exists already.")) from error
    log(quarter, "performance.open_quarter", user=by, timestamp=at, data={"quarter": quarter.name})
    return quarter


@transaction.atomic
def publish_quarter(quarter: Quarter, *, by: User, at: datetime) -> Quarter:
    """Show every member their scorecard, tell them so, and take objections until the term ends.

    Raises NotAllowed, QuarterNotOpen, QuarterIncomplete (``missing``).
    """
    locked = _locked(quarter, by)
    if locked.state != QuarterState.COMPUTED or locked.computation is None:
        raise QuarterNotOpen(_("Compute the quarter first."))
    if locked.computation.missing:
        raise QuarterIncomplete(_("Something is still missing."), missing=locked.computation.missing)
    if locked.computation.scheme.state != SchemeState.ADOPTED:
        raise QuarterNotOpen(_("Another scheme has been adopted since. Compute the quarter again."))
    _check_decided(locked)
    if changes := changes_since(locked.computation):
        raise QuarterNotOpen(" ".join([*changes, _("Compute the quarter again.")]))
    until = _end_of_day(at, days=locked.computation.scheme.appeal_days)
    quarter.computations.filter(pk=locked.computation.pk).update(published_by=by, published_at=at)
    _turn(locked, QuarterState.COMPUTED, QuarterState.PUBLISHED, objections_until=until)
    quarter.refresh_from_db()
    log(quarter, "performance.publish", user=by, timestamp=at, data={"digest": locked.computation.digest})
    tell_published(locked.computation, until=until, at=at)
    return quarter


def _check_decided(quarter: Quarter) -> None:
    """An exemption asked for after the computing is not in it."""
    since = quarter.exemptions.filter(asked_at__gt=quarter.computation.cutoff)  # type: ignore[union-attr]
    decided = quarter.exemptions.filter(decided_at__gt=quarter.computation.cutoff)  # type: ignore[union-attr]
    if since.exists() or decided.exists():
        raise QuarterNotOpen(_("Exemptions have changed since. Compute the quarter again."))


def _end_of_day(at: datetime, *, days: int) -> datetime:
    """The midnight after so many whole days."""
    day = timezone.localdate(at) + timedelta(days=days + 1)
    return datetime.combine(day, time.min, timezone.get_current_timezone())


@transaction.atomic
def close_quarter(quarter: Quarter, *, by: User, at: datetime) -> Quarter:
    """Lock the results. Raises NotAllowed, QuarterNotOpen, TermOver (it still runs), QuarterIncomplete (objections)."""
    locked = _locked(quarter, by)
    if locked.state != QuarterState.PUBLISHED or locked.computation is None or locked.objections_until is None:
        raise QuarterNotOpen(_("Only a published quarter is closed."))
    if at < locked.objections_until:
        raise TermOver(_("The term for objections has not ended yet."))
    undecided = Appeal.objects.open().filter(line__scorecard__computation=locked.computation).count()
    if undecided:
        raise QuarterIncomplete(_("%(count)s objections wait for a decision.") % {"count": undecided})
    _turn(locked, QuarterState.PUBLISHED, QuarterState.CLOSED)
    quarter.computations.filter(pk=locked.computation.pk).update(closed_by=by, closed_at=at)
    quarter.refresh_from_db()
    log(quarter, "performance.close", user=by, timestamp=at, data={"edition": locked.edition})
    return quarter


def _locked(quarter: Quarter, by: User) -> Quarter:
    locked = (
        Quarter.objects.select_for_update(of=("self",))
        .select_related("division", "computation__scheme")
        .get(pk=quarter.pk)
    )
    if not may_manage_quarter(by, locked):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    return locked


def _turn(quarter: Quarter, before: QuarterState, after: QuarterState, **fields: object) -> None:
    """Of two who do it at once, one does."""
    if not Quarter.objects.filter(pk=quarter.pk, state=before).update(state=after, **fields):
        raise QuarterNotOpen(_("Somebody else has just done this."))


# -- Reopening -------------------------------------------------------------------------------


@transaction.atomic
def ask_reopening(quarter: Quarter, *, reason: str, by: User, at: datetime) -> Reopening:
    """Ask to open a closed quarter again; somebody else decides. Raises NotAllowed, QuarterNotOpen, AlreadyAsked."""
    locked = _locked(quarter, by)
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    if locked.state != QuarterState.CLOSED:
        raise QuarterNotOpen(_("Only a closed quarter is opened again."))
    if locked.reopenings.filter(state=RequestState.WAITING).exists():
        raise AlreadyAsked(_("Somebody has asked for this already; it waits for a second person."))
    reopening = Reopening.objects.create(
        quarter=locked, edition=locked.edition, reason=reason.strip(), asked_by=by, asked_at=at
    )
    log(locked, "performance.ask_reopening", user=by, timestamp=at, data={"reason": reopening.reason})
    return reopening


@transaction.atomic
def decide_reopening(reopening: Reopening, *, approve: bool, by: User, at: datetime) -> Reopening:
    """Open the quarter in its next edition, or leave it closed. What was closed stays as it was, and readable.

    Raises NotAllowed, SecondPersonNeeded, AlreadyDecided.
    """
    locked = _locked(reopening.quarter, by)
    decide_request(reopening, approve=approve, by=by, at=at)
    if approve:
        _turn(
            locked,
            QuarterState.CLOSED,
            QuarterState.OPEN,
            edition=locked.edition + 1,
            computation=None,
            objections_until=None,
        )
    log(locked, "performance.decide_reopening", user=by, timestamp=at, data={"approved": approve})
    return reopening


# -- Exemptions ------------------------------------------------------------------------------


@transaction.atomic
def ask_exemption(quarter: Quarter, person: User, *, reason: str, by: User, at: datetime) -> Exemption:
    """Ask that somebody is not appraised this quarter; somebody else decides.

    Raises NotAllowed, ReasonMissing, QuarterNotOpen, AlreadyAsked.
    """
    locked = _locked(quarter, by)
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    if not locked.takes_evidence():
        raise QuarterNotOpen(_("The results of this quarter have been published."))
    if not person.postings.within_any([locked.division.prefix]).filter(starts_on__lte=locked.ends_on).exists():
        raise NotAllowed(_("This person does not serve in this division."))
    if locked.exemptions.filter(person=person).exclude(state=RequestState.DECLINED).exists():
        raise AlreadyAsked(_("There is an exemption for this person already."))
    exemption = Exemption.objects.create(quarter=locked, person=person, reason=reason.strip(), asked_by=by, asked_at=at)
    log(locked, "performance.ask_exemption", user=by, timestamp=at, data=_of(exemption))
    return exemption


@transaction.atomic
def decide_exemption(exemption: Exemption, *, approve: bool, by: User, at: datetime) -> Exemption:
    """Raises NotAllowed, SecondPersonNeeded, QuarterNotOpen, AlreadyDecided."""
    locked = _locked(exemption.quarter, by)
    if exemption.person_id == by.pk:
        raise SecondPersonNeeded(_("Nobody decides about themselves."))
    if not locked.takes_evidence():
        raise QuarterNotOpen(_("The results of this quarter have been published."))
    decide_request(exemption, approve=approve, by=by, at=at)
    log(locked, "performance.decide_exemption", user=by, timestamp=at, data={**_of(exemption), "approved": approve})
    return exemption


def _of(exemption: Exemption) -> dict[str, str]:
    return {"person": exemption.person.code, "reason": exemption.reason}
