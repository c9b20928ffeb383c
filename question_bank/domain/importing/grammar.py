"""Questions in running text: one grammar for Word documents and for plain text.

Numbered stems, options on one line or several, fields (答案、解析、难度 …), headings for kind and topic, and the
answers either with each question, in the brackets of its stem, or together at the end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.pictures import Picture
from question_bank.domain.importing.answer_keys import AnswerKey, end_of_key, holds_answers, short_entries
from question_bank.domain.importing.composing import Written
from question_bank.domain.importing.line_kinds import (
    field_of,
    fields_of,
    holds_ranges,
    is_answer_heading,
    is_first_option,
    is_option,
    is_section,
    kind_beside,
    stem_start,
    topic_of,
)
from question_bank.domain.importing.options import split_options
from question_bank.domain.importing.values import kind_named_in
from question_bank.enums import Kind

_ANSWERED_IN_STEM = re.compile(r"[(（【\[]\s*(?:[A-KＡ-Ｋ][A-KＡ-Ｋ\s、,，]*|[√✓×✗对错]|正确|错误)\s*[)）】\]]")
_LIKE_A_STEM = re.compile(r"[?？]|[(（]\s*[A-K√×对错]?\s*[)）]")
# Of blanks, or of questions: 答案：1.北京 2.济南
_NUMBERED_ANSWERS = re.compile(r"\s*1\s*[.．、]\s*\D.*[\s;；,，]2\s*[.．、]\s*\S", re.DOTALL)
_LIST_ITEM = re.compile(r"\s*[(（]?(\d{1,2})[.．、)）]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text or a paragraph of a document. ``is_heading`` is set where the document says so itself."""

    text: str
    place: str
    images: tuple[Picture, ...] = ()
    is_heading: bool = False


@dataclass(slots=True)
class Passage:
    """A question while its lines are gathered."""

    place: str
    number: int | None
    kind: Kind | None
    topic: str
    lines: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    images: list[Picture] = field(default_factory=list)
    open_field: str = ""
    has_options: bool = False
    doubt: str = ""
    key: AnswerKey | None = None
    is_cut_in_doubt: bool = False  # what follows may still belong to it

    def is_answered(self) -> bool:
        return "answer" in self.fields or any(_ANSWERED_IN_STEM.search(line) for line in self.lines)

    def may_end(self) -> bool:
        return self.has_options or bool(self.fields) or self.is_answered()

    def add(self, line: Line, text: str) -> None:
        self.images += line.images
        if self.open_field:
            self.fields[self.open_field].append(text)
        elif text:
            self.lines.append(text)

    def next_item(self) -> int:
        """The number that would go on with a list within the open field (1., 2.); 1 where there is none yet."""
        items = [match for text in self.fields.get(self.open_field, ()) if (match := _LIST_ITEM.match(text))]
        return int(items[-1][1]) + 1 if items else 1


def passages_of(lines: Iterable[Line], *, kind: Kind | None = None) -> Iterator[tuple[Written, str]]:
    """Each question as it is written, and the reason it is refused, if its lines alone are reason enough.

    ``kind`` is that of the questions above the first heading.
    """
    reader = _Reader(list(lines), kind)
    reader.read()
    for passage in reader.passages:
        written = _written(passage)
        if passage.key and not passage.doubt:
            passage.doubt = passage.key.answer(written, passage.number, passage.kind)
        yield written, passage.doubt


class _Reader:
    def __init__(self, lines: list[Line], kind: Kind | None) -> None:
        self._lines = lines
        self._kind, self._topic = kind, ""
        self._is_numbered = any(stem_start(line.text) for line in lines)
        self._style = ""
        self._place = _("question %(number)s, %(place)s")
        self._after_gap = True
        self._current: Passage | None = None
        self.passages: list[Passage] = []
        self._keyed = 0  # how many passages the lists of answers so far were for
        self._one_is_open = False  # some passage before the last has no answer of its own
        self._last_of_questions = max(
            (place for place, line in enumerate(lines) if _only_in_questions(line.text)), default=-1
        )

    def read(self) -> None:
        texts = [line.text for line in self._lines]
        place = 0
        while place < len(self._lines):
            line = self._lines[place]
            end = end_of_key(texts, place, self._last_of_questions) if self._may_begin_key(place) else place
            if end > place:
                self._take_key(texts[place:end])
                place = end
                continue
            if line.text.strip() or line.images:
                self._take(line)
            self._after_gap = not line.text.strip()
            place += 1

    def _may_begin_key(self, place: int) -> bool:
        """Could these be the answers to several questions, and not to the last one alone?"""
        text = self._lines[place].text
        if not self.passages or not (is_answer_heading(text) or holds_answers(text)):
            return False
        is_full = self._current is None or self._current.is_answered()
        # By their places: a copy of the rest for every answer takes minutes for a long document.
        rest = (self._lines[later].text for later in range(place + 1, len(self._lines)))
        following = next((line for line in rest if line.strip()), "")
        return holds_ranges(text) or is_full or self._one_is_open or is_section(following)

    def _take_key(self, texts: list[str]) -> None:
        """A list of answers is for the questions since the one before."""
        key = AnswerKey()
        key.read(texts)
        for passage in self.passages[self._keyed :]:
            passage.key = key
            key.expect(passage.number, passage.kind)
        self._keyed, self._current, self._one_is_open = len(self.passages), None, False

    def _take(self, line: Line) -> None:
        if is_section(line.text):
            self._kind, self._current = kind_named_in(line.text), None
            return
        title = topic_of(line.text) or (line.text.strip() if line.is_heading else "")
        if title and (self._current is None or self._current.may_end()) and not stem_start(line.text):
            self._topic, self._current = title, None
            return
        for part in fields_of(line.text) if line.text.strip() else [""]:
            self._take_part(line, part)
            line = Line(line.text, line.place)  # its images are taken once

    def _take_part(self, line: Line, text: str) -> None:
        if (found := field_of(text)) and self._current:
            name, first = found
            if name == "answer" and self._one_is_open and _NUMBERED_ANSWERS.match(first):
                self._current.doubt = _("It is not clear whether these answers are for one question or for several.")
            self._current.open_field = name
            self._current.fields.setdefault(name, []).append(first)
            self._current.images += line.images
        elif self._begins(text):
            self._open(line, text)
        elif self._current is not None:
            self._continue(self._current, line, text)
        elif line.images and self.passages:
            self.passages[-1].images += line.images

    def _begins(self, text: str) -> bool:
        if self._is_numbered:
            return self._begins_by_number(text)
        return self._begins_by_gap(text)

    def _begins_by_number(self, text: str) -> bool:
        start, current = stem_start(text), self._current
        if start is None:
            return False
        last = current or (self.passages[-1] if self.passages else None)
        expected = (last.number or 0) + 1 if last else 1
        if start.is_glued and start.number not in {expected, 1}:
            return False
        if current and start.style != self._style:
            return False
        if current is None or not current.open_field:
            return current is None or start.number == expected or current.may_end()
        return self._begins_after_field(current, start.number, expected)

    def _begins_after_field(self, current: Passage, number: int, expected: int) -> bool:
        """Behind 答案 or 解析 a number may also be that of a list within it."""
        item = current.next_item()
        if number == expected:
            if item == number and item > 1:
                current.doubt = _list_inside()
                current.is_cut_in_doubt = True
            return True
        return number != item

    def _begins_by_gap(self, text: str) -> bool:
        current = self._current
        if is_option(text) or field_of(text):
            return False
        if current is None:
            return True
        return current.may_end() and (self._after_gap or not (current.open_field or current.has_options))

    def _open(self, line: Line, text: str) -> None:
        start = stem_start(text) if self._is_numbered else None
        number = start.number if start else None
        place = self._place % {"number": number, "place": line.place} if start else line.place
        before, self._style = self._current, start.style if start else ""
        kind, stem = kind_beside(start.rest if start else text.strip())
        self._current = Passage(place, number, kind or self._kind, self._topic)
        if before and before.doubt and (before.is_cut_in_doubt or not before.may_end()):
            self._current.doubt = before.doubt
        self._one_is_open |= bool(self.passages[self._keyed :]) and not self.passages[-1].is_answered()
        self.passages.append(self._current)
        self._current.add(line, stem)

    def _continue(self, current: Passage, line: Line, text: str) -> None:
        if is_option(text):
            if current.has_options and (current.open_field or is_first_option(text)):
                current.doubt = _("It is not clear where this question ends: it has options twice.")
            if current.open_field != "explanation":
                current.has_options, current.open_field = True, ""
        elif not current.open_field and (start := stem_start(text)) and start.style == self._style:
            current.doubt = _list_inside()
        elif not current.open_field and current.has_options and (self._after_gap or _LIKE_A_STEM.search(text)):
            current.doubt = _("It is not clear where this question ends: more text follows its options.")
        current.add(line, text.strip())


def _only_in_questions(text: str) -> bool:
    """An option, an answer of one question, or an answer in the brackets of a stem."""
    if is_option(text):
        return True
    if stem_start(text):
        return bool(_ANSWERED_IN_STEM.search(text))
    found = field_of(text)
    return bool(found and found[0] == "answer" and found[1] and not short_entries(found[1]))


def _list_inside() -> str:
    return _("It is not clear where this question ends: its text holds a numbered list.")


def _written(passage: Passage) -> Written:
    text = "\n".join(passage.lines)
    is_open_kind = passage.kind in {Kind.FILL, Kind.SHORT} and not passage.has_options
    stem, options = (text, ()) if is_open_kind else split_options(text)
    fields = {name: "\n".join(texts).strip() for name, texts in passage.fields.items()}
    topic = fields.pop("topic", "") or passage.topic
    return Written(
        place=passage.place,
        stem=stem,
        options=options,
        kind_around=passage.kind,
        topic=topic,
        images=tuple(passage.images),
        **fields,  # type: ignore[arg-type]
    )
