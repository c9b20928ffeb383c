"""The answers at the end of a document: 1-5 ABCDA, 6.BC 7.对, or one a line with its explanation."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.line_kinds import field_of, fields_of, is_section, stem_start
from question_bank.domain.importing.values import kind_named_in
from question_bank.enums import Kind

_ONE = r"(?:[A-K]+|[√✓✔×✗✘]|对|错|正确|错误|T|F)"
_RANGE = re.compile(rf"(\d{{1,4}})\s*[-~—–至到]+\s*(\d{{1,4}})\s*[.、:)]?\s*((?:{_ONE}[\s,、;]*)+)")
_SINGLE = re.compile(rf"(\d{{1,4}})\s*[.、:)]?\s*({_ONE})(?=[\s,、;.。]|\d|$)[\s,、;.。]*")
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
        self._asked: dict[tuple[Kind | None, int], int] = {}

    def read(self, lines: Iterable[str]) -> None:
        kind: Kind | None = None
        for line in lines:
            rest = line
            if (front := _KIND_IN_FRONT.match(line)) and kind_named_in(front[1]):
                kind, rest = kind_named_in(front[1]), line[front.end() :]
            elif is_section(line):
                kind, self._last = kind_named_in(line), None
                continue
            for part in fields_of(rest) if rest.strip() else ():
                self._read_part(part, kind)

    def _read_part(self, text: str, kind: Kind | None) -> None:
        found = field_of(text)
        if found and found[0] == "answer":
            text = found[1]
        elif found and self._last:
            self._last.open_field = found[0]
            self._last.fields.setdefault(found[0], []).append(found[1])
            return
        if not self._read_short(text, kind):
            self._read_long(text, kind)

    def _read_short(self, text: str, kind: Kind | None) -> bool:
        """A line of nothing but numbers with letters or signs; one that is anything more is not touched."""
        plain = unicodedata.normalize("NFKC", text).strip().replace("．", ".")
        entries: list[tuple[int, str]] = []
        while plain:
            if match := _RANGE.match(plain):
                answers = _answers_of_range(int(match[1]), int(match[2]), match[3])
                if answers is None:
                    return False
                entries += answers
            elif match := _SINGLE.match(plain):
                entries.append((int(match[1]), match[2]))
            else:
                return False
            plain = plain[match.end() :]
        for number, answer in entries:
            self._add(_Entry(kind, number, [answer]))
        return bool(entries)

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

    def answer(self, written: Written, number: int | None, kind: Kind | None) -> str:
        """Put the answer of that question into ``written``. Gives the reason if the key leaves it in doubt."""
        if number is None or number not in self._entries:
            return ""
        fitting = [entry for entry in self._entries[number] if entry.kind in {None, kind}]
        self._asked[kind, number] = self._asked.get((kind, number), 0) + 1
        is_shared = (
            any(entry.kind is None for entry in fitting)
            and sum(count for (_kind, asked), count in self._asked.items() if asked == number) > 1
        )
        if len(fitting) > 1 or is_shared or self._asked[kind, number] > 1:
            return _("The list of answers holds more than one question with this number.")
        for entry in fitting:
            text = "\n".join(entry.answer).strip()
            if written.answer and text and written.answer != text:
                return _("The answers given for this question contradict each other.")
            written.answer = written.answer or text
            for name, texts in entry.fields.items():
                setattr(written, name, getattr(written, name) or "\n".join(texts).strip())
        return ""


def _answers_of_range(first: int, last: int, text: str) -> list[tuple[int, str]] | None:
    """One answer for each number from first to last, or nothing if they do not come out even."""
    count = last - first + 1
    words = _EACH.findall(text)
    signs = _EACH_SIGN.findall(text)
    for answers in (words, signs):
        if len(answers) == count:
            return list(zip(range(first, last + 1), answers, strict=True))
    return None
