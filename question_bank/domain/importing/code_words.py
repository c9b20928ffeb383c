"""Codes that only the whole table explains: figures for kinds, 0 and 1 for wrong and right, difficulties to five."""

from collections.abc import Iterable, Mapping, Sequence

from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.options import options_of_cell, places_of
from question_bank.domain.importing.values import Conventions, NotCertain, five_levels_in, folded, truth_of
from question_bank.enums import Kind

_IN_ORDER = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT)
# Programs count the kinds from 0 or from 1; which of the two, the rows must show.
_COUNTINGS = tuple({str(start + place): kind for place, kind in enumerate(_IN_ORDER)} for start in (0, 1))


def conventions_of(rows: Sequence[Written], truth: Mapping[str, bool]) -> Conventions:
    """What the codes of a table mean. A code that the rows do not settle is left out, and its rows are refused."""
    said = {folded(code): meaning for code, meaning in truth.items()}
    return Conventions(
        kinds=_kinds(rows),
        truth=said or _zero_and_one(rows),
        five_levels=five_levels_in(row.difficulty for row in rows),
    )


def _kinds(rows: Sequence[Written]) -> Mapping[str, Kind]:
    """The one counting under which no row contradicts its kind, and some row bears it out."""
    coded = [row for row in rows if folded(row.kind).isdecimal()]
    fitting = [counting for counting in _COUNTINGS if coded and _fits(counting, coded)]
    return fitting[0] if len(fitting) == 1 else {}


def _fits(counting: Mapping[str, Kind], rows: Iterable[Written]) -> bool:
    return all(_may_be(row, counting.get(folded(row.kind))) for row in rows)


def _may_be(row: Written, kind: Kind | None) -> bool:
    """Could this row be of that kind? Rows that nobody can read speak neither for nor against it."""
    has_options = any(row.options) or bool(row.options_text)
    match kind:
        case None:
            return False
        case Kind.SINGLE | Kind.MULTIPLE:
            return has_options and _right_count(row) in ({1, None} if kind == Kind.SINGLE else {*range(2, 12), None})
        case Kind.TRUE_FALSE:
            return not has_options or {truth_of(each) for each in row.options if each} == {True, False}
        case _:
            return not has_options and truth_of(row.answer) is None


def _right_count(row: Written) -> int | None:
    options = [each for each in row.options if each] or options_of_cell(row.options_text)
    try:
        return len(places_of(row.answer, options, numbered=row.numbered))
    except NotCertain:
        return None


def _zero_and_one(rows: Iterable[Written]) -> Mapping[str, bool]:
    """1 is right and 0 wrong where answers without options are only these two, and both occur."""
    bare = {folded(row.answer) for row in rows if row.answer and not any(row.options) and not row.options_text}
    figures = {answer for answer in bare if answer.isdecimal()}
    return {"1": True, "0": False} if figures == {"0", "1"} else {}
