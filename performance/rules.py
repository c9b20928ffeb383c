"""May this person? Predicates about the appraisal; lists use the QuerySet words ``visible_to``."""

from datetime import datetime

from members.enums import SCORE_ROLES, Role
from members.models import Division, User
from performance.enums import SHOWN_STATES, AppealState
from performance.models import Appeal, Quarter, Scorecard


def _covers(person: User, code: str, *roles: Role) -> bool:
    return any(code.startswith(prefix) for prefix in person.scope(*roles))


def may_open_quarter(person: User, division: Division) -> bool:
    return _covers(person, division.code, Role.ADMINISTRATOR)


def may_manage_quarter(person: User, quarter: Quarter) -> bool:
    """Compute, publish, close: an administrator whose division contains the quarter's."""
    return may_open_quarter(person, quarter.division)


def may_see_quarter(person: User, quarter: Quarter) -> bool:
    """Somebody of the office above or inside the quarter's division; cards are bounded by ``visible_to``."""
    division = quarter.division
    return any(division.code.startswith(p) or p.startswith(division.prefix) for p in person.scope(*SCORE_ROLES))


def card_is_shown(card: Scorecard) -> bool:
    """To whom it is about: once published, and again when its edition was closed and the quarter reopened."""
    computation = card.computation
    if computation.closed_at:
        return True
    return computation.published_at is not None and computation.quarter.state in SHOWN_STATES


def may_see_card(person: User, card: Scorecard) -> bool:
    if card.person_id == person.pk and card_is_shown(card):
        return True
    return _covers(person, card.division_code, *SCORE_ROLES)


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
