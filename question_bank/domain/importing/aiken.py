"""Aiken: a line of question, its options on lines that begin with a letter, and ``ANSWER: B``.

See https://docs.moodle.org/en/Aiken_format. Two things that people write are taken as well because they are certain:
several letters behind ``ANSWER``, and full-width signs behind the letters.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_lazy

from question_bank.domain.importing.character_sets import decode
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft, QuestionFile
from question_bank.domain.importing.findings import Findings, NotTaken, check_size
from question_bank.enums import Kind

FORMAT = "aiken"
OPTION = re.compile(r"([A-Za-z])[.)．、）]\s*+(.*)")
ANSWER = re.compile(r"ANSWER\s*+[:：](.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z](?:[\s,，、;；]*+[A-Z])*+")

NO_QUESTION = gettext_lazy("There is no question before the options.")
NO_ANSWER = gettext_lazy("The line with ANSWER: is missing.")
WRONG_ANSWER = gettext_lazy("ANSWER: names no option of this question.")
OUT_OF_ORDER = gettext_lazy("The letters of the options do not follow each other from A on.")


def read_aiken(content: bytes) -> QuestionFile:
    """Refuses with a subclass of ``UnreadableQuestionFile``; everything else is told question by question."""
    check_size(content)
    findings, place = Findings(), gettext("line %(line)s")
    for question in _questions(decode(content)):
        where = place % {"line": question.line}
        try:
            findings.take(question.draft(where))
        except NotTaken as refusal:
            findings.refuse(where, refusal.reason, " ".join(question.stem[:3]))
    return findings.as_file(FORMAT)


@dataclass(slots=True)
class _Question:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str | None = None

    def draft(self, place: str) -> QuestionDraft:
        if not self.stem:
            raise NotTaken(NO_QUESTION)
        if self.answer is None:
            raise NotTaken(NO_ANSWER)
        letters = [letter for letter, _text in self.options]
        if letters != [chr(ord("A") + place) for place in range(len(letters))]:
            raise NotTaken(OUT_OF_ORDER)
        right = set(filter(str.isalpha, self.answer)) if _LETTERS.fullmatch(self.answer) else set()
        if not right or not right <= set(letters):
            raise NotTaken(WRONG_ANSWER)
        options = tuple(DraftOption(text, letter in right) for letter, text in self.options)
        kind = Kind.SINGLE if len(right) == 1 else Kind.MULTIPLE
        return QuestionDraft(place=place, kind=kind, stem="\n".join(self.stem), options=options)


def _questions(text: str) -> list[_Question]:
    """Questions end with their answer; one that begins before the last was answered is there without one."""
    found: list[_Question] = []
    current: _Question | None = None
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if not line:
            continue
        option, answer = OPTION.fullmatch(line), ANSWER.fullmatch(line)
        starts_anew = current is None or current.answer is not None or (current.options and not (option or answer))
        if starts_anew or current is None:
            current = _Question(number)
            found.append(current)
        if answer:
            current.answer = answer[1].strip().upper()
        elif option:
            current.options.append((option[1].upper(), option[2]))
        else:
            current.stem.append(line)
    return found
