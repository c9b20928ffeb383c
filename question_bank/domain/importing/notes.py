"""Notes: what other formats have no room for, as JSON in a place that other programs pass over.

Our own exports carry one beside a question; a note only adds what the format itself cannot say::

    {"difficulty": "easy", "basis": "…", "valid_from": "2021-06-01", "anchored": [4], …}

Names are those of ``QuestionDraft``; ``anchored`` are the places of options, from 1; ``kind`` is there for a single
choice between "true" and "false". Fields that are empty are left out. Anybody can write a note, so everything in it
is checked.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from common.chinese import is_control_free
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.findings import NotTaken, clean
from question_bank.enums import Difficulty, Kind

SIGN = "yingzhi:"
_LONGEST = 100_000
_TEXTS = ("key", "topic", "entry", "basis", "document_number", "region", "marking_guide")
_DATES = ("valid_from", "valid_to")
_SWITCHES = ("options_in_order", "blanks_in_any_order")
_BROKEN = _("The note that this program left beside the question cannot be read.")

Note = dict[str, Any]


def note_of(draft: QuestionDraft, *, held: Collection[str], besides: Note | None = None) -> str:
    """The note for everything but the fields that the format ``held`` itself; empty when nothing is left to say.

    ``besides`` is said in any case: an empty key where the format must have an identifier, a kind that it mistakes.
    """
    fields: Note = {name: getattr(draft, name) for name in (*_TEXTS, *_SWITCHES)}
    fields |= {name: day.isoformat() for name in _DATES if (day := getattr(draft, name))}
    fields["difficulty"] = str(draft.difficulty or "")
    fields["anchored"] = [place for place, option in enumerate(draft.options, 1) if option.is_anchored]
    fields["blanks"] = draft.blanks
    said = {name: value for name, value in fields.items() if value and name not in held} | (besides or {})
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) if said else ""


def as_comment(note: str) -> str:
    """What stands between ``<!--`` and ``-->``: no schema minds a comment. Empty where there is no note.

    A comment may not hold "--"; in JSON, "-" stands in texts alone.
    """
    return f" {SIGN} {note.replace('-', chr(92) + 'u002d')} " if note else ""


def note_beside(element: etree._Element) -> Note:
    """The note in a comment directly below the element. Raises ``NotTaken``."""
    for comment in element.iterchildren(etree.Comment):
        said = (comment.text or "").strip()
        if said.startswith(SIGN):
            return read_note(said.removeprefix(SIGN).strip())
    return {}


def read_note(text: str) -> Note:
    """The fields of a note, each of its right type. Raises ``NotTaken``."""
    try:
        found = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotTaken(_BROKEN)
    return {name: _checked(name, value) for name, value in found.items()}


def with_note(draft: QuestionDraft, note: Note) -> QuestionDraft:
    """The draft with what the note adds. Raises ``NotTaken`` when the note is about another question."""
    if not note:
        return draft
    fields = {name: value for name, value in note.items() if name not in {"anchored", "kind"}}
    if anchored := note.get("anchored"):
        if max(anchored) > len(draft.options):
            raise NotTaken(_BROKEN)
        fields["options"] = tuple(
            replace(option, is_anchored=place in anchored) for place, option in enumerate(draft.options, 1)
        )
    return replace(draft, **fields)


def _checked(name: str, value: object) -> object:
    read = _READERS.get(name)
    try:
        checked = read(value) if read else None
    except (ValueError, TypeError, AttributeError) as error:
        raise NotTaken(_BROKEN) from error
    if checked is None:
        raise NotTaken(_BROKEN)
    return checked


def _switch(value: object) -> object:
    return value if isinstance(value, bool) else None


def _single(value: object) -> object:
    return Kind.SINGLE if value == Kind.SINGLE else None


def _places(value: object) -> object:
    is_right = isinstance(value, list) and all(type(place) is int and place > 0 for place in value)
    return frozenset(value) if is_right else None  # type: ignore[call-overload]  # a list, see above


def _blanks(value: object) -> object:
    return tuple(map(tuple, value)) if isinstance(value, list) and value and all(map(_is_blank, value)) else None


def _is_blank(accepted: object) -> bool:
    return (
        isinstance(accepted, list)
        and bool(accepted)
        and all(isinstance(text, str) and text == text.strip() != "" and is_control_free(text) for text in accepted)
    )


_READERS: dict[str, Callable[[Any], object]] = {
    **dict.fromkeys(_TEXTS, clean),
    **dict.fromkeys(_DATES, date.fromisoformat),
    **dict.fromkeys(_SWITCHES, _switch),
    "difficulty": Difficulty,
    "kind": _single,
    "anchored": _places,
    "blanks": _blanks,
}
