"""Blanks in a stem, and what may be filled in."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from question_bank.domain.importing.values import NotCertain
from question_bank.validators import BLANK_MARK

_LINE = re.compile(r"[_＿﹍]{2,}|＿|(?<![A-Za-z0-9_])_(?![A-Za-z0-9_])")
_EMPTY_BRACKETS = re.compile(r"[(（【\[]\s*[)）】\]]")
# Between blanks, the surest first; a sign further down is only looked for where none above it stands.
_BETWEEN_BLANKS = (
    r"[|｜]", r"\n", r"[;；]", r"[、，]|(?<!\d),|,(?!\d)", r"\s{2,}|\u3000", r"(?<![A-Za-z])\s+(?![A-Za-z])",
)  # fmt: skip
_NUMBERED = re.compile(r"(?:^|(?<=[\s;；,，、]))(?:[(（](\d{1,2})[)）]|(\d{1,2})[.．、](?!\d)|([①-⑩]))\s*")
_ESCAPED = re.compile(r"\\([\\|｜;；])")
_SHIELD = dict(zip("\\|｜;；", "\ue000\ue001\ue002\ue003\ue004", strict=True))
_UNSHIELD = str.maketrans({shield: sign for sign, shield in _SHIELD.items()})


def has_lines(stem: str) -> bool:
    """Does it hold a line to write on, which no bracket can be mistaken for?"""
    return bool(_LINE.search(stem))


def mark_blanks(stem: str) -> str:
    """The stem with ``____`` for each blank: lines where there are any, otherwise empty brackets."""
    if _LINE.search(stem):
        return _LINE.sub(BLANK_MARK, stem)
    return _EMPTY_BRACKETS.sub(BLANK_MARK, stem)


def accepted_answers(answer: str, count: int) -> tuple[tuple[str, ...], ...]:
    """What is accepted in each of ``count`` blanks: ``|`` parts blanks, ``;`` parts what one blank accepts.

    Where there is no ``|``, another sign may part the blanks if it gives exactly as many. ``\\|`` and ``\\;`` are
    these signs themselves. Refuses an answer that does not fit the blanks.
    """
    shielded = _ESCAPED.sub(lambda match: _SHIELD[match[1]], answer)
    parts = _parts(shielded, count)
    if len(parts) != count:
        raise NotCertain(
            _("The stem has %(marked)s blanks, but answers are given for %(given)s.")
            % {"marked": count, "given": len(parts)}
        )
    blanks = tuple(_alternatives(part) for part in parts)
    if not all(blanks):
        raise NotCertain(_("Every blank needs at least one accepted answer."))
    return blanks


def written_answers(blanks: Sequence[Sequence[str]]) -> str:
    """The text that :func:`accepted_answers` reads back."""
    return "|".join(";".join(_escape(text) for text in blank) for blank in blanks)


def _parts(answer: str, count: int) -> list[str]:
    if count == 1:
        return re.split(r"[|｜]", answer)
    if numbered := _numbered_parts(answer, count):
        return numbered
    for separator in _BETWEEN_BLANKS:
        if re.search(separator, answer.strip()):
            return re.split(separator, answer.strip())
    return [answer]


def _numbered_parts(answer: str, count: int) -> list[str] | None:
    """``（1）甲（2）乙`` or ``①甲②乙`` in their order."""
    text = re.sub(r"(?=[(（]\d{1,2}[)）]|[①-⑩])", " ", answer)
    marks = list(_NUMBERED.finditer(text))
    numbers = [int(mark[1] or mark[2] or "①②③④⑤⑥⑦⑧⑨⑩".index(mark[3]) + 1) for mark in marks]
    if numbers != list(range(1, count + 1)) or text[: marks[0].start()].strip():
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end].strip(" \n;；,，、") for mark, end in zip(marks, ends, strict=True)]


def _alternatives(part: str) -> tuple[str, ...]:
    texts = (" ".join(text.split()).translate(_UNSHIELD) for text in re.split(r"[;；]|\n", part))
    return tuple(dict.fromkeys(text for text in texts if text))


def _escape(text: str) -> str:
    return re.sub(r"[\\|｜;；]", lambda match: f"\\{match[0]}", text)
