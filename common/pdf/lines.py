"""Breaking Chinese text into lines that obey the rules for punctuation (GB/T 15834-2011, section 5.1).

No line begins with a closing mark or ends with an opening one, a dash or an ellipsis is not cut in two, words and
numbers stay whole.
"""

import re
from collections.abc import Callable

NOT_AT_START = frozenset("，。、；：？！）》】〕」』〉〗〙〛｝］”’％‰…—～·々ー℃°!),.:;?]}%¢")
NOT_AT_END = frozenset("（《【〔「『〈〖〘〚｛［“‘([{￥¥$№#")

_UNIT = re.compile(r"[ \u3000]+|[!-~\u00a1-\u024f]+|.", re.DOTALL)


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """``text`` in lines not wider than ``width``, at least one; line feeds in it are kept as breaks.

    ``measure`` gives the width of a string in the same unit. What is wider than a line by itself (a long word, a
    digest) is cut between characters; only there may a line begin with a mark that otherwise may not.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if measure(paragraph) <= width:
            lines.append(paragraph.rstrip())
        else:
            lines.extend(_fill(unbreakable(paragraph), width, measure))
    return lines


def unbreakable(paragraph: str) -> list[str]:
    """What must not be cut: words, numbers, and each character together with the marks that cling to it."""
    units: list[str] = []
    for match in _UNIT.finditer(paragraph):
        piece = match[0]
        if piece.isspace() or not units:
            units.append(piece)
            continue
        # Marks cling across a space too: the empty answer brackets （  ） are one thing.
        space = units.pop() if units[-1].isspace() and len(units) > 1 else ""
        if piece[0] in NOT_AT_START or units[-1][-1] in NOT_AT_END:
            units[-1] += space + piece
        else:
            units.extend([space, piece] if space else [piece])
    return units


def _fill(units: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for unit in units:
        size = measure(unit)
        if used + size > width and not unit.isspace():
            if line.strip():
                lines.append(line.rstrip())
                line, used = "", 0.0
            *full, rest = _cut(unit, width, measure) if size > width else [unit]
            lines.extend(full)
            line, used = rest, measure(rest)
            continue
        # A space that would begin a wrapped line has done its work by being the place of the break.
        if line or not lines or not unit.isspace():
            line, used = line + unit, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(unit: str, width: float, measure: Callable[[str], float]) -> list[str]:
    pieces = [""]
    used = 0.0
    for character in unit:
        size = measure(character)
        if pieces[-1] and used + size > width:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += size
    return pieces
