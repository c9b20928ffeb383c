"""Options as they are written into one text, and answers that point at them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from common.chinese import fold
from question_bank.domain.importing.values import NotCertain
from question_bank.validators import MOST_OPTIONS

LETTERS = "ABCDEFGHIJK"
_LONGEST = 20_000  # far more than a stem with eleven options may have
_WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in LETTERS)
_LETTER = f"[{LETTERS}{_WIDE}]"
# A. A、 A． A: A) (A) （A） in the middle of a line; at its beginning also "A" with a space behind it.
_MARK = re.compile(
    rf"(?<![A-Za-z0-9Ａ-Ｚ])(?:[(（【\[]\s*({_LETTER})\s*[)）】\]]\s*[.．、:：]?|({_LETTER})\s*[.．、:：)）])[^\S\n]*"
    rf"|^[^\S\n]*({_LETTER})[^\S\n]+(?=\S)",
    re.MULTILINE,
)
_SEPARATORS = re.compile(r"[\s,，、;；|｜/／.．]+")
_LIST_OF_LETTERS = re.compile(r"[A-K](?:[\s,，、;；|｜/／.．]*[A-K])*")
_LETTER_AND_TEXT = re.compile(rf"[(（]?({_LETTER})[)）]?\s*[.．、:：\s]\s*(?=\S)")


def split_options(text: str) -> tuple[str, tuple[str, ...]]:
    """What stands before the options, and the options without their letters; none if no row A, B, C… is certain."""
    if len(text) > _LONGEST or ("A" not in text and "Ａ" not in text):
        return text, ()
    marks = [(_number(match), match) for match in _MARK.finditer(text)]
    at_line_starts = [pair for pair in marks if _begins_a_line(text, pair[1].start())]
    for candidates in (marks, at_line_starts):
        if found := _row_of_options(text, candidates):
            return found
    return text, ()


def _begins_a_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


def _row_of_options(text: str, marks: Sequence[tuple[int, re.Match[str]]]) -> tuple[str, tuple[str, ...]] | None:
    firsts = [place for place, (number, _mark) in enumerate(marks) if number == 0]
    if not firsts:
        return None
    row = marks[firsts[-1] :]
    earlier = [number for number, _mark in marks[: firsts[-1]]]
    if [0, 1] in (earlier[place : place + 2] for place in range(len(earlier))):
        # Two rows of options in one text are two questions.
        return None
    if len(row) < 2 or [number for number, _mark in row] != list(range(len(row))):
        return None
    ends = [mark.start() for _number, mark in row[1:]] + [len(text)]
    options = tuple(text[mark.end() : end].strip() for (_number, mark), end in zip(row, ends, strict=True))
    if "\n" not in text[row[0][1].start() :].strip():
        options = _without_joints(options)
    return (text[: row[0][1].start()].strip(), options) if all(options) else None


def _without_joints(options: tuple[str, ...]) -> tuple[str, ...]:
    """A、甲；B、乙；C、丙: the signs part the options; where options have lines of their own they belong to them."""
    if all(option.endswith(("；", ";")) for option in options[:-1]):
        return tuple(option.rstrip("；; ") for option in options)
    return options


def _number(match: re.Match[str]) -> int:
    letter = unicodedata.normalize("NFKC", match[1] or match[2] or match[3])
    return LETTERS.index(letter)


def options_of_cell(text: str) -> tuple[str, ...]:
    """All options of one cell: by letters, by lines, by ``|`` or by ``;``, whichever is there first."""
    before, options = split_options(text)
    if options and not before:
        return options
    for separator in ("\n", "|", "｜", "；", ";"):
        if separator in text.strip():
            return tuple(part.strip() for part in text.strip().split(separator) if part.strip())
    return (text.strip(),) if text.strip() else ()


def without_own_letters(options: Sequence[str]) -> tuple[str, ...]:
    """Options whose cells repeat their letters (``A. 三年`` in column A), without them."""
    matches = [_LETTER_AND_TEXT.match(option) for option in options]
    found = [LETTERS.index(unicodedata.normalize("NFKC", match[1])) if match else -1 for match in matches]
    if found != list(range(len(options))) or not options:
        return tuple(options)
    return tuple(option[match.end() :] if match else option for option, match in zip(options, matches, strict=True))


def places_of(
    answer: str, options: Sequence[str], *, numbered: bool = False, only_letters: bool = False
) -> frozenset[int]:
    """The options (counted from 0) that an answer points at, by letters, by their own texts, or by numbers.

    Refuses an answer that points at nothing, or at different options when read in different ways.
    """
    found = [_by_letters(answer)]
    if not only_letters:
        found += [_by_texts(answer, options), _by_numbers(answer) if numbered else None]
    readings = {reading for reading in found if reading is not None}
    if len(readings) > 1:
        raise NotCertain(_("The answer “%(answer)s” can be read in two ways.") % {"answer": answer[:40]})
    if not readings:
        raise NotCertain(
            _("The answer “%(answer)s” is neither letters nor the text of an option.") % {"answer": answer[:40]}
        )
    (places,) = readings
    if max(places) >= len(options):
        raise NotCertain(
            _("The answer names option %(letter)s, but there are only %(count)s options.")
            % {"letter": letter_of(max(places)), "count": len(options)}
        )
    return places


def letter_of(place: int) -> str:
    return LETTERS[place] if place < MOST_OPTIONS else str(place + 1)


def _by_letters(answer: str) -> frozenset[int] | None:
    """Nothing if it is not a list of letters; refuses a letter that stands there twice."""
    text = unicodedata.normalize("NFKC", answer).strip().upper().rstrip(".。;,、")
    if not _LIST_OF_LETTERS.fullmatch(text):
        return None
    letters = [LETTERS.index(character) for character in text if character in LETTERS]
    if len(set(letters)) != len(letters):
        raise NotCertain(_("The answer “%(answer)s” names a letter twice.") % {"answer": answer[:40]})
    return frozenset(letters)


def _by_numbers(answer: str) -> frozenset[int] | None:
    parts = [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", answer)) if part]
    if not parts or not all(re.fullmatch("1[01]|[1-9]", part, re.ASCII) for part in parts):
        return None
    return frozenset(int(part) - 1 for part in parts)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    # A text of signs alone folds to nothing, and would then be equal to any other.
    return fold(text) or text.strip()


def _by_texts(answer: str, options: Sequence[str]) -> frozenset[int] | None:
    texts = [_folded(option) for option in options]
    whole = _place_of_text(answer, texts)
    if whole is not None:
        return frozenset([whole])
    for separator in ("\n", "|", "｜", "；", ";", "、", "，", ","):
        parts = [part for part in answer.split(separator) if part.strip()]
        places = [_place_of_text(part, texts) for part in parts]
        if len(parts) > 1 and None not in places and len(set(places)) == len(places):
            return frozenset(place for place in places if place is not None)
    return None


def _place_of_text(part: str, texts: Sequence[str]) -> int | None:
    """The one option that says the same. ``B. 三年`` says the text and its letter, which have to agree."""
    if texts.count(_folded(part)) == 1:
        return texts.index(_folded(part))
    if (match := _LETTER_AND_TEXT.match(part.strip())) and texts.count(
        rest := _folded(part.strip()[match.end() :])
    ) == 1:
        place = texts.index(rest)
        if LETTERS.index(unicodedata.normalize("NFKC", match[1])) != place:
            raise NotCertain(_("The answer “%(answer)s” names one option and quotes another.") % {"answer": part[:40]})
        return place
    return None
