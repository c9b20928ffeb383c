"""Answers that stand in the brackets of a stem: ``哪一年施行？（ B ）``. They must never stay there."""

import re
import unicodedata

from django.utils.translation import gettext as _

from question_bank.domain.importing.options import LETTERS
from question_bank.domain.importing.values import NotCertain, truth_of

EMPTY = "（　）"
_WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in LETTERS)
_LETTERS_INSIDE = re.compile(
    rf"[(（【\[][\s_]*([{LETTERS}{_WIDE}](?:[\s,，、]*[{LETTERS}{_WIDE}])*)[\s_]*[)）】\]]", re.ASCII
)
_TRUTH_INSIDE = re.compile(r"[(（【\[]\s*([√✓✔×✗✘✕╳对错TFYNXtfynx]|正确|错误)\s*[)）】\]]")


def letters_in_brackets(stem: str, option_count: int) -> tuple[str, str]:
    """The stem with its brackets emptied, and the letters that stood there.

    Only letters that could be an answer count: in rising order, once each, and none beyond the options. Refuses several
    brackets that say different things.
    """
    found = [match for match in _LETTERS_INSIDE.finditer(stem) if _could_answer(match[1], option_count)]
    return _emptied(stem, found, {_letters(match[1]) for match in found})


def truth_in_brackets(stem: str) -> tuple[str, str]:
    """The stem with its last bracket emptied, and the sign or word for right or wrong that stood there."""
    found = [match for match in _TRUTH_INSIDE.finditer(stem) if _is_at_an_end(match)]
    return _emptied(stem, found, {match[1] for match in found})


def _emptied(stem: str, found: list[re.Match[str]], said: set[str]) -> tuple[str, str]:
    if not found:
        return stem, ""
    if len(said) > 1:
        raise NotCertain(_("Several brackets of the stem hold different answers."))
    for match in reversed(found):
        stem = stem[: match.start()] + EMPTY + stem[match.end() :]
    return stem, said.pop()


def _letters(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character in LETTERS)


def _could_answer(text: str, option_count: int) -> bool:
    letters = _letters(text)
    return list(letters) == sorted(set(letters)) and LETTERS.index(letters[-1]) < option_count


def _is_at_an_end(match: re.Match[str]) -> bool:
    """A word in brackets in the middle of a statement belongs to it; a sign is an answer wherever it stands."""
    around = match.string[: match.start()], match.string[match.end() :]
    is_sign = match[1] in "√✓✔×✗✘✕╳"
    return truth_of(match[1]) is not None and (is_sign or any(not part.strip(" 。.．　\n") for part in around))
