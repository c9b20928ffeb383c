"""GIFT as Moodle reads it. What it has no room for goes into a comment before the question (``importing.notes``)."""

import re
from collections.abc import Iterable, Iterator

from question_bank.domain.exporting import written
from question_bank.domain.exporting.written import WrittenFile
from question_bank.domain.importing.categories import category_of, holds
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.findings import clean
from question_bank.domain.importing.gift import joined
from question_bank.domain.importing.gift_blocks import CATEGORY
from question_bank.domain.importing.notes import SIGN, note_of
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK

_HELD = frozenset({"options"})
_RESERVED = re.compile(r"[\\#=~{}:]")
_RUNS = re.compile(r"_{2,}")
_PLAIN_ID = re.compile(r"[^\[\]\\\n]{1,200}")


def write_gift(drafts: Iterable[QuestionDraft]) -> WrittenFile:
    """UTF-8 without a mark. The same drafts come out of ``read_gift``, without their pictures."""
    pieces: list[str] = []
    losses: dict[object, None] = {}
    category = ""
    for draft in drafts:
        if _category(draft) != category:
            category = _category(draft)
            pieces.append(f"{CATEGORY} {category_of(category)}\n\n")
        pieces.append(_question(draft))
        losses |= dict.fromkeys(_losses(draft))
    return WrittenFile("".join(pieces).encode(), list(losses))  # type: ignore[arg-type]  # ordered without repeats


def _category(draft: QuestionDraft) -> str:
    """The topic, where a category can say it."""
    return draft.topic if holds(draft.topic) else ""


def _losses(draft: QuestionDraft) -> Iterator[object]:
    if draft.images:
        yield written.PICTURES
    if draft.kind == Kind.SHORT:
        yield written.GUIDES
    if draft.kind == Kind.FILL and len(draft.blanks) > 1:
        yield written.SEVERAL_BLANKS
    if written.has_notes(draft):
        yield written.NOTES
    if written.keeps_order(draft):
        yield written.ORDER


def _question(draft: QuestionDraft) -> str:
    is_drawn = draft.kind == Kind.FILL and not _has_native_blank(draft)
    held = set(_HELD)
    if _category(draft):
        held.add("topic")
    if not is_drawn:
        held.add("blanks")
    if _has_name(draft):
        held.add("key")
    note = note_of(draft, held=held)
    comment = f"// {SIGN} {note}\n" if note else ""
    if _has_name(draft) and _PLAIN_ID.fullmatch(draft.key):
        comment += f"// [id:{draft.key}]\n"
    name = f"::{_escaped(draft.key)}::" if _has_name(draft) else ""
    return f"{comment}{name}[plain]{_asked(draft, is_drawn)}\n\n"


def _has_name(draft: QuestionDraft) -> bool:
    return bool(draft.key) and draft.key == clean(draft.key)


def _has_native_blank(draft: QuestionDraft) -> bool:
    # "->" would make it a matching question.
    return _RUNS.findall(draft.stem) == [BLANK_MARK] and not any("->" in text for text in draft.blanks[0])


def _asked(draft: QuestionDraft, is_drawn: bool) -> str:
    feedback = f"####{_text(draft.explanation)}" if draft.explanation else ""
    if draft.kind == Kind.FILL and not is_drawn:
        before, after = draft.stem.split(BLANK_MARK)
        accepted = " ".join(f"={_text(text.replace('*', chr(92) + '*'))}" for text in draft.blanks[0])
        return f"{_escaped(before)}{{{accepted}{feedback}}}{_escaped(after)}"
    return f"{_escaped(draft.stem)}{{{_answers(draft)}{feedback}}}"


def _answers(draft: QuestionDraft) -> str:
    if draft.kind == Kind.TRUE_FALSE:
        return "TRUE" if draft.statement_is_true else "FALSE"
    if draft.kind == Kind.FILL:
        return f"={_text(joined(draft.blanks))}"
    if draft.kind == Kind.SHORT:
        return ""
    right = sum(option.is_right for option in draft.options)
    return "\n" + "".join(f"\t{_sign(option, draft.kind, right)}{_text(option.text)}\n" for option in draft.options)


def _sign(option: DraftOption, kind: Kind, right: int) -> str:
    if kind == Kind.SINGLE:
        return "=" if option.is_right else "~"
    return f"~%{100 / right:.5f}".rstrip("0").rstrip(".") + "%" if option.is_right else "~%-100%"


def _text(text: str) -> str:
    """Text of an answer. One that begins like a weight or the name of a format gets a format in front."""
    return f"[plain]{_escaped(text)}" if text[:1] in {"%", "["} else _escaped(text)


def _escaped(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _RESERVED.sub(r"\\\g<0>", lines).replace("\n", "\\n")
