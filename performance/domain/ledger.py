"""The ledger: what one person enters another confirms or declines, and nothing is changed afterwards."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.chinese import strip_controls
from common.refusals import AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from members.models import Team, User
from performance.domain.evidence_days import post_on, require_open_day
from performance.domain.ledger_files import check_files, keep_files
from performance.domain.refusals import (
    DayNotPossible,
    EntryIncomplete,
    EntryNotReversible,
    EvidenceAboutOneself,
    KindNotUsable,
    SameEntryTwice,
    WrongTarget,
)
from performance.domain.telling import tell_confirmed
from performance.enums import LedgerSign, LedgerState, LedgerTarget
from performance.models import LedgerEntry, LedgerKind
from performance.rules import is_about, may_decide_entry, may_enter

_LONGEST = 500


# -- entering -------------------------------------------------------------------------------


@transaction.atomic
def enter_item(
    kind: LedgerKind,
    *,
    person: User | None = None,
    team: Team | None = None,
    occurred_on: date,
    description: str,
    files: Sequence[Any] = (),
    by: User,
    at: datetime,
) -> LedgerEntry:
    """One occurrence, about ``person`` or ``team`` as the kind says; it counts once a second person has confirmed it.

    ``files`` are uploads (``name``, ``size``, readable). The points are the kind's of this moment. Refuses with
    ``WrongTarget``, ``DayNotPossible``, ``NotAllowed``, ``EvidenceAboutOneself``, ``KindNotUsable``,
    ``EntryIncomplete``, ``FileNotAccepted``, ``QuarterNotOpen``, ``SameEntryTwice``.
    """
    # One at a time for each kind: the same form sent twice is one entry, and its points are those of now.
    kind = LedgerKind.objects.select_for_update(no_key=True, of=("self",)).select_related("division").get(pk=kind.pk)
    _require_target(kind, person, team)
    _require_past(occurred_on, at=at)
    code = _place(person, team, occurred_on)
    _require_entering(kind, code, person, by=by)
    said = _said(description)
    _require_evidence(kind, files)
    entry = LedgerEntry(
        kind=kind,
        person=person,
        team=team,
        division_code=code,
        occurred_on=occurred_on,
        points=_signed(kind),
        description=said,
        entered_by=by,
        entered_at=at,
    )
    if is_about(by, entry):
        raise EvidenceAboutOneself(_("Nobody enters an item about themselves or their own team."))
    require_open_day(code, occurred_on)
    _require_new(entry)
    entry.save()
    keep_files(entry, files)
    _note(entry, "performance.enter_item", by=by, at=at, points=str(entry.points), files=len(files))
    return entry


def _require_target(kind: LedgerKind, person: User | None, team: Team | None) -> None:
    if kind.target == LedgerTarget.PERSON and (person is None or team is not None):
        raise WrongTarget(_("This item concerns a person."))
    if kind.target == LedgerTarget.TEAM and (team is None or person is not None):
        raise WrongTarget(_("This item concerns a whole team."))


def _require_past(day: date, *, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise DayNotPossible(_("This day has not come yet."))


def _place(person: User | None, team: Team | None, day: date) -> str:
    """The village where it happened: where the person served that day, or the team's."""
    return _place_of_person(person, day) if person is not None else _place_of_team(team, day)


def _place_of_person(person: User, day: date) -> str:
    post = post_on(person, day)
    if post is None:
        raise DayNotPossible(_("%(name)s served in no team on that day.") % {"name": person})
    return post.team.division.code


def _place_of_team(team: Team | None, day: date) -> str:
    serving = Team.objects.serving(on=day).select_related("division")
    found = serving.filter(pk=team.pk).first() if team is not None else None
    if found is None:
        raise DayNotPossible(_("%(team)s was not serving on that day.") % {"team": team})
    return found.division.code


def _require_entering(kind: LedgerKind, code: str, person: User | None, *, by: User) -> None:
    if not may_enter(by, code):
        raise NotAllowed(_("You do not administer the place where they served on that day."))
    if not kind.is_active or not kind.division.contains(code):
        raise KindNotUsable(_("“%(kind)s” may not be entered there.") % {"kind": kind})


def _said(text: str) -> str:
    said = strip_controls(text).strip()
    if not said:
        raise EntryIncomplete(_("Say what happened."))
    if len(said) > _LONGEST:
        raise EntryIncomplete(_("At most %(most)s characters.") % {"most": _LONGEST})
    return said


def _require_evidence(kind: LedgerKind, files: Sequence[Any]) -> None:
    if kind.needs_evidence and not files:
        raise EntryIncomplete(_("This item needs a document that proves it."))
    check_files(files)


def _signed(kind: LedgerKind) -> Decimal:
    return kind.points if kind.sign == LedgerSign.POSITIVE else -kind.points


def _require_new(entry: LedgerEntry) -> None:
    same = LedgerEntry.objects.exclude(state=LedgerState.DECLINED).filter(
        kind=entry.kind,
        person=entry.person,
        team=entry.team,
        occurred_on=entry.occurred_on,
        description=entry.description,
        reverses=None,
    )
    if same.exclude(reversals__state=LedgerState.CONFIRMED).exists():
        raise SameEntryTwice(_("The very same entry is there already."))


# -- deciding -------------------------------------------------------------------------------


@transaction.atomic
def confirm_item(entry: LedgerEntry, *, by: User, at: datetime) -> LedgerEntry:
    """From now on it counts, and whom it concerns is told.

    Of two who decide at once one is refused with ``AlreadyDecided``. Refuses also with ``NotAllowed``,
    ``SecondPersonNeeded``, ``EvidenceAboutOneself``, ``QuarterNotOpen``.
    """
    _require_second_person(entry, by=by)
    require_open_day(entry.division_code, entry.occurred_on)
    _turn(entry, LedgerState.CONFIRMED, by=by, at=at)
    _note(entry, "performance.confirm_item", by=by, at=at)
    tell_confirmed(entry, at=at)
    return entry


@transaction.atomic
def decline_item(entry: LedgerEntry, *, reason: str, by: User, at: datetime) -> LedgerEntry:
    """It never counts; the reason is kept in the log. Refuses as ``confirm_item``, and with ``ReasonMissing``.

    Also in a settled quarter: there it changes nothing, and otherwise it would wait for ever.
    """
    _require_second_person(entry, by=by)
    why = _reason(reason)
    _turn(entry, LedgerState.DECLINED, by=by, at=at)
    _note(entry, "performance.decline_item", by=by, at=at, reason=why)
    return entry


def _require_second_person(entry: LedgerEntry, *, by: User) -> None:
    _require_deciding(entry, by=by)
    if entry.entered_by_id == by.pk:
        raise SecondPersonNeeded(_("You entered this yourself. Somebody else has to decide."))


def _require_deciding(entry: LedgerEntry, *, by: User) -> None:
    if not may_decide_entry(by, entry):
        raise NotAllowed(_("Only an administrator of the division whose list it is decides."))
    if is_about(by, entry):
        raise EvidenceAboutOneself(_("Nobody decides about an item that concerns themselves."))


def _turn(entry: LedgerEntry, state: LedgerState, *, by: User, at: datetime) -> None:
    # The row count tells whether somebody else was faster.
    waiting = LedgerEntry.objects.filter(pk=entry.pk, state=LedgerState.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=at):
        raise AlreadyDecided(_("This entry has been decided already."))
    entry.refresh_from_db()


# -- reversing ------------------------------------------------------------------------------


@transaction.atomic
def reverse_item(entry: LedgerEntry, *, reason: str, by: User, at: datetime) -> LedgerEntry:
    """A new entry with the opposite points, of the same day; it waits for a second person too. One at a time.

    Refuses with ``NotAllowed``, ``EvidenceAboutOneself``, ``EntryNotReversible``, ``ReasonMissing``,
    ``QuarterNotOpen``.
    """
    _require_deciding(entry, by=by)
    current = LedgerEntry.objects.get(pk=entry.pk)
    if current.state != LedgerState.CONFIRMED or current.reverses_id is not None:
        raise EntryNotReversible(_("Only an entry that is confirmed, and is no reversal itself, can be reversed."))
    reversal = LedgerEntry(
        kind=current.kind,
        person=current.person,
        team=current.team,
        division_code=current.division_code,
        occurred_on=current.occurred_on,
        points=-current.points,
        description=_reason(reason),
        reverses=current,
        entered_by=by,
        entered_at=at,
    )
    require_open_day(current.division_code, current.occurred_on)
    try:
        with transaction.atomic():
            reversal.save()
    except IntegrityError as error:
        raise EntryNotReversible(_("This entry has been reversed already.")) from error
    _note(reversal, "performance.reverse_item", by=by, at=at, of=str(current.uuid), reason=reversal.description)
    return reversal


def _reason(text: str) -> str:
    reason = strip_controls(text).strip()
    if not reason:
        raise ReasonMissing(_("Give the reason."))
    if len(reason) > _LONGEST:
        raise ReasonMissing(_("At most %(most)s characters.") % {"most": _LONGEST})
    return reason


def _note(entry: LedgerEntry, action: str, *, by: User, at: datetime, **facts: Any) -> None:
    log(entry, action, user=by, timestamp=at, data={"entry": str(entry.uuid), "kind": entry.kind_id, **facts})
