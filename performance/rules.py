"""May this person? Predicates about the appraisal; lists use the QuerySet words ``visible_to``."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.enums import SCORE_ROLES, Role
from members.models import Division, Posting, Team, User
from members.models.division import ancestor_codes, inside
from performance.enums import EVIDENCE_STATES, SHOWN_STATES, AppealState, LedgerState, SchemeState
from performance.models import (
    Appeal,
    LedgerEntry,
    LedgerKind,
    Quarter,
    Rating,
    RatingKind,
    RatingSheet,
    Scheme,
    Scorecard,
)

# -- quarters, schemes, scorecards ---------------------------------------------------------------


def may_open_quarter(person: User, division: Division) -> bool:
    return person.covers(division.code, Role.ADMINISTRATOR)


def may_manage_quarter(person: User, quarter: Quarter) -> bool:
    """Compute, publish, close, bring in scores: an administrator whose division contains the quarter's."""
    return may_open_quarter(person, quarter.division)


def may_see_quarter(person: User, quarter: Quarter) -> bool:
    """Somebody of the office above or inside the quarter's division; cards are bounded by ``visible_to``."""
    return person.meets(quarter.division, *SCORE_ROLES)


def may_report(person: User, quarter: Quarter, division: Division) -> bool:
    """Take out figures of that division: it lies in the quarter's, and wholly in the person's."""
    return quarter.division.contains(division.code) and person.covers(division.code, *SCORE_ROLES)


def card_is_shown(card: Scorecard) -> bool:
    """To whom it is about: once published, and again when its edition was closed and the quarter reopened."""
    computation = card.computation
    if computation.closed_at:
        return True
    return computation.published_at is not None and computation.quarter.state in SHOWN_STATES


def may_see_card(person: User, card: Scorecard) -> bool:
    if card.person_id == person.pk and card_is_shown(card):
        return True
    return person.covers(card.division_code, *SCORE_ROLES)


def may_object(person: User, card: Scorecard, *, at: datetime) -> bool:
    quarter = card.computation.quarter
    return (
        card.person_id == person.pk
        and quarter.computation_id == card.computation_id
        and quarter.takes_objections(at=at)
        and card.total is not None
    )


def may_decide_appeal(person: User, appeal: Appeal) -> bool:
    """An administrator of the quarter's division who has not decided about it before: see ``_has_decided``."""
    card = appeal.line.scorecard
    return (
        may_manage_quarter(person, card.computation.quarter)
        and card.person_id != person.pk
        and not _has_decided(person, appeal)
    )


def _has_decided(person: User, appeal: Appeal) -> bool:
    """Published these results, or decided an earlier objection against the same line of the same person."""
    computation = appeal.line.scorecard.computation
    if computation.published_by_id == person.pk:
        return True
    earlier = Appeal.objects.exclude(state=AppealState.OPEN).filter(
        line__scorecard__person=appeal.line.scorecard.person_id,
        line__scorecard__computation__quarter=computation.quarter_id,
        line__indicator__title=appeal.line.indicator.title,
        decided_by=person,
    )
    return earlier.exists()


def may_edit_scheme(person: User, scheme: Scheme) -> bool:
    """Drafts alone change, as long as nobody has been shown results."""
    quarter = scheme.quarter
    is_draft = scheme.state == SchemeState.DRAFT
    return is_draft and quarter.takes_evidence() and may_manage_quarter(person, quarter)


# -- evidence ------------------------------------------------------------------------------------


def may_enter(person: User, division_code: str) -> bool:
    """Who administers the village: its township, its county."""
    return person.covers(division_code, Role.ADMINISTRATOR)


def may_decide_entry(person: User, entry: LedgerEntry) -> bool:
    """Confirm, decline, reverse: an administrator of the division whose list it is; of a waiting one somebody else."""
    return person.covers(entry.kind.division.code, Role.ADMINISTRATOR)


def may_manage_kind(person: User, kind: LedgerKind | RatingKind) -> bool:
    return person.covers(kind.division.code, Role.ADMINISTRATOR)


def may_see_entry(person: User, entry: LedgerEntry) -> bool:
    """The office in whose divisions it lies; once it is confirmed also whom it concerns."""
    if person.covers(entry.division_code, *SCORE_ROLES):
        return True
    if entry.state != LedgerState.CONFIRMED:
        return False
    return entry.person_id == person.pk or (entry.team_id is not None and served_in(person, entry))


def served_in(person: User, entry: LedgerEntry) -> bool:
    """Was the person in the team of this entry on its day?"""
    on = entry.occurred_on
    posts = person.postings.filter(Q(ends_on=None) | Q(ends_on__gte=on), team=entry.team_id, starts_on__lte=on)
    return posts.exists()


def is_about(person: User, entry: LedgerEntry) -> bool:
    return entry.person_id == person.pk or (entry.team_id is not None and served_in(person, entry))


# -- lists --------------------------------------------------------------------------------------


def _seen_from(person: User, *roles: Role) -> Q:
    """Kinds of a division inside the person's, or of one that contains it."""
    prefixes = person.scope(*roles)
    above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
    return inside(prefixes, field="division__code") | above


def ledger_kinds_visible_to(person: User) -> QuerySet[LedgerKind]:
    return LedgerKind.objects.filter(_seen_from(person, *SCORE_ROLES))


def rating_kinds_visible_to(person: User) -> QuerySet[RatingKind]:
    return RatingKind.objects.filter(_seen_from(person, *SCORE_ROLES))


def kinds_to_enter(person: User) -> QuerySet[LedgerKind]:
    """Those this person may enter something of."""
    kinds = LedgerKind.objects.filter(_seen_from(person, Role.ADMINISTRATOR), is_active=True)
    return kinds.select_related("division")


def quarters_to_rate(person: User) -> QuerySet[Quarter]:
    quarters = Quarter.objects.filter(inside(person.scope(Role.ADMINISTRATOR), field="division__code"))
    return quarters.filter(state__in=EVIDENCE_STATES).select_related("division")


def offices_of(person: User) -> QuerySet[Division]:
    """Counties and townships this administrator may keep lists for; a village has no office."""
    return Division.objects.within_any(person.scope(Role.ADMINISTRATOR)).filter(code__endswith="000")


def teams_of(person: User) -> QuerySet[Team]:
    return Team.objects.within_any(person.scope(Role.ADMINISTRATOR)).select_related("division")


def people_to_enter(person: User) -> QuerySet[User]:
    """Everybody who serves, or once served, where this person administers."""
    posts = Posting.objects.within_any(person.scope(Role.ADMINISTRATOR)).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(posts))


def ratings_visible_to(person: User) -> QuerySet[Rating]:
    """Of the quarters of one's divisions all; of a quarter above those of people who served in them."""
    prefixes = person.scope(*SCORE_ROLES)
    return Rating.objects.filter(inside(prefixes, field="quarter__division__code") | served_within(prefixes))


def served_within(prefixes: Iterable[str]) -> Exists:
    """A condition on ratings: the person served inside one of ``prefixes`` in the quarter."""
    posts = Posting.objects.within_any(prefixes).filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("quarter__starts_on")),
        person=OuterRef("person"),
        starts_on__lte=OuterRef("quarter__ends_on"),
    )
    return Exists(posts)


def sheets_visible_to(person: User) -> QuerySet[RatingSheet]:
    return RatingSheet.objects.filter(inside(person.scope(*SCORE_ROLES), field="quarter__division__code"))


def rating_kinds_of(person: User) -> QuerySet[RatingKind]:
    """Those this person may bring in scores for; of which quarter is asked of ``quarters_to_rate``."""
    return RatingKind.objects.filter(_seen_from(person, Role.ADMINISTRATOR), is_active=True)
