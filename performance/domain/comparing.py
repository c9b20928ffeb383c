"""What if: who would move, and by how much, under another scheme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.refusals import NotAllowed
from common.snapshots import snapshot
from members.models import User
from performance.domain.appraisals import Appraisal, appraise
from performance.domain.refusals import SchemeWrong
from performance.domain.schemes import measure_below, problems_of, thresholds_of
from performance.enums import SchemeState
from performance.models import Quarter, Scheme
from performance.rules import may_manage_quarter


@dataclass(frozen=True, slots=True)
class Move:
    """One person under the scheme in force and under the draft. None where there is no scheme in force yet."""

    person: User
    old_total: Decimal | None
    new_total: Decimal
    old_grade: str
    new_grade: str
    old_measure: str
    new_measure: str

    @property
    def by(self) -> Decimal:
        return self.new_total - (self.old_total or Decimal(0))

    @property
    def is_moved(self) -> bool:
        before = (self.old_total, self.old_grade, self.old_measure)
        return before != (self.new_total, self.new_grade, self.new_measure)


def compare(quarter: Quarter, draft: Scheme, *, by: User, at: datetime) -> list[Move]:
    """Everybody who would move, the farthest first; nothing is stored. Raises NotAllowed, SchemeWrong.

    Both schemes are asked of the same evidence at the same moment, so that only their difference is seen.
    """
    if not may_manage_quarter(by, quarter):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    if problems := problems_of(draft):
        raise SchemeWrong(_("The scheme does not hold together yet."), problems=problems)
    in_force = quarter.schemes.filter(state=SchemeState.ADOPTED).first()
    with snapshot(), translation.override(settings.LANGUAGE_CODE):
        old = _totals(appraise(quarter, in_force, at=at)) if in_force else {}
        new = _totals(appraise(quarter, draft, at=at))
    moves = [_move(person, old.get(person.pk), new[person.pk]) for person in _people(new)]
    return sorted((move for move in moves if move.is_moved), key=lambda move: (-abs(move.by), move.person.code))


def _totals(found: Appraisal) -> dict[int, tuple[Decimal, str, str]]:
    thresholds = thresholds_of(found.scheme)
    return {
        card.person: (card.total, found.grades[card.person].label, measure_below(thresholds, card.total))
        for card in found.cards
        if card.person in found.grades
    }


def _people(ids: Iterable[int]) -> Iterable[User]:
    """A city's are too many to be named in one statement."""
    wanted = set(ids)
    everybody = User.objects.only("pk", "name", "code").order_by("code").iterator(chunk_size=2000)
    return (person for person in everybody if person.pk in wanted)


def _move(person: User, old: tuple[Decimal, str, str] | None, new: tuple[Decimal, str, str]) -> Move:
    old_total, old_grade, old_measure = old or (None, "", "")
    return Move(person, old_total, new[0], old_grade, new[1], old_measure, new[2])
