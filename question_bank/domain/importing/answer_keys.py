"""The answers at the end of a document: 1-5 ABCDA, 6.BC 7.对, or one a line with its explanation."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.line_kinds import (
    field_of,
    fields_of,
    holds_ranges,
    is_answer_heading,
    is_section,
    stem_start,
)
from question_bank.domain.importing.values import kind_named_in
from question_bank.enums import Kind

_ONE = r"(?:[A-K]+|[√✓✔×✗✘]|对|错|正确|错误|T|F)"
_RANGE = re.compile(rf"(\d{{1,4}})\s*[-~—–至到]+\s*(\d{{1,4}})\s*[.、:)]?\s*((?:{_ONE}[\s,、;]*)++)")
_SINGLE = re.compile(rf"(\d{{1,4}})\s*[.、:)]?\s*\(?\s*({_ONE})\s*\)?(?=[\s,、;.。]|\d|$)[\s,、;.。]*")
_EACH = re.compile(_ONE)
_EACH_SIGN = re.compile(r"正确|错误|[A-K√✓✔×✗✘对错TF]")
_KIND_IN_FRONT = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）])?\s*([^\d:：]{2,12}题)\s*[:：]?\s*(?=\d)"
)


@dataclass(slots=True)
class _Entry:
    kind: Kind | None
    number: int
    answer: list[str]
    fields: dict[str, list[str]] = field(default_factory=dict)
    open_field: str = ""


class AnswerKey:
    """Answers by the number of their question and, where the key has headings, by its kind."""

    def __init__(self) -> None:
        self._entries: dict[int, list[_Entry]] = {}
        self._last: _Entry | None = None
        self._asked: dict[int, list[Kind | None]] = {}

    def read(self, lines: Iterable[str]) -> None:
        kind: Kind | None = None
        for line in lines:
            named, rest = _kind_in_front(line)
            kind = named or kind
            if not named and is_section(line):
                kind, self._last = kind_named_in(line), None
                continue
            for part in fields_of(rest) if rest.strip() else ():
                self._read_part(part, kind)

    def _read_part(self, text: str, kind: Kind | None) -> None:
        name, rest = field_of(text) or ("answer", text)
        if name != "answer" and self._last:
            self._last.open_field = name
            self._last.fields.setdefault(name, []).append(rest)
            return
        entries = short_entries(rest)
        for number, answer in entries:
            self._add(_Entry(kind, number, [answer]))
        if not entries:
            self._read_long(rest, kind)

    def _read_long(self, text: str, kind: Kind | None) -> None:
        start, last = stem_start(text), self._last
        # Within an explanation only the next number is that of another answer.
        if start and (last is None or not last.open_field or start.number == last.number + 1):
            self._add(_Entry(kind, start.number, [start.rest]))
        elif last and text.strip():
            (last.fields[last.open_field] if last.open_field else last.answer).append(text.strip())

    def _add(self, entry: _Entry) -> None:
        self._entries.setdefault(entry.number, []).append(entry)
        self._last = entry

    def expect(self, number: int | None, kind: Kind | None) -> None:
        """Say that there is such a question, before any answer is asked for."""
        if number is not None:
            self._asked.setdefault(number, []).append(kind)

    def answer(self, written: Written, number: int | None, kind: Kind | None) -> str:
        """Put the answer of that question into ``written``. Gives the reason if the key leaves it in doubt."""
        if number is None or number not in self._entries:
            return ""
        fitting = [entry for entry in self._entries[number] if entry.kind in {None, kind}]
        asked = self._asked.get(number, [])
        is_shared = asked.count(kind) > 1 or (len(asked) > 1 and any(entry.kind is None for entry in fitting))
        if len(fitting) > 1 or (fitting and is_shared):
            return _("The list of answers does not tell apart the questions with this number.")
        for entry in fitting:
            text = "\n".join(entry.answer).strip()
            if written.answer and text and written.answer != text:
                return _("The answers given for this question contradict each other.")
            written.answer = written.answer or text
            for name, texts in entry.fields.items():
                setattr(written, name, getattr(written, name) or "\n".join(texts).strip())
        return ""


def end_of_key(lines: Sequence[str], place: int, last_of_questions: int) -> int:
    """Where the list of answers ends that may begin at ``place``; ``place`` itself if none does.

    ``last_of_questions`` is the last line that only a question can hold. Behind it everything is the list; before it
    (答案 after each section) only lines that hold nothing but numbers with letters, and the headings above them.
    """
    end = _end_of_short_answers(lines, place)
    if place <= last_of_questions or (end > place and any(map(_begins_key, lines[end:]))):
        return end
    is_numbered = any(stem_start(line) or _short_answers(line) for line in lines[place:])
    return len(lines) if is_numbered or holds_ranges(lines[place]) else place


def holds_answers(line: str) -> bool:
    """答案：1-5 ABCDA, or 答案：1.A 2.B."""
    return bool(field_of(line)) and (holds_ranges(line) or len(_short_answers(line)) > 1)


def _begins_key(line: str) -> bool:
    return is_answer_heading(line) or holds_answers(line)


def _end_of_short_answers(lines: Sequence[str], place: int) -> int:
    """Behind the last line that holds nothing but answers, or a field of one; ``place`` without such a line."""
    end = place
    for each in range(place, len(lines)):
        if _short_answers(lines[each]) or (end > place and _is_other_field(lines[each])):
            end = each + 1
        elif lines[each].strip() and not is_answer_heading(lines[each]) and not is_section(lines[each]):
            break
    return end


def _is_other_field(line: str) -> bool:
    found = field_of(line)
    return found is not None and found[0] != "answer"


def _short_answers(line: str) -> list[tuple[int, str]]:
    _kind, text = _kind_in_front(line)
    name, rest = field_of(text) or ("answer", text)
    return short_entries(rest) if name == "answer" else []


def short_entries(text: str) -> list[tuple[int, str]]:
    """Numbers with their answers, from a text of nothing but numbers with letters or signs; none from any other."""
    plain = unicodedata.normalize("NFKC", text).strip()
    entries: list[tuple[int, str]] = []
    while plain:
        if match := _RANGE.match(plain):
            entries += _answers_of_range(int(match[1]), int(match[2]), match[3])
        elif match := _SINGLE.match(plain):
            entries.append((int(match[1]), match[2]))
        if not match or not entries:
            return []
        plain = plain[match.end() :]
    return entries


def _kind_in_front(line: str) -> tuple[Kind | None, str]:
    """一、单选题：1-5 ABCDA: the kind, and the rest of the line."""
    front = _KIND_IN_FRONT.match(line)
    kind = kind_named_in(front[1]) if front else None
    return (kind, line[front.end() :]) if front and kind else (None, line)


def _answers_of_range(first: int, last: int, text: str) -> list[tuple[int, str]]:
    """One answer for each number from first to last; none if they do not come out even."""
    count = last - first + 1
    for answers in (_EACH.findall(text), _EACH_SIGN.findall(text)):
        if len(answers) == count:
            return list(zip(range(first, last + 1), answers, strict=True))
    return []
