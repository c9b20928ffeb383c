"""What changed between two versions of a text, sentence by sentence."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Change(NamedTuple):
    """A run of sentences that came, went or stayed."""

    kind: Literal["added", "removed", "same"]
    text: str


def changes_since(before: str, after: str) -> list[Change]:
    """The sentences of both versions in the order of reading; joined without the ``removed`` they are ``after``."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    changes: list[Change] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change("same", "".join(new[new_from:new_to])))
            continue
        if old_from < old_to:
            changes.append(Change("removed", "".join(old[old_from:old_to])))
        if new_from < new_to:
            changes.append(Change("added", "".join(new[new_from:new_to])))
    return changes
