"""May this person? Predicates about entering evidence; lists use the QuerySet words ``visible_to``."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.enums import SCORE_ROLES, Role
from members.models import Division, Posting, Team, User
from members.models.division import ancestor_codes, inside
from performance.enums import EVIDENCE_STATES, LedgerState
from performance.models import LedgerEntry, LedgerKind, Quarter, Rating, RatingKind, RatingSheet


def _covers(person: User, code: str, *roles: Role) -> bool:
    return any(code.startswith(prefix) for prefix in person.scope(*roles))


def may_enter(person: User, division_code: str) -> bool:
    """Who administers the village: its township, its county."""
    return _covers(person, division_code, Role.ADMINISTRATOR)


def may_decide_entry(person: User, entry: LedgerEntry) -> bool:
    """Confirm, decline, reverse: an administrator of the division whose list it is; of a waiting one somebody else."""
    return _covers(person, entry.kind.division.code, Role.ADMINISTRATOR)


def may_manage_kind(person: User, kind: LedgerKind | RatingKind) -> bool:
    return _covers(person, kind.division.code, Role.ADMINISTRATOR)


def may_rate(person: User, quarter: Quarter) -> bool:
    """Bring in scores: an administrator whose division contains the quarter's."""
    return _covers(person, quarter.division.code, Role.ADMINISTRATOR)


def may_see_entry(person: User, entry: LedgerEntry) -> bool:
    """The office in whose divisions it lies; once it is confirmed also whom it concerns."""
    if _covers(person, entry.division_code, *SCORE_ROLES):
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
