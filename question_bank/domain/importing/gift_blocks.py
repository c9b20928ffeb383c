"""Cutting a GIFT file into its questions, and a question into its parts. What the parts mean stands in ``gift``.

GIFT is described at https://docs.moodle.org/en/GIFT_format. Questions are parted by empty lines; ``//`` begins a line
of comment, in which Moodle writes ``[id:…]``; ``\\`` takes away the meaning of the sign behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.findings import NotTaken
from question_bank.domain.importing.notes import SIGN

CATEGORY = "$CATEGORY:"
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
# Stand-ins for escaped signs: control characters, which no decoded text holds.
_STAND_INS = dict(zip("\\:#={}~n", "\x01\x02\x03\x04\x05\x06\x07\x08", strict=True))
_MEANINGS = {ord(stand_in): "\n" if sign == "n" else sign for sign, stand_in in _STAND_INS.items()}
_HAS_STAND_IN = re.compile("[\x01-\x08]")
_ID = re.compile(r"\[id:([^\[\]\\]{1,200})\]")


@dataclass(slots=True)
class Block:
    """The lines of one question. ``line`` is where they begin, from 1; ``category`` is set for a change of it."""

    line: int
    lines: list[str] = field(default_factory=list)
    note: str = ""
    id: str = ""
    category: str | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass(slots=True)
class Parts:
    """A question taken apart, with escaped signs still masked; ``body`` is ``None`` where nothing is asked."""

    name: str
    before: str
    body: str | None = None
    after: str = ""
    feedback: str = ""


def blocks(text: str) -> Iterator[Block]:
    """The questions and changes of category, in their order."""
    block = Block(1)
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            _read_comment(stripped, block)
            continue
        if not stripped or stripped.startswith(CATEGORY):
            if block.lines:
                yield block
            if block.lines or stripped:
                block = Block(number)
            if stripped:
                yield Block(number, category=stripped.removeprefix(CATEGORY).strip())
            continue
        if not block.lines:
            block.line = number
        block.lines.append(line)
    if block.lines:
        yield block


def _read_comment(comment: str, block: Block) -> None:
    said = comment[2:].strip()
    if said.startswith(SIGN):
        block.note = said.removeprefix(SIGN).strip()
    elif found := _ID.search(said):
        block.id = found[1].strip()


def take_apart(text: str) -> Parts:
    """Raises ``NotTaken`` where the braces do not match."""
    masked = _ESCAPED.sub(lambda found: _STAND_INS[found[1]], text) if "\\" in text else text
    name, masked = _name(masked)
    opening, closing = masked.find("{"), masked.find("}")
    if opening < 0 and closing < 0:
        return Parts(name, masked)
    if opening < 0 or closing < opening:
        raise NotTaken(_("A brace is missing, or an empty line stands between the braces."))
    if masked.find("{", opening + 1) >= 0 or masked.find("}", closing + 1) >= 0:
        raise NotTaken(_("There are several pairs of braces. Leave an empty line between two questions."))
    body, _sign, feedback = masked[opening + 1 : closing].rpartition("####")
    if not _sign:
        body, feedback = feedback, ""
    return Parts(name, masked[:opening], body.strip(), masked[closing + 1 :].rstrip(), feedback)


def _name(masked: str) -> tuple[str, str]:
    if masked.startswith("::"):
        name, sign, rest = masked[2:].partition("::")
        if sign:
            return unmasked(name).strip(), rest.lstrip()
    return "", masked


def unmasked(text: str) -> str:
    """The text with its escaped signs in their place."""
    return text.translate(_MEANINGS) if _HAS_STAND_IN.search(text) else text
