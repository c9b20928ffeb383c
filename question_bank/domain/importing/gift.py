"""GIFT, the text format of Moodle, as its own importer reads it; what that would guess is refused.

Our own exports put what GIFT has no room for into a line of comment before the question, ``// yingzhi: {…}`` (see
``notes``). A question with several blanks is written with the blanks drawn in its text and all answers as one; the
note then holds the answers of each blank.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from question_bank.domain.importing import findings as say
from question_bank.domain.importing.categories import topic_of
from question_bank.domain.importing.character_sets import decode
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile
from question_bank.domain.importing.findings import Findings, NotTaken, check_size, clean
from question_bank.domain.importing.gift_blocks import Block, Parts, blocks, take_apart, unmasked
from question_bank.domain.importing.last_blank import with_one_blank, without_wildcards
from question_bank.domain.importing.notes import Note, read_note, with_note
from question_bank.domain.importing.numbers import exact_number
from question_bank.domain.importing.rich_text import to_plain
from question_bank.domain.importing.weights import FULL, MOST_ANSWERS, TOO_MANY_ANSWERS, choice, full_answers
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK

FORMAT = "gift"
# Between the answers of several blanks, where GIFT has one answer.
JOINT = "；"
_SIGN = re.compile("([=~])")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d{0,10})?)%")
_TEXT_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
Fields = dict[str, Any]
TEXT_FORMATS = ("[html]", "[moodle]", "[plain]", "[markdown]")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}

PICTURES = gettext_lazy("The text shows a picture, which a GIFT file cannot hold.")
NO_SIGN = gettext_lazy("Answers begin with = or ~. It is not certain what is meant here.")
MATCHING = gettext_lazy("Matching questions cannot be taken.")
NO_GUIDE = gettext_lazy("A short answer needs a marking guide, and the file gives none.")
NO_TEXT = gettext_lazy("The question has no text.")
NOTE_DIFFERS = gettext_lazy("The answers were changed, but the note beside the question was not.")


def read_gift(content: bytes) -> QuestionFile:
    """Refuses with a subclass of ``UnreadableQuestionFile``; everything else is told question by question."""
    check_size(content)
    findings, topic = Findings(), ""
    place = gettext("line %(line)s")
    for block in blocks(decode(content)):
        if block.category is not None:
            topic = topic_of(block.category)
            continue
        reader = _Reader(block, findings)
        try:
            draft = reader.draft(place=place % {"line": block.line}, topic=topic)
        except NotTaken as refusal:
            findings.refuse(place % {"line": block.line}, refusal.reason, block.lines[0])
        else:
            if draft:
                findings.take(draft)
    findings.drafts = without_repeated_keys(findings.drafts)
    return findings.as_file(FORMAT)


def without_repeated_keys(drafts: Sequence[QuestionDraft]) -> list[QuestionDraft]:
    """A name that several questions of a file bear says nothing about which of them it is."""
    uses = Counter(draft.key for draft in drafts)
    return [replace(draft, key="") if uses[draft.key] > 1 else draft for draft in drafts]


@dataclass(frozen=True, slots=True)
class _Answer:
    """``sign`` is ``=``, ``~`` or nothing; ``weight`` is ``None`` where none is written."""

    sign: str
    weight: float | None
    text: str


class _Reader:
    """Reads one question."""

    def __init__(self, block: Block, findings: Findings) -> None:
        self._block, self._findings = block, findings
        self._format = ""

    def draft(self, *, place: str, topic: str) -> QuestionDraft | None:
        parts = take_apart(self._block.text)
        if parts.body is None:
            self._findings.lose(say.TEXTS_ALONE)
            return None
        note = read_note(self._block.note) if self._block.note else {}
        stem = self._stem(parts)
        fields = self._fields(parts.body, stem, note)
        feedback = self._text(parts.feedback)
        if fields["kind"] == Kind.SHORT and "marking_guide" not in note:
            fields["marking_guide"], feedback = feedback, ""
        if feedback:
            fields["explanation"] = feedback
        draft = QuestionDraft(place=place, topic=topic, key=clean(self._block.id or parts.name), **fields)
        draft = with_note(draft, note)
        if not draft.stem:
            raise NotTaken(NO_TEXT)
        if draft.kind == Kind.SHORT and not draft.marking_guide:
            raise NotTaken(NO_GUIDE)
        return draft

    def _stem(self, parts: Parts) -> str:
        """The text, with a blank where the braces stood inside of it."""
        self._format, before = _format_and_text(parts.before, "")
        if parts.after.strip():
            before = f"{before}{BLANK_MARK}{parts.after}"
        return self._converted(before, self._format)

    def _fields(self, body: str, stem: str, note: Note) -> Fields:
        if not body:
            return {"kind": Kind.SHORT, "stem": stem}
        if body[0] == "#":
            return {"kind": Kind.FILL, "stem": with_one_blank(stem), "blanks": (self._numbers(body[1:]),)}
        if (truth := _TRUTHS.get(body.partition("#")[0].strip().upper())) is not None:
            return {"kind": Kind.TRUE_FALSE, "stem": stem, "statement_is_true": truth} | self._reasons(body)
        answers = self._answers(body)
        if any(answer.sign == "~" for answer in answers):
            return {"stem": stem} | self._choice(answers)
        accepted = full_answers([(self._full(answer), answer.text) for answer in answers], self._findings)
        if "blanks" in note:
            return {"kind": Kind.FILL, "stem": stem, "blanks": self._blanks(accepted, note)}
        if len(answers) > 1 and all("->" in answer.text for answer in answers):
            raise NotTaken(MATCHING)
        accepted = tuple(map(without_wildcards, accepted))
        return {"kind": Kind.FILL, "stem": with_one_blank(stem), "blanks": (accepted,)}

    def _blanks(self, accepted: Sequence[str], note: Note) -> tuple[tuple[str, ...], ...]:
        blanks: tuple[tuple[str, ...], ...] = note["blanks"]
        if list(accepted) != [joined(blanks)]:
            raise NotTaken(NOTE_DIFFERS)
        return blanks

    def _choice(self, answers: Sequence[_Answer]) -> Fields:
        several = not any(answer.sign == "=" for answer in answers)
        weights = [self._full(answer) if answer.sign == "=" else answer.weight or 0.0 for answer in answers]
        kind, options = choice([answer.text for answer in answers], weights, several=several, findings=self._findings)
        return {"kind": kind, "options": options}

    def _reasons(self, body: str) -> Fields:
        """What is said to right and wrong answers, as the explanation: for a statement it is one."""
        said = [self._text(part) for part in body.split("#")[1:]]
        return {"explanation": "\n".join(dict.fromkeys(filter(None, said)))}

    def _numbers(self, body: str) -> tuple[str, ...]:
        if "~" in body:
            body = body.partition("~")[0]
            self._findings.lose(say.OPTION_FEEDBACK)
        answers = self._answers(body if body.lstrip().startswith("=") else f"={body}")
        return full_answers([(self._full(answer), exact_number(answer.text)) for answer in answers], self._findings)

    def _full(self, answer: _Answer) -> float:
        return FULL if answer.weight is None else answer.weight

    def _answers(self, body: str) -> list[_Answer]:
        if body.count("=") + body.count("~") > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
        first, *rest = _SIGN.split(body)
        if first.strip():
            raise NotTaken(NO_SIGN)
        return [self._answer(sign, said) for sign, said in zip(rest[::2], rest[1::2], strict=True)]

    def _answer(self, sign: str, part: str) -> _Answer:
        said, _sign, feedback = part.strip().partition("#")
        if feedback.strip():
            self._findings.lose(say.OPTION_FEEDBACK)
        weight = None
        if found := _WEIGHT.match(said):
            weight, said = float(found[1].replace(",", ".")), said[found.end() :]
        return _Answer(sign, weight, self._text(said))

    def _text(self, masked: str) -> str:
        """Plain text of a part, in the format it names or that of the question."""
        format_, stripped = _format_and_text(masked.strip(), self._format)
        return self._converted(stripped, format_)

    def _converted(self, masked: str, format_: str) -> str:
        text, pictures = to_plain(unmasked(masked), format_, self._findings)
        if pictures:
            raise NotTaken(PICTURES)
        return text


def looks_like_gift(parts: Parts) -> bool:
    """Is this hardly anything else? Empty braces alone stand in many files."""
    if not parts.body:
        return parts.body is not None and bool(parts.feedback or parts.name)
    return parts.body[0] in "=~#" or parts.body.partition("#")[0].strip().upper() in _TRUTHS


def _format_and_text(masked: str, default: str) -> tuple[str, str]:
    found = _TEXT_FORMAT.match(masked)
    return (found[1], masked[found.end() :]) if found else (default, masked)


def joined(blanks: Sequence[Sequence[str]]) -> str:
    """The first answer of every blank as one text."""
    return JOINT.join(accepted[0] for accepted in blanks)
