"""From what a file says and what is known to what would happen, row by row. Pure: nothing is read or written here."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import gettext as _

from common.spreadsheets.headings import Line
from common.tables import is_formula_like

_NUMBER = re.compile(r"([+-]?)(\d{1,6})(?:\.(\d{1,15}))?")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_LONGEST_REASON = 200
_SHOWN = 20


class RowState(StrEnum):
    """What would become of a row. ``EMPTY``: it gives no score, and nothing happens."""

    NEW = "new"
    CHANGED = "changed"
    IDENTICAL = "identical"
    EMPTY = "empty"
    REFUSED = "refused"


@dataclass(frozen=True)
class KnownPerson:
    """Whom a staff number belongs to, whether they served in the quarter, and the score in force."""

    id: int
    code: str
    name: str
    is_posted: bool
    rating_id: int | None = None
    score: Decimal | None = None


@dataclass(frozen=True)
class PlannedScore:
    """One row. ``reason`` is why a score changes; ``refusal`` a stable code, and ``text`` says it to people."""

    place: str
    code: str
    name: str
    state: RowState
    person_id: int | None = None
    score: Decimal | None = None
    old_id: int | None = None
    old_score: Decimal | None = None
    reason: str = ""
    refusal: str = ""
    text: str = ""


@dataclass
class RatingPlan:
    """Everything a sheet would do. Nothing is written while a row is refused."""

    rows: list[PlannedScore] = field(default_factory=list)

    def of(self, *states: RowState) -> list[PlannedScore]:
        return [row for row in self.rows if row.state in states]

    @property
    def refused(self) -> list[PlannedScore]:
        return self.of(RowState.REFUSED)

    @property
    def to_write(self) -> list[PlannedScore]:
        return self.of(RowState.NEW, RowState.CHANGED)

    @property
    def without_reason(self) -> list[PlannedScore]:
        return [row for row in self.of(RowState.CHANGED) if not row.reason]

    def counts(self) -> dict[str, int]:
        return {state.value: len(self.of(state)) for state in RowState}

    def digest(self) -> str:
        """Equal exactly when the same would be written; independent of the reader's language."""
        content = [[r.place, r.state, r.person_id, str(r.score), r.old_id, r.reason, r.refusal] for r in self.rows]
        return sha256(json.dumps(content).encode()).hexdigest()


class RowRefused(Exception):
    """Raised while one row is planned; it becomes a refused row and never leaves planning."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def plan(lines: Sequence[Line], people: Mapping[str, KnownPerson], *, highest: Decimal, by_id: int) -> RatingPlan:
    """Hold every line against ``people`` (by staff number in capitals). ``by_id`` is who brings the file."""
    result, place_of = RatingPlan(), dict[str, str]()
    for line in lines:
        try:
            row = _planned(line, people, place_of, highest=highest, by_id=by_id)
        except RowRefused as refusal:
            row = PlannedScore(
                line.place,
                line.values.get("code", ""),
                line.values.get("name", ""),
                RowState.REFUSED,
                refusal=refusal.code,
                text=refusal.text,
            )
        result.rows.append(row)
        place_of.setdefault(staff_number(line.values.get("code", "")), line.place)
    return result


def _planned(
    line: Line, people: Mapping[str, KnownPerson], place_of: Mapping[str, str], *, highest: Decimal, by_id: int
) -> PlannedScore:
    person = _person(line, people, place_of)
    text = line.values.get("score", "")
    if not text:
        return PlannedScore(line.place, person.code, person.name, RowState.EMPTY, person.id)
    score = understood(text, highest=highest)
    if not person.is_posted:
        raise RowRefused("not_posted", _("Served in no team of this division in the quarter."))
    if person.id == by_id:
        raise RowRefused("own_score", _("Nobody enters a score for themselves."))
    reason = _reason(line.values.get("reason", ""))
    state = RowState.NEW if person.score is None else RowState.CHANGED
    if person.score == score:
        state = RowState.IDENTICAL
    return PlannedScore(
        line.place, person.code, person.name, state, person.id, score, person.rating_id, person.score, reason
    )


def _person(line: Line, people: Mapping[str, KnownPerson], place_of: Mapping[str, str]) -> KnownPerson:
    code, name = line.values.get("code", ""), line.values.get("name", "")
    if is_formula_like(code) or is_formula_like(name):
        raise RowRefused("formula", _("This is a formula, not a number or a name. Paste the values alone."))
    number = staff_number(code)
    if not number:
        raise RowRefused("missing_code", _("The staff number is missing."))
    if first := place_of.get(number):
        raise RowRefused("duplicate", _("This person is already in row %(place)s.") % {"place": first})
    person = people.get(number)
    if person is None:
        raise RowRefused("unknown_person", _("Nobody has this staff number."))
    if not name:
        raise RowRefused("missing_name", _("The name is missing."))
    if "".join(name.split()) != "".join(person.name.split()):
        # Not whose it is: the file may be a guess at somebody of another division.
        raise RowRefused("name_differs", _("The name does not belong to this staff number."))
    return person


def staff_number(text: str) -> str:
    """As people type it: full width, with spaces, in small letters, or turned into a number by a spreadsheet."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    whole = _WHOLE_FLOAT.fullmatch(plain)
    return (whole[1] if whole else plain).upper()


def understood(text: str, *, highest: Decimal) -> Decimal:
    """A score from 0 to ``highest`` with two decimals at most."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    number = _NUMBER.fullmatch(plain)
    if number is None:
        if is_formula_like(text):
            raise RowRefused("formula", _("This is a formula, not a score. Paste the values alone."))
        raise RowRefused("not_a_number", _("“%(text)s” is not a score.") % {"text": text[:_SHOWN]})
    score = Decimal(plain)
    if score < 0 or score > highest:
        raise RowRefused(
            "out_of_range", _("%(score)s lies outside 0 to %(highest)s.") % {"score": plain, "highest": _plain(highest)}
        )
    if len((number[3] or "").rstrip("0")) > 2:
        raise RowRefused("too_exact", _("%(score)s has more than two decimals.") % {"score": plain})
    return score.quantize(Decimal("0.01"))


def _reason(text: str) -> str:
    if len(text) > _LONGEST_REASON:
        raise RowRefused("long_reason", _("A reason may have up to %(most)s characters.") % {"most": _LONGEST_REASON})
    return text


def _plain(number: Decimal) -> str:
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".")
