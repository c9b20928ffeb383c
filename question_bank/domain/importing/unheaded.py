"""Tables without headings: what their content suggests. A person has to confirm it."""

import re
from collections.abc import Callable, Sequence

from question_bank.domain.importing.headings import Meaning, option_column
from question_bank.domain.importing.values import NotCertain, difficulty_of, kind_of, truth_of
from question_bank.validators import FEWEST_OPTIONS, MOST_OPTIONS

_LOOKED_AT = 200
_FEWEST_ROWS = 2
_SHARE = 0.9
_LETTERS = re.compile(r"\s*[A-Ka-kＡ-Ｋ](?:[\s,，、;；|]*[A-Ka-kＡ-Ｋ])*\s*")
_SHORTEST_STEM = 5


def columns_by_content(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A meaning for each column, or nothing where no stem with an answer can be seen."""
    filled = [row for row in rows[:_LOOKED_AT] if sum(map(bool, row)) > 1]
    if len(filled) < _FEWEST_ROWS or len(filled) * 2 < len(rows[:_LOOKED_AT]):
        return ()
    width = max(map(len, filled))
    columns = [[row[place] if place < len(row) else "" for row in filled] for place in range(width)]
    meanings = [Meaning.UNUSED.value] * width
    answer = _first(columns, meanings, _is_answer)
    stem = max(range(width), key=lambda place: _length(columns[place]))
    if answer is None or answer == stem or _length(columns[stem]) < _SHORTEST_STEM:
        return ()
    meanings[answer], meanings[stem] = Meaning.ANSWER, Meaning.STEM
    for meaning, test in ((Meaning.KIND, _is_kind), (Meaning.DIFFICULTY, _is_difficulty)):
        if (place := _first(columns, meanings, test)) is not None:
            meanings[place] = meaning
    _name_options(columns, meanings, stem, answer)
    return tuple(str(each) for each in meanings)


def _name_options(columns: Sequence[Sequence[str]], meanings: list[str], stem: int, answer: int) -> None:
    """The unnamed columns between stem and answer, or behind both."""
    between = range(stem + 1, answer) if stem < answer else range(stem + 1, len(meanings))
    free = [place for place in between if not meanings[place] and any(columns[place])]
    if FEWEST_OPTIONS <= len(free) <= MOST_OPTIONS:
        for number, place in enumerate(free, start=1):
            meanings[place] = option_column(number)


def _first(columns: Sequence[Sequence[str]], meanings: Sequence[str], test: Callable[[str], bool]) -> int | None:
    for place, cells in enumerate(columns):
        filled = [cell for cell in cells if cell]
        is_free = not meanings[place] and len(filled) * 2 >= len(cells)
        if is_free and filled and sum(map(test, filled)) >= _SHARE * len(filled):
            return place
    return None


def _is_answer(cell: str) -> bool:
    return bool(_LETTERS.fullmatch(cell)) or truth_of(cell) is not None


def _is_kind(cell: str) -> bool:
    try:
        return kind_of(cell) is not None
    except NotCertain:
        return False


def _is_difficulty(cell: str) -> bool:
    return difficulty_of(cell) is not None


def _length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells)
